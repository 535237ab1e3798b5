#include "check_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../schema/point_schema.hpp"
#include "fieldscan/training/effort.hpp"
#include "fieldscan/training/train.hpp"

namespace fieldscan::scan {

namespace {

/// The place of a path, else of what it lies in.
Place nearest_place(const std::map<std::string, Place>& places, std::string path, Place otherwise) {
  while (true) {
    if (const auto found = places.find(path); found != places.end()) return found->second;
    const auto dot = path.rfind('.');
    if (dot == std::string::npos) return otherwise;
    path.resize(dot);
  }
}

constexpr int deepest = 20000;
constexpr double most_samples = 1e10, most_trajectories = 1e15;  ///< of a chain
constexpr double most_bytes_of_replica = 4e12;                   ///< of one replica: no node has as many

void check_depth(const PointSpec& spec, const Variant& variant) {
  if (spec.network.depth > deepest)
    throw PointFailure{"FS0223", place_of(variant, "network"), "network.depth",
                       fmt::format("a network of {} layers", spec.network.depth), fmt::format("at most {}", deepest)};
}

/// What no machine can hold, with the number.
void check_size(const PointSpec& spec, const Variant& variant) {
  const training::ChainLength chain = training::chain_of(spec.training);
  if (!(chain.most_samples <= most_samples && chain.most_trajectories <= most_trajectories))
    throw PointFailure{
        "FS0223", place_of(variant, "training"), "training.samples",
        fmt::format("a chain of up to {:.3g} samples in {:.3g} trajectories", chain.most_samples,
                    chain.most_trajectories),
        fmt::format("at most {:.0f} in {:.0f}, with all batches of `until`", most_samples, most_trajectories)};
  const auto rows = [](const auto& size) { return size.is_word() ? 0.0 : static_cast<double>(size.number()); };
  const double dimension = data::input_dimension(spec.data);
  const double parameters = 8 * training::sizes_of(spec.network, spec.data).parameters;
  const bool file = std::holds_alternative<data::File>(spec.data.input);
  const double drawn = file ? 0 : rows(spec.data.train_size) + rows(spec.data.test_size) + spec.data.validation_size;
  const double labels = file ? 0 : data::output_count(spec.data);
  const double data = 8 * drawn * (dimension + labels);
  if (!(parameters <= most_bytes_of_replica) && trains(spec))
    throw PointFailure{"FS0223", place_of(variant, "network"), "network.width",
                       fmt::format("the parameters of one network take {:.3g} GB", parameters * 1e-9),
                       "a narrower or shallower network"};
  if (!(data <= most_bytes_of_replica))
    throw PointFailure{"FS0223", place_of(variant, "data"), "data",
                       fmt::format("the data of one draw take {:.3g} GB", data * 1e-9),
                       "smaller train_size, test_size, dim or number of outputs"};
}

/// The field that a problem begins with, "target gegenbauer needs …", where the file says something of it; else what
/// has the problem.
std::string path_of(const Problem& problem, const Variant& variant) {
  const std::string word = problem.text.substr(0, problem.text.find_first_of(" :"));
  for (const std::string& path : {problem.path + "." + word, word})
    if (variant.places.contains(path)) return path;
  return problem.path;
}

/// What makes an image of the inputs, or room for the filters.
std::string remedy_of_shape(const network::Architecture& given, int dimension) {
  const network::Architecture full = network::resolved(given, dimension);
  if (full.columns == 0 || 1.0 * full.rows * full.columns * full.channels != dimension)
    return fmt::format("rows × columns × channels is the dimension of the inputs, {}", dimension);
  const int smallest = full.rows == 1 ? full.columns : std::min(full.rows, full.columns);
  if (smallest < full.filter)
    return fmt::format("`filter: {}` at most; the image has {} × {} positions of {} channel{}", smallest, full.rows,
                       full.columns, full.channels, full.channels == 1 ? "" : "s");
  if (full.padding == network::Padding::valid)
    return "a smaller filter or fewer layers; `padding: circular` and `zero` keep the positions of a layer";
  return "a smaller filter, a smaller stride, or an image of other sizes";
}

/// An image that the inputs are not.
void check_shape(const PointSpec& spec, const Variant& variant) {
  if (!is_convolutional(spec.network.architecture)) return;
  const int dimension = data::input_dimension(spec.data);
  if (const auto text = network::shape_problem(spec.network.architecture, spec.network.depth, dimension))
    throw PointFailure{"FS0113", place_of(variant, "network.architecture"), "network.architecture", *text,
                       remedy_of_shape(spec.network.architecture, dimension)};
}

/// The population error is a quadratic form only for networks without bias that are linear in x.
std::optional<std::string> exact_test_problem(const PointSpec& spec) {
  if (!spec.data.test_size.is(data::TestSizeWord::exact)) return std::nullopt;
  if (std::holds_alternative<network::Linear>(spec.network.activation) && !has_bias(spec.network)) return std::nullopt;
  return "test_size: exact needs a network that is linear in x (activation linear, no bias)";
}

/// The mean over the inputs that is subtracted is that of inputs with ⟨x xᵀ⟩ = 1.
std::optional<std::string> output_problem(const PointSpec& spec) {
  if (spec.network.output == network::OutputForm::plain || data::is_isotropic(spec.data.input) ||
      std::holds_alternative<data::Hypercube>(spec.data.input))
    return std::nullopt;
  return "output: centred_over_inputs is for inputs with ⟨x xᵀ⟩ = 1: sphere, hypercube, or gaussian with covariance 1";
}

}  // namespace

Place place_of(const Variant& variant, std::string path) {
  return nearest_place(variant.places, std::move(path), {1, 1});
}

Place place_of(const Block& block, std::string path) {
  return nearest_place(block.places, std::move(path), block.place);
}

bool has_bias(const network::Spec& network) {
  return std::ranges::any_of(network.bias_variance.values, [](double v) { return v > 0; });
}

void check_point(PointSpec& spec, const Variant& variant) {
  if (const auto problem = first_problem(point_schema(), &spec, "")) {
    const std::string path = path_of(*problem, variant);
    throw PointFailure{"FS0113", place_of(variant, path), path, problem->text, ""};
  }
  check_depth(spec, variant);
  check_shape(spec, variant);
  check_size(spec, variant);
  if (const auto text = training::precision_problem(spec.training, spec.precision))
    throw PointFailure{"FS0113", place_of(variant, "precision"), "precision", "precision 'single': " + *text,
                       "leave `precision` out, or take another trainer"};
  if (const auto text = exact_test_problem(spec))
    throw PointFailure{"FS0113", place_of(variant, "data.test_size"), "data.test_size", *text,
                       "give a number of test points"};
  if (const auto text = output_problem(spec))
    throw PointFailure{"FS0113", place_of(variant, "network.output"), "network.output", *text,
                       "leave `output` out, or `centred: true`, which subtracts the output at initialisation"};
  const bool sampler = training::is_sampler(spec.training);
  if (sampler && !(spec.ridge > 0))
    throw PointFailure{"FS0610", place_of(variant, variant.places.contains("ridge") ? "ridge" : "training"), "ridge",
                       "ridge 0 with a sampler: the posterior exp(−U) does not exist at temperature 0",
                       "give a positive ridge, or use gradient_descent"};
  if (const auto text = training::problem(spec.training, spec.network, spec.data, spec.ridge))
    throw PointFailure{"FS0113", place_of(variant, "training"), "training", *text, ""};
}

}  // namespace fieldscan::scan
