#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <optional>

#include "fieldscan/core/solve/root.hpp"
#include "fieldscan/theory/finite_width/kernel_scale.hpp"

namespace fieldscan::theory {

namespace {

/// log Q is looked for between these, in so many steps.
constexpr double lowest = -25, highest = 25;
constexpr int steps = 4000;

double force(const ScaledKernel& kernel, double scale, TraceTerm trace) {
  const ScaleForces forces = scale_forces(kernel, scale);
  return trace == TraceTerm::kept ? forces.pull - forces.trace : forces.pull;
}

/// Σ log(1 + g/N_l) − log Q; far below zero where the noise would make a layer's scale negative.
double mismatch(double force, const std::vector<double>& widths, double log_scale) {
  double sum = -log_scale;
  for (const double width : widths) {
    const double layer = 1 + force / width;
    if (!(layer > 0)) return -1e3 - log_scale;
    sum += std::log(layer);
  }
  return sum;
}

ScaleSaddle saddle_at(const ScaledKernel& kernel, const std::vector<double>& widths, TraceTerm trace, double scale) {
  ScaleSaddle out{.scale = scale, .layer = {}, .action = scale_energy(kernel, scale)};
  const double g = force(kernel, scale, trace);
  for (const double width : widths) {
    const double q = 1 + g / width;
    out.layer.push_back(q);
    out.action += width / 2 * (q - std::log(q));
  }
  return out;
}

}  // namespace

ScaleSaddle scale_saddle(const ScaledKernel& kernel, const std::vector<double>& widths, TraceTerm trace) {
  assert(kernel.label.cols() == 1 && "several outputs have a matrix of scales");
  const auto f = [&](double u) { return mismatch(force(kernel, std::exp(u), trace), widths, u); };
  std::optional<ScaleSaddle> best;
  std::vector<double> scales;
  double before = f(lowest);
  for (int k = 1; k <= steps; ++k) {
    const double from = lowest + (highest - lowest) * (k - 1) / steps, to = lowest + (highest - lowest) * k / steps;
    const double now = f(to);
    if ((before > 0) != (now > 0)) {
      const auto root = solve::root_between(f, from, to);
      if (root.converged) {
        ScaleSaddle found = saddle_at(kernel, widths, trace, std::exp(root.value));
        scales.push_back(found.scale);
        found.residual = root.residual;
        if (!best || found.action < best->action) best = std::move(found);
      }
    }
    before = now;
  }
  if (!best) solve::give_up("the scale of the kernel", std::abs(f(0)), steps);
  best->roots = static_cast<int>(scales.size());
  for (const double scale : scales) best->farthest = std::max(best->farthest, std::abs(scale / best->scale - 1));
  return *best;
}

ScaleMixture mixture_of(const ScaleSaddle& saddle, const std::vector<double>& widths) {
  double evidence = -saddle.action;
  for (const double width : widths) evidence += width / 2;
  return {.scale = Vector::Constant(1, saddle.scale), .weight = Vector::Ones(1), .log_evidence = evidence};
}

}  // namespace fieldscan::theory
