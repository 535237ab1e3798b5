#include "fieldscan/data/draw.hpp"

namespace fieldscan::data {
namespace {

// From the facts where they are there, else by reading the file.
PoolSizes pool_sizes(const Spec& spec, File file) {
  if (const auto sizes = file.known_sizes(spec.test_from)) return *sizes;
  InputChoice input = file;
  resolve(input);
  return std::get<File>(input).known_sizes(spec.test_from).value();
}

int listed_count(const InputChoice& input) { return static_cast<int>(set_size(input)); }

int outputs_of(const FileLabels& labels, const Spec& spec) {
  const auto* file = std::get_if<File>(&spec.input);
  if (!file || labels.coding == Coding::number) return 1;
  if (const auto classes = file->known_classes(spec.test_from)) return static_cast<int>(classes->size());
  InputChoice input = *file;
  resolve(input);
  return static_cast<int>(std::get<File>(input).known_classes(spec.test_from).value().size());
}
int outputs_of(const TeacherNetwork& teacher, const Spec&) { return teacher.outputs; }
int outputs_of(const ModularSum&, const Spec& spec) {
  const auto* pairs = std::get_if<ModularPairs>(&spec.input);
  return pairs ? pairs->modulus : 1;  // what is no pair is a problem of the spec
}
template <class T>
int outputs_of(const T&, const Spec&) {
  return 1;
}
int outputs_of(const Several& several, const Spec& spec) {
  int sum = 0;
  for (const PartChoice& part : several.of)
    sum += std::visit([&](const auto& target) { return outputs_of(target, spec); }, part);
  return sum;
}

}  // namespace

void resolve(Spec& spec, const std::filesystem::path& folder) { resolve(spec.input, folder); }

int input_dimension(const Spec& spec) { return dimension_of(spec.input); }

int train_points(const Spec& spec) {
  if (spec.train_size.is(TrainSizeWord::online)) return 0;
  if (!spec.train_size.is_word()) return spec.train_size.number();
  if (const auto* file = std::get_if<File>(&spec.input))
    return static_cast<int>(pool_sizes(spec, *file).train) - spec.validation_size;
  return listed_count(spec.input);
}

int test_points(const Spec& spec) {
  if (!spec.test_size.is_word()) return spec.test_size.number();
  if (spec.test_size.is(TestSizeWord::exact)) return dimension_of(spec.input);
  if (const auto* file = std::get_if<File>(&spec.input)) return static_cast<int>(pool_sizes(spec, *file).test);
  return listed_count(spec.input) - train_points(spec) - spec.validation_size;
}

int output_count(const Spec& spec) {
  return std::visit([&](const auto& target) { return outputs_of(target, spec); }, spec.target);
}

double expected_overlap(const Spec& spec) {
  const double train = train_points(spec);
  if (const auto* file = std::get_if<File>(&spec.input))
    return train / static_cast<double>(pool_sizes(spec, *file).train);
  const bool enumerated = spec.train_size.is(TrainSizeWord::whole) || spec.test_size.is(TestSizeWord::rest);
  return enumerated ? train / listed_count(spec.input) : 0;
}

}  // namespace fieldscan::data
