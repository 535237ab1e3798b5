#include "fieldscan/theory/finite_width/local_renormalisation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../regression/regression_rows.hpp"
#include "../rows.hpp"
#include "applies.hpp"
#include "convolutional_setting.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/finite_width/renormalised_kernel.hpp"
#include "fieldscan/theory/regression/gp.hpp"

namespace fieldscan::theory {

static_assert(Theory<LocalRenormalisation>);

const Card LocalRenormalisation::card = {
    .formula =
        "K_Q = (σ_a²/S) Σ_ij Q_ij k_ij at the least (N/2)(tr Q − log det Q) + (χ/2) yᵀ(K_Q + κ)⁻¹y + ½ log det(K_Q "
        "+ κ); f̄ = k*ᵀ(K_Q + κ)⁻¹y, variance (k** − k*ᵀ(K_Q + κ)⁻¹k*)/χ",
    .source =
        "F. Aiudi, R. Pacelli, P. Baglioni, A. Vezzani, R. Burioni, P. Rotondo, arXiv:2307.11807; overlapping "
        "patches, χ and ridge: derived",
    .regime =
        "one convolutional layer of odd units, χ of order 1, P ~ N, N above S: labels that depend on some places "
        "more than on others. Where patches have few pixels s_i = t·φ_i is not Gaussian, and less is gained",
    .effort =
        "S² P²/2 averages and as many numbers in memory (S = 16, P = 500: 0.3 GB); some tens of steps of P³ + S² P²"};

namespace {

constexpr double most_positions_per_channel = 1, steps_expected = 60;

double bytes_of(const LocalRenormalisation::Inputs& inputs, double points, double test) {
  return local_kernels_bytes(inputs.architecture, points, test) + 6 * kernel_bytes(points, points) +
         regression_bytes(points, test, inputs.ridge);
}

}  // namespace

Applicability LocalRenormalisation::applicability(const Setting& setting) const {
  if (const Applicability own = needs_one_convolution(setting); !own.applies) return own;
  if (!is_odd(setting.network.activation))
    return {false, fmt::format("units {} have a mean, and its fields are taken to have none",
                               kind_of(setting.network.activation))};
  return needs_learned_layers(setting);
}

LocalRenormalisation::Inputs LocalRenormalisation::inputs(const Setting& setting) const {
  return {.architecture = resolved(convolutional_spec(setting.network), data::input_dimension(setting.data)),
          .channels = network::last_width(setting.network),
          .ridge = setting.ridge,
          .chi = setting.network.chi};
}

Cost LocalRenormalisation::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  const Inputs in = inputs(setting);
  const auto positions = static_cast<double>(local_positions(in.architecture));
  const double filter = in.architecture.filter * in.architecture.filter * in.architecture.channels;
  const double averages =
      in.architecture.readout == ImageReadout::pooling ? averages_per_pair(in.architecture) : positions * positions;
  const double per_average =
      seconds_per_average(in.architecture.activation, in.architecture.weight_variance, Norms::different) +
      2 * filter / flops_per_second;
  return draw_cost(setting, {.seconds_per_pair =
                                 averages * per_average + steps_expected * 4 * positions * positions / flops_per_second,
                             .cubes = 1.4 * steps_expected,
                             .bytes = bytes_of(in, points, test)});
}

Result LocalRenormalisation::predict(const Inputs& inputs, const data::Draw& draw) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  const Index points = x.rows(), tests = test.rows();
  require_memory(bytes_of(inputs, static_cast<double>(points), static_cast<double>(tests)),
                 fmt::format("kernels between positions of {} points", points));
  const double readout = inputs.architecture.readout_variance;
  const LocalKernels kernels = local_kernels(inputs.architecture, x, test);
  const LocalScales scales = local_scales(kernels, {.label = data::one_output(draw.train.label),
                                                    .width = static_cast<double>(inputs.channels),
                                                    .ridge = inputs.ridge,
                                                    .chi = inputs.chi,
                                                    .readout = readout});
  const auto sum = [&](const Matrix& columns) { return local_sum(kernels, columns, scales.scale, readout); };
  Result result =
      posterior_rows(sum(kernels.train).reshaped(points, points), sum(kernels.cross).reshaped(points, tests),
                     sum(kernels.diagonal), draw, inputs.ridge, inputs.chi);
  std::erase_if(result.rows, [](const Row& row) { return row.observable == Observable::log_evidence; });
  const double validity = static_cast<double>(kernels.positions) / inputs.channels;
  Writer writer(result, equilibrium);
  writer.row(Observable::kernel_scale, scales.scale.trace() / static_cast<double>(kernels.positions));
  writer.row(Observable::validity, validity);
  writer.residual(scales.residual);
  if (!(validity <= most_positions_per_channel))
    for (Row& row : result.rows) row.flag = Flag::outside_validity;
  return result;
}

}  // namespace fieldscan::theory
