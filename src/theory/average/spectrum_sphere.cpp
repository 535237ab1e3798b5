#include "fieldscan/theory/average/spectrum_sphere.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/solve/legendre.hpp"
#include "fieldscan/data/target/gegenbauer.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index level_limit = 1024;
using std::numbers::pi;

/// Enough nodes for the oscillations of the highest level, and for a weight that is 1/√d wide.
Index nodes_for(int dimension, Index levels) {
  return std::max({Index{512}, 4 * levels, static_cast<Index>(16 * std::sqrt(dimension))});
}

/// Keeps as many of the levels as are needed, fills in the degeneracies and the tail; returns their number.
Index truncate(Spectrum& spectrum, int dimension, double trace, double points, double ridge, Index minimum_levels) {
  const Vector& eigenvalue = spectrum.eigenvalue;
  spectrum.degeneracy.resize(eigenvalue.size());
  spectrum.tail = trace;
  Index kept = 0;
  while (kept < eigenvalue.size()) {
    spectrum.degeneracy[kept] = data::harmonics_count(dimension, static_cast<int>(kept));
    spectrum.tail = std::max(spectrum.tail - eigenvalue[kept] * spectrum.degeneracy[kept], 0.0);
    ++kept;
    // Two levels in a row: every other one may vanish by parity.
    if (kept < std::max<Index>(minimum_levels, 2)) continue;
    const double largest = std::max(eigenvalue[kept - 1], eigenvalue[kept - 2]);
    if (spectrum.tail <= 1e-14 * trace || points * largest <= 1e-6 * (ridge + spectrum.tail)) break;
  }
  // Of a kernel with finitely many levels rounding alone is left; as a ridge it would change what happens without one.
  if (spectrum.tail <= 1e-14 * trace) spectrum.tail = 0;
  spectrum.eigenvalue.conservativeResize(kept);
  spectrum.degeneracy.conservativeResize(kept);
  return kept;
}

}  // namespace

SphereRule sphere_rule(int dimension, Index nodes) {
  assert(dimension >= 2 && nodes > 0);
  SphereRule rule{Vector(nodes), Vector(nodes)};
  const solve::LegendreRule legendre = solve::legendre_rule(nodes);
  Vector log_weight(nodes);
  for (Index i = 0; i < (nodes + 1) / 2; ++i) {
    const double angle = 0.5 * pi * (1 - legendre.node[i]);
    rule.cosine[i] = std::cos(angle);
    rule.cosine[nodes - 1 - i] = -rule.cosine[i];  // in the middle of an odd number both are zero up to rounding
    log_weight[i] = log_weight[nodes - 1 - i] =
        (dimension - 2) * std::log(std::sin(angle)) - std::log(legendre.scale[i]);
  }
  rule.weight = (log_weight.array() - log_weight.maxCoeff()).exp();
  rule.weight /= rule.weight.sum();
  return rule;
}

Vector level_eigenvalues(int dimension, const SphereRule& rule, const VectorView& kernel, Index levels) {
  const Matrix p = data::gegenbauer_values(rule.cosine, dimension, static_cast<int>(levels - 1));
  return p.transpose() * rule.weight.cwiseProduct(kernel);
}

Spectrum sphere_spectrum(const KernelSpec& spec, KernelKind kind, network::Trained train, int dimension, double points,
                         double ridge, Index minimum_levels) {
  const auto select = [&](const KernelDiagonal& k) { return kind == KernelKind::nngp ? k.nngp : tangent_of(train, k); };
  // A point with |x|² = d: its own kernel is the trace.
  const double trace = select(kernel_diagonal(spec, Matrix::Ones(1, dimension)))[0];
  for (Index levels = std::max<Index>(32, minimum_levels);; levels *= 2) {
    const SphereRule rule = sphere_rule(dimension, nodes_for(dimension, levels));
    const Vector kernel = select(kernel_of_cosine(spec, rule.cosine));
    if (!kernel.allFinite() || !std::isfinite(trace))
      throw NumericalError(
          fmt::format("the kernel on the sphere is not finite (L = {}, σ_w² = {}, σ_b² = {}, σ_a² = {})", spec.depth,
                      spec.weight_variance.at(0), spec.bias_variance.at(0), spec.readout_variance));
    Spectrum spectrum;
    spectrum.eigenvalue = level_eigenvalues(dimension, rule, kernel, levels);
    spectrum.eigenvalue = (spectrum.eigenvalue.array() > 1e-15 * trace).select(spectrum.eigenvalue, 0.0);
    if (const Index kept = truncate(spectrum, dimension, trace, points, ridge, minimum_levels);
        kept < levels || levels >= level_limit)
      return spectrum;
  }
}

Spectrum first_levels(const Spectrum& spectrum, Index levels) {
  assert(levels <= spectrum.eigenvalue.size());
  const Index dropped = spectrum.eigenvalue.size() - levels;
  return {.eigenvalue = spectrum.eigenvalue.head(levels),
          .degeneracy = spectrum.degeneracy.head(levels),
          .tail = spectrum.tail + spectrum.eigenvalue.tail(dropped).dot(spectrum.degeneracy.tail(dropped))};
}

}  // namespace fieldscan::theory
