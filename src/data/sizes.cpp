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

int corner_count(const InputChoice& input) { return 1 << std::get<Hypercube>(input).dim; }

}  // namespace

void resolve(Spec& spec, const std::filesystem::path& folder) { resolve(spec.input, folder); }

int input_dimension(const Spec& spec) { return dimension_of(spec.input); }

int train_points(const Spec& spec) {
  if (spec.train_size.is(TrainSizeWord::online)) return 0;
  if (!spec.train_size.is_word()) return spec.train_size.number();
  if (const auto* file = std::get_if<File>(&spec.input))
    return static_cast<int>(pool_sizes(spec, *file).train) - spec.validation_size;
  return corner_count(spec.input);
}

int test_points(const Spec& spec) {
  if (!spec.test_size.is_word()) return spec.test_size.number();
  if (spec.test_size.is(TestSizeWord::exact)) return dimension_of(spec.input);
  if (const auto* file = std::get_if<File>(&spec.input)) return static_cast<int>(pool_sizes(spec, *file).test);
  return corner_count(spec.input) - train_points(spec) - spec.validation_size;
}

double expected_overlap(const Spec& spec) {
  const double train = train_points(spec);
  if (const auto* file = std::get_if<File>(&spec.input))
    return train / static_cast<double>(pool_sizes(spec, *file).train);
  const bool enumerated = spec.train_size.is(TrainSizeWord::whole) || spec.test_size.is(TestSizeWord::rest);
  return enumerated ? train / corner_count(spec.input) : 0;
}

}  // namespace fieldscan::data
