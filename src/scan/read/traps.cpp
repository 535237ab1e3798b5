#include "traps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../points/check_point.hpp"
#include "../task/cost.hpp"
#include "fieldscan/data/equal_draws.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/theory/predict.hpp"
#include "fieldscan/training/own_noise.hpp"
#include "unseen_pixels.hpp"

namespace fieldscan::scan {
namespace {

/// Odd levels above one that a target has.
std::vector<int> high_odd_levels(const data::TargetChoice& target) {
  std::vector<int> odd;
  if (const auto* g = std::get_if<data::Gegenbauer>(&target)) {
    for (const auto& [level, power] : g->levels)
      if (level >= 3 && level % 2 == 1 && power > 0) odd.push_back(level);
  } else if (const auto* h = std::get_if<data::Hermite>(&target)) {
    for (std::size_t k = 3; k < h->coefficients.size(); k += 2)
      if (h->coefficients[k] != 0) odd.push_back(static_cast<int>(k));
  }
  return odd;
}

void warn_of_invisible_levels(const PointSpec& spec, const Variant& variant, Report& report) {
  if (is_convolutional(spec.network.architecture)) return;
  if (!network::is_rectifier(spec.network.activation) || spec.network.depth != 1 || has_bias(spec.network)) return;
  const auto odd = high_odd_levels(spec.data.target);
  if (odd.empty()) return;
  report.warning("FS0601", place_of(variant, "data.target"), "data.target",
                 fmt::format("a bias-free one-hidden-layer ReLU network cannot see odd levels above one: level {} of "
                             "the target stays unlearned",
                             fmt::join(odd, ", ")),
                 "give the network biases (network.bias_variance), another activation, or leave these levels out");
}

void warn_of_hermite_on_sphere(const PointSpec& spec, const Variant& variant, Report& report) {
  if (!std::holds_alternative<data::Hermite>(spec.data.target) ||
      !std::holds_alternative<data::Sphere>(spec.data.input))
    return;
  report.warning("FS0602", place_of(variant, "data.target"), "data.target",
                 "Hermite components are not orthogonal on the sphere (only for normal inputs, and as dim → ∞)",
                 "use {kind: gegenbauer, levels: …} on the sphere, or {kind: gaussian} inputs");
}

/// A file has labels as a rule, and the default target is not they.
void warn_of_unused_labels(const PointSpec& spec, const Variant& variant, Report& report) {
  if (!std::holds_alternative<data::File>(spec.data.input) || variant.places.contains("data.target")) return;
  report.warning("FS0618", place_of(variant, "data.input"), "data.target",
                 fmt::format("the file gives the inputs alone: no target is asked for, and so it is '{}'",
                             kind_of(spec.data.target)),
                 "target: {kind: labels} takes the file's labels; write the target down where this one is meant");
}

/// On fresh examples the loss of a batch is minimised, in which no ridge stands.
void warn_of_idle_ridge(const PointSpec& spec, const Variant& variant, Report& report) {
  if (!spec.data.train_size.is(data::TrainSizeWord::online) || !variant.places.contains("ridge") || spec.ridge == 0)
    return;
  report.warning("FS0620", place_of(variant, "ridge"), "ridge",
                 "with train_size: online there is no training set, and no ridge: it is not used",
                 "remove `ridge`; noise of the gradient comes from training.batch");
}

/// What the trainer itself warns of.
void warn_of_trainer(const PointSpec& spec, const Variant& variant, Report& report) {
  for (const auto& trap : training::traps_of(spec.training, training_setting(spec), sizes_of(spec)))
    if (trap.said == training::Trap::Said::always || variant.places.contains(trap.path))
      report.warning(trap.code, place_of(variant, trap.path), trap.path, trap.message, trap.help);
}

/// Networks are tested on rows that the average over the pool knows nothing of: separate files may be harder, or
/// easier; and where most of the held-out rows are tested in every draw, how hard these happen to be is no part of any
/// error over draws.
std::string trouble_of_test_rows(const data::Spec& spec) {
  const auto* file = std::get_if<data::File>(&spec.input);
  if (!file || !file->known()) return "";
  if (file->known()->has_test && spec.test_from != data::TestFrom::pool)
    return "errors are measured on its separate test files, which may be harder or easier by more than the theory's "
           "error";
  const auto sizes = file->known_sizes(spec.test_from);
  const int tested = data::test_points(spec);
  const bool same = spec.test_set == data::TestSet::shared || (sizes && 2 * tested > sizes->test);
  if (!same) return "";
  return fmt::format(
      "errors are measured on {}, whose choice is no part of the error over data draws: these may be "
      "harder or easier than the pool",
      spec.test_set == data::TestSet::shared
          ? fmt::format("the same {} rows in every draw", tested)
          : fmt::format("{} of the same {} held-out rows in every draw", tested, sizes->test));
}

/// Whether there was something to warn of.
bool warn_of_test_rows(const Point& point, const Variant& variant, Report& report) {
  const std::string trouble = point.theories.empty() ? "" : trouble_of_test_rows(point.spec.data);
  if (trouble.empty()) return false;
  const auto averaged = std::ranges::find_if(point.theories, [&](const TheoryUse& use) {
    const auto predicted = theory::observables_of(use.theory);
    return theory::given_of(use.theory) == theory::Given::nothing &&
           std::ranges::find(predicted, Observable::error_test) != predicted.end() &&
           theory::applicability(use.theory, setting_of(point, use)).applies;
  });
  if (averaged == point.theories.end()) return false;
  report.warning("FS0613", place_of(variant, "data.input"), "data.test_from",
                 fmt::format("the theory {} averages over all rows of the file, and {}", averaged->name, trouble),
                 "data: {test_from: pool, test_size: N}, with N well below the rows held out (`test_part` says how "
                 "many are), redraws test rows with every draw");
  return true;
}

/// Of a small file that has no test files: the rows held out by `test_part` are few and the same for all draws.
void warn_of_few_test_rows(const PointSpec& spec, const Variant& variant, Report& report) {
  constexpr Index few = 100;
  const auto* file = std::get_if<data::File>(&spec.data.input);
  if (!file || !file->known() || !trains(spec)) return;
  if (file->known()->has_test && spec.data.test_from != data::TestFrom::pool) return;
  const auto sizes = file->known_sizes(spec.data.test_from);
  const int tested = data::test_points(spec.data);
  if (!sizes || sizes->test >= few || 2 * tested <= sizes->test) return;
  report.warning("FS0630", place_of(variant, "data.input"), "data.input.test_part",
                 fmt::format("errors are measured on {} of the {} rows that are held out (test_part: {:g}), in every "
                             "data draw the same: how hard these happen to be is no part of any error over draws",
                             tested, sizes->test, file->test_part),
                 "a larger test_part, test files of its own (x_test and y_test), or a claim about these rows alone");
}

/// Of data draws that are the same rows, in all or in what is trained on.
void warn_of_equal_draws(const Block& block, const Point& point, const Variant& variant, Report& report) {
  const data::Spec& data = point.spec.data;
  const int draws = std::max(point.ensemble.data_draws, point.ensemble.theory_draws);
  const bool counts = trains(point.spec) || std::ranges::any_of(point.theories, [](const TheoryUse& use) {
                        return theory::given_of(use.theory) == theory::Given::draw;
                      });
  if (draws < 2 || !counts || !data::equal_training_rows(data)) return;
  const auto count = data::train_points(data);
  const std::string rows = fmt::format("all {} data draws train on the same {} row{}, all that there are", draws, count,
                                       count == 1 ? "" : "s");
  const char* help =
      "a smaller data.train_size, so that draws differ, or data_draws: 1 and more initialisations, for a claim about "
      "these rows alone";
  if (!data::equal_training_sets(data)) {
    if (data.noise != 0 && std::holds_alternative<data::File>(data.input))
      report.warning("FS0632", place_of(variant, "data"), "data.train_size",
                     rows +
                         ": their scatter is that of label noise and test rows, and says nothing of other training "
                         "rows",
                     help);
    return;
  }
  if (!data::equal_draws(data)) {
    report.warning("FS0632", place_of(variant, "data"), "data.train_size",
                   rows + ": their scatter is that of the test rows, and says nothing of other training rows", help);
    return;
  }
  const bool noise = trains(point.spec) && training::has_own_noise(point.spec.training, data::train_points(data));
  report.warning("FS0632", place_of(block, "ensemble"), "ensemble",
                 rows + ", and are tested on the same rows" +
                     (noise ? ": they are copies, whose networks differ by the noise of their training alone"
                            : ": they are copies, and count as one"),
                 help);
}

/// Beside a theory of the other kernel, one that is left to choose for itself would be compared with what it does not
/// describe.
void warn_of_other_kernel(const Block& block, const Point& point, Report& report) {
  if (trains(point.spec)) return;
  const theory::Setting setting = setting_of(point);
  for (const TheoryUse& own : point.theories) {
    const auto kernel = theory::kernel_of(own.theory, setting);
    if (!kernel || own.role == Role::reference || !theory::follows_trainer(own.theory)) continue;
    const auto other = std::ranges::find_if(point.theories, [&](const TheoryUse& use) {
      const auto of = theory::kernel_of(use.theory, setting);
      return use.role == Role::description && of && *of != *kernel;
    });
    if (other == point.theories.end()) continue;
    report.warning("FS0614", place_of(block, "theory." + own.name), "theory",
                   fmt::format("without a trainer {} takes the kernel {}, while {} is about {}: both may be right and "
                               "still differ",
                               own.name, word(*kernel), other->name,
                               *kernel == theory::KernelKind::nngp ? "gradient descent" : "the posterior"),
                   fmt::format("write {{kind: {}, kernel: nngp}} or {{kind: {}, kernel: tangent}}", kind_of(own.theory),
                               kind_of(own.theory)));
    return;
  }
}

}  // namespace

void warn_of_traps(const Block& block, const Point& point, const Variant& variant, Report& report) {
  warn_of_invisible_levels(point.spec, variant, report);
  warn_of_unused_labels(point.spec, variant, report);
  warn_of_hermite_on_sphere(point.spec, variant, report);
  warn_of_idle_ridge(point.spec, variant, report);
  warn_of_trainer(point.spec, variant, report);
  warn_of_unseen_pixels(point.spec, variant, report);
  if (!warn_of_test_rows(point, variant, report)) warn_of_few_test_rows(point.spec, variant, report);
  warn_of_equal_draws(block, point, variant, report);
  warn_of_other_kernel(block, point, report);
}

}  // namespace fieldscan::scan
