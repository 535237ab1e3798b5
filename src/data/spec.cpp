#include "fieldscan/data/spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fieldscan::data {
namespace {

using Problem = std::optional<std::string>;

bool is_file(const Spec& spec) { return std::holds_alternative<File>(spec.input); }
bool is_whole(const Spec& spec) { return spec.train_size.is(TrainSizeWord::whole); }
bool is_online(const Spec& spec) { return spec.train_size.is(TrainSizeWord::online); }
bool is_rest(const Spec& spec) { return spec.test_size.is(TestSizeWord::rest); }

// Independent coordinates of variance 1, on which products of coordinates are orthonormal.
bool has_unit_coordinates(const InputChoice& input) {
  const auto* gaussian = std::get_if<Gaussian>(&input);
  return std::holds_alternative<Hypercube>(input) || (gaussian && gaussian->isotropic());
}

// The dimension where it is known without reading a file, else 0.
int known_dimension(const InputChoice& input) {
  const auto* file = std::get_if<File>(&input);
  if (file) return file->known() ? file->known()->dimension : 0;
  return dimension_of(input);
}

Problem products_problem(const Spec& spec, std::string_view kind, std::int64_t largest) {
  const int d = known_dimension(spec.input);
  if (!has_unit_coordinates(spec.input))
    return fmt::format(
        "target {} needs inputs with independent coordinates of variance 1 (so that its mean square is 1); use "
        "hypercube, or gaussian with spectrum identity",
        kind);
  if (largest > d)
    return fmt::format("target {} uses coordinate {} where the inputs have {}; raise data.input.dim", kind, largest, d);
  return std::nullopt;
}

Problem target_problem(const Spec& spec, const Linear& target) {
  if (is_file(spec) && std::holds_alternative<PowerLawSpectrum>(target.spectrum))
    return "target linear with a power-law spectrum needs inputs with known covariance; use gaussian, sphere or "
           "hypercube";
  return std::nullopt;
}
Problem target_problem(const Spec& spec, const Gegenbauer&) {
  if (!is_isotropic(spec.input))
    return "target gegenbauer needs inputs of uniform direction (the levels are those of the sphere); use sphere, or "
           "gaussian with spectrum identity";
  if (known_dimension(spec.input) == 1)
    return "target gegenbauer needs data.input.dim of at least 2 (levels of spherical harmonics)";
  return std::nullopt;
}
Problem target_problem(const Spec& spec, const TeacherNetwork& target) {
  const int d = known_dimension(spec.input);
  if (target.orthogonal && d > 0 && target.width > d)
    return fmt::format(
        "target teacher_network has {} orthogonal units in {} dimensions; lower its width or leave out `orthogonal`",
        target.width, d);
  if (target.outputs > 1 && (target.readout == Readout::ones || target.readout == Readout::power_law))
    return fmt::format(
        "target teacher_network with readout {} has {} outputs that are one and the same; use gaussian or rademacher",
        word(target.readout), target.outputs);
  return std::nullopt;
}
Problem target_problem(const Spec& spec, const Parity& target) {
  const auto& listed = target.indices.empty() ? target.set : target.indices;
  if (listed.empty()) return products_problem(spec, Parity::kind, target.order);
  const std::int64_t last = *std::max_element(listed.begin(), listed.end());
  return products_problem(spec, Parity::kind, last + 1);
}
Problem target_problem(const Spec& spec, const Staircase& target) {
  return products_problem(spec, Staircase::kind, std::int64_t{target.largest()} + 1);
}
Problem one_hot_problem(const Spec& spec, const File& file) {
  constexpr std::size_t most = 1000;
  if (!file.known()) return std::nullopt;
  if (file.classes.empty() && !file.one_vs_rest && !file.has_whole_labels())
    return "target labels with `coding: one_hot` has one output per class, and some labels of the file are no whole "
           "numbers from 0; leave out `coding`, or name `data.input.classes`";
  const auto classes = file.known_classes(spec.test_from)->size();
  if (classes < 2 || classes > most)
    return fmt::format(
        "target labels with `coding: one_hot` has one output per class, and the file has {}; from 2 to {} are taken, "
        "`data.input.classes` chooses among them",
        classes, most);
  return std::nullopt;
}

// Class numbers as one output are no measure of how far apart classes are.
Problem classes_problem(const Spec& spec, const File& file) {
  const auto* labels = std::get_if<FileLabels>(&spec.target);
  if (labels && labels->coding == Coding::one_hot) return one_hot_problem(spec, file);
  if (file.classes.size() <= 2 || file.one_vs_rest) return std::nullopt;
  return "data.input.classes has more than two labels (their numbers would be the target); give two, `one_vs_rest`, or "
         "`target: {kind: labels, coding: one_hot}`";
}

Problem target_problem(const Spec& spec, const FileLabels&) {
  if (is_file(spec)) return std::nullopt;
  return "target labels takes the labels of a file, and the inputs come from none; use `input: {kind: file, path: …}` "
         "or another target";
}
Problem target_problem(const Spec& spec, const ModularSum&) {
  if (std::holds_alternative<ModularPairs>(spec.input)) return std::nullopt;
  return fmt::format("target modular_sum is about pairs of numbers modulo p; use `input: {{kind: {}, modulus: …}}`",
                     ModularPairs::kind);
}
template <class T>
Problem target_problem(const Spec&, const T&) {
  return std::nullopt;
}

Problem target_problem(const Spec& spec, const Several& targets) {
  if (targets.of.empty()) return "target several lists no targets; give them as `of: [linear, …]`";
  for (const PartChoice& part : targets.of)
    if (Problem p = std::visit([&](const auto& member) { return target_problem(spec, member); }, part)) return p;
  return std::nullopt;
}

// The population error in closed form: a quadratic form in what is linear in x.
Problem exact_problem(const Spec& spec) {
  if (is_file(spec) || is_whole(spec) || std::holds_alternative<ModularPairs>(spec.input))
    return "test_size: exact needs a distribution of inputs with known covariance; give a number of test points";
  if (!std::holds_alternative<Linear>(spec.target))
    return fmt::format("test_size: exact needs a target linear in x, not {}; give a number of test points",
                       kind_of(spec.target));
  return std::nullopt;
}

Problem online_problem(const Spec& spec) {
  if (is_file(spec))
    return "train_size: online needs a distribution (a file runs out of fresh examples); use a number or `whole`";
  if (spec.labels == Labels::shuffled)
    return "labels: shuffled needs a training set (train_size is online); use target random";
  if (is_rest(spec)) return "test_size: rest needs a training set (train_size is online); give a number";
  return std::nullopt;
}

// `whole` and `rest` of the corners of a hypercube, or of pairs.
Problem finite_set_problem(const Spec& spec) {
  const double size = set_size(spec.input);
  if (size > largest_listed)
    return fmt::format("`whole` and `rest` list all 2^dim corners, which goes up to dim = {}; give numbers",
                       std::log2(largest_listed));
  if (is_whole(spec) && (is_rest(spec) || spec.validation_size > 0))
    return "train_size: whole leaves nothing for `rest` or a validation set; give a number for one of them";
  if (is_rest(spec) && spec.test_set == TestSet::shared)
    return "test_set: shared needs a test set of its own (`rest` depends on the draw); give test_size as a number";
  if (is_whole(spec)) return std::nullopt;
  const std::int64_t used = std::int64_t{spec.train_size.number()} + spec.validation_size;
  if (static_cast<double>(used) >= size)
    return fmt::format("training and validation take {} of {:.0f} {} and leave no test set", used, size,
                       std::holds_alternative<Hypercube>(spec.input) ? "corners" : "pairs");
  return std::nullopt;
}

std::string held_out_text(const Spec& spec, const File& file) {
  const bool own = file.known()->has_test && spec.test_from != TestFrom::pool;
  return own ? "its test files have"
             : fmt::format("are held out (test_part {} of {} rows)", file.test_part, file.known()->train_rows);
}

// Labels that are asked for and that no row has.
Problem label_problem(const Spec& spec, const File& file) {
  std::vector<int> wanted = file.classes;
  if (file.one_vs_rest) wanted.push_back(*file.one_vs_rest);
  for (const int label : wanted)
    if (file.known_rows(spec.test_from, label) == 0)
      return fmt::format("no training row of the file has the label {}; check data.input.classes and one_vs_rest",
                         label);
  return std::nullopt;
}

// What a resolved file has: otherwise the sizes are checked when it is read.
Problem file_size_problem(const Spec& spec, const File& file) {
  const auto sizes = file.known_sizes(spec.test_from);
  if (!sizes) return std::nullopt;
  if (Problem p = label_problem(spec, file)) return p;
  const std::string_view of = file.classes.empty() ? "" : " of the classes asked for";
  const Index train = is_whole(spec) ? 1 : spec.train_size.number();
  if (train + spec.validation_size > sizes->train)
    return fmt::format("training and validation ask for {} rows where the file has {}{} for them; ask for fewer",
                       train + spec.validation_size, sizes->train, of);
  const Index test = spec.test_size.is_word() ? 1 : spec.test_size.number();
  if (test > sizes->test)
    return fmt::format("test_size asks for {} rows where {} {}{}; ask for fewer, or `test_size: rest`", test,
                       sizes->test, held_out_text(spec, file), of);
  return std::nullopt;
}

Problem test_from_problem(const Spec& spec) {
  if (spec.test_from == TestFrom::automatic) return std::nullopt;
  const auto* file = std::get_if<File>(&spec.input);
  if (!file) return "test_from chooses among rows of a file, and the inputs come from none; leave it out";
  if (spec.test_from == TestFrom::files && file->known() && !file->known()->has_test)
    return "test_from: files needs data with test files of their own (t10k-…, x_test and y_test), and these have none; "
           "use `pool`";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Spec::problem() const {
  if (test_size.is(TestSizeWord::exact))
    if (Problem p = exact_problem(*this)) return p;
  if (is_online(*this))
    if (Problem p = online_problem(*this)) return p;
  if (Problem p = test_from_problem(*this)) return p;
  if (const auto* file = std::get_if<File>(&input)) {
    if (Problem p = file_size_problem(*this, *file)) return p;
    if (Problem p = classes_problem(*this, *file)) return p;
  } else if (is_whole(*this) || is_rest(*this)) {
    if (set_size(input) == 0)
      return fmt::format(
          "`whole` and `rest` need a finite set of inputs (hypercube, modular_pairs or file), not {}; give numbers",
          kind_of(input));
    if (Problem p = finite_set_problem(*this)) return p;
  }
  return std::visit([this](const auto& member) { return target_problem(*this, member); }, target);
}

}  // namespace fieldscan::data
