#include <algorithm>
#include <cmath>

#include "fieldscan/theory/finite_width/kernel_scale.hpp"

namespace fieldscan::theory {

namespace {

constexpr double widest_step = 0.2;  ///< of log Q: the Fourier transform of one unit's density falls as e^{−π|ω|/2}
constexpr double share_of_width = 0.4;
constexpr double farthest_below =
    300;  ///< log of how far below its top a layer's density is followed; it fits into double

/// Numbers on the grid of log Q around the saddle, [first, first + size) in steps.
struct LogGrid {
  std::vector<double> value;
  long first = 0;
};

/// Half the degrees of freedom of the tilted layer, N/2 + s = N q/2.
double shape_of(double width, double layer) { return width * layer / 2; }

/// The step: a share of the narrowest of the layers' and the posterior's widths.
double step_of(const ScaledKernel& kernel, const std::vector<double>& widths, const ScaleSaddle& saddle) {
  double narrowest = widest_step / share_of_width, variance = 0;
  for (std::size_t l = 0; l < widths.size(); ++l) {
    const double own = 1 / shape_of(widths[l], saddle.layer[l]);
    narrowest = std::min(narrowest, std::sqrt(own));
    variance += own;
  }
  constexpr double small = 1e-3;
  const auto slope = [&](double u) {
    const ScaleForces forces = scale_forces(kernel, saddle.scale * std::exp(u));
    return -0.5 * (forces.pull - forces.trace);
  };
  const double curvature = (slope(small) - slope(-small)) / (2 * small);
  return share_of_width * std::min(narrowest, std::sqrt(1 / (1 / variance + std::max(0.0, curvature))));
}

/// The density of log q of one layer times q^s, whose top is at the saddle; its value there is one. log of it:
/// z (u − e^u + 1), u from the top, z the shape.
LogGrid tilted_layer(double shape, double step) {
  const auto log_density = [&](long k) {
    const double u = step * static_cast<double>(k);
    return shape * (u - std::expm1(u));
  };
  long first = 0, last = 0;
  while (log_density(first) > -farthest_below) --first;
  while (log_density(last) > -farthest_below) ++last;
  LogGrid out{.value = {}, .first = first};
  for (long k = first; k <= last; ++k) out.value.push_back(std::exp(log_density(k)));
  return out;
}

LogGrid fold(const LogGrid& a, const LogGrid& b) {
  LogGrid out{.value = std::vector<double>(a.value.size() + b.value.size() - 1, 0.0), .first = a.first + b.first};
  for (std::size_t i = 0; i < a.value.size(); ++i)
    for (std::size_t j = 0; j < b.value.size(); ++j) out.value[i + j] += a.value[i] * b.value[j];
  return out;
}

/// log of the density of u = log q at the top of the tilted layer, with the tilt taken back there: (N/2)(log q − q) +
/// (N/2) log(N/2) − log Γ(N/2).
double log_top(double width, double layer) {
  const double half = width / 2;
  return half * (std::log(layer) - layer) + half * std::log(half) - std::lgamma(half);
}

}  // namespace

ScaleMixture scale_mixture(const ScaledKernel& kernel, const std::vector<double>& widths, const ScaleSaddle& saddle) {
  const double step = step_of(kernel, widths, saddle);
  LogGrid folded{.value = {1.0}, .first = 0};
  double top = 0;
  for (std::size_t l = 0; l < widths.size(); ++l) {
    folded = fold(folded, tilted_layer(shape_of(widths[l], saddle.layer[l]), step));
    top += log_top(widths[l], saddle.layer[l]);
  }
  // Taking the tilt back: every layer was multiplied by q^s, s = N_l (q_l − 1)/2, the same for all.
  const double tilt = widths[0] * (saddle.layer[0] - 1) / 2;
  std::vector<double> log_weight(folded.value.size());
  for (std::size_t k = 0; k < folded.value.size(); ++k) {
    const double u = step * static_cast<double>(folded.first + static_cast<long>(k));
    log_weight[k] = std::log(folded.value[k]) - tilt * u - scale_energy(kernel, saddle.scale * std::exp(u));
  }
  const double largest = *std::ranges::max_element(log_weight);
  std::vector<double> scale, weight;
  for (std::size_t k = 0; k < log_weight.size(); ++k) {
    if (!(log_weight[k] > largest - 46)) continue;  // e⁻⁴⁶ = 1e-20
    scale.push_back(saddle.scale * std::exp(step * static_cast<double>(folded.first + static_cast<long>(k))));
    weight.push_back(std::exp(log_weight[k] - largest));
  }
  const auto view = [](const std::vector<double>& v) {
    return Vector(Eigen::Map<const Vector>(v.data(), static_cast<Index>(v.size())));
  };
  ScaleMixture out{.scale = view(scale), .weight = view(weight)};
  const double total = out.weight.sum();
  out.weight /= total;
  out.log_evidence = largest + std::log(total) + top + static_cast<double>(widths.size()) * std::log(step);
  return out;
}

}  // namespace fieldscan::theory
