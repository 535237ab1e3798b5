#include "fieldscan/theory/finite_width/local_renormalisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../regression/regression_rows.hpp"
#include "../rows.hpp"
#include "applies.hpp"
#include "convolutional_setting.hpp"
#include "fieldscan/core/linear_algebra.hpp"
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
        "more than on others. Where patches have few pixels s_i = t·φ_i is not Gaussian, and less is gained. `validity` "
        "is S/N or half of P tr K²/(tr K)² − 1, whichever is larger; numbers are flagged where either is above 1, or where "
        "less than half of what the labels see of a channel is linear in its filter: by the latter two not where the "
        "network is as good as infinitely wide",
    .effort =
        "S² P²/2 averages and as many numbers in memory (S = 16, P = 500: 0.3 GB); some tens of steps of P³ + S² P²"};

namespace {

constexpr double scale_steps = 60;
/// Beyond these sampled networks are no nearer to it than to infinite width, unless they are as good as that: the
/// numbers of `kernel_renormalisation`.
constexpr double most_positions_per_channel = 1, most_crowding = 2, least_linear_share = 0.5, least_strength = 0.05;

/// What a channel shows of the labels, and whether that is a Gaussian variable.
struct ChannelNumbers {
  double strength = 0;  ///< (χ tᵀKt + tr (K + κ)⁻¹K)/N of infinitely many channels: what Q can be away from 1
  double crowding = 0;  ///< P tr K²/(tr K)² − 1: points per direction of that kernel
  double linear_share = 1;  ///< of ⟨Σ_ij Q_ij s_i s_j⟩, what is linear in the filter
};

/// Σ_μ t_μ ⟨φ′⟩ x̃_i(x_μ) for every position of Q [D × S]: what of s_i = t·φ_i is linear in the filter, or in the mean
/// over positions.
Matrix linear_parts(const ConvolutionalSpec& spec, const MatrixView& x, const Vector& t, Index positions) {
  const Matrix seen = filter_inputs(spec, x);
  // ⟨φ′⟩: averages at correlation zero are products.
  const Vector slope = seen.rowwise().squaredNorm().unaryExpr(
      [&](double a) { return std::sqrt(std::max(network::average(spec.activation, a, a, 0).derivative, 0.0)); });
  const Index points = t.size(), all = seen.rows() / points, together = all / positions;
  Matrix parts = Matrix::Zero(seen.cols(), positions);
  for (Index s = 0; s < all; ++s) {
    const Vector weight = t.cwiseProduct(slope.segment(s * points, points)) / static_cast<double>(together);
    parts.col(s / together).noalias() += seen.middleRows(s * points, points).transpose() * weight;
  }
  return parts;
}

ChannelNumbers channel_numbers(const LocalRenormalisation::Inputs& inputs, const MatrixView& x,
                               const LocalKernels& kernels, const LocalScales& scales, const Vector& label) {
  const ConvolutionalSpec& spec = inputs.architecture;
  const Index points = x.rows(), positions = kernels.positions;
  const auto kernel_at = [&](const Matrix& scale) {
    return Matrix(local_sum(kernels, kernels.train, scale, spec.readout_variance).reshaped(points, points));
  };
  ChannelNumbers out;
  const Matrix wide = kernel_at(Matrix::Identity(positions, positions));
  const double trace = wide.trace();
  if (!(trace > 0)) return out;
  out.crowding = static_cast<double>(points) * wide.squaredNorm() / (trace * trace) - 1;
  const Factor of_wide = factor(wide, inputs.ridge);
  const Vector t = of_wide.solve(label);
  const double directions = static_cast<double>(points) - inputs.ridge * of_wide.inverse_diagonal().sum();
  out.strength = (inputs.chi * t.dot(wide * t) + directions) / inputs.channels;
  const Matrix learned = kernel_at(scales.scale);
  const Vector at_scale = factor(learned, inputs.ridge).solve(label);
  const Matrix parts = linear_parts(spec, x, at_scale, positions);
  const double whole = at_scale.dot(learned * at_scale);
  const double linear =
      spec.readout_variance / static_cast<double>(positions) * (parts * scales.scale).cwiseProduct(parts).sum();
  if (whole > 0) out.linear_share = linear / whole;
  return out;
}

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
  return draw_cost(
      setting, {.seconds_per_pair = averages * per_average + scale_steps * 4 * positions * positions / flops_per_second,
                .cubes = 1.4 * scale_steps,
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
  const ChannelNumbers channel = channel_numbers(inputs, x, kernels, scales, data::one_output(draw.train.label));
  const double positions = static_cast<double>(kernels.positions) / inputs.channels;
  const bool gaussian = std::holds_alternative<network::Linear>(inputs.architecture.activation) ||
                        (channel.linear_share >= least_linear_share && channel.crowding <= most_crowding);
  const bool holds = positions <= most_positions_per_channel && (gaussian || channel.strength <= least_strength);
  Writer writer(result, equilibrium);
  writer.row(Observable::kernel_scale, scales.scale.trace() / static_cast<double>(kernels.positions));
  writer.row(Observable::validity, std::max(positions, channel.crowding / most_crowding));
  writer.residual(scales.residual);
  if (!holds)
    for (Row& row : result.rows) row.flag = Flag::outside_validity;
  return result;
}

}  // namespace fieldscan::theory
