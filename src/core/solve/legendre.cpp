#include "fieldscan/core/solve/legendre.hpp"

#include <cassert>
#include <cmath>
#include <numbers>

#include "fieldscan/core/solve/root.hpp"

// Compiled without contraction: products and sums fuse where it says so, so that the last bits, which spectra on the
// sphere depend on, are those of every build.
namespace fieldscan::solve {

namespace {

/// P_n and P_n′.
ValueAndSlope<double> legendre(Index n, double z) {
  double previous = 0, value = 1;
  for (Index j = 0; j < n; ++j) {
    const double k = static_cast<double>(j);
    const double next = std::fma((2 * k + 1) * z, value, -(k * previous)) / (k + 1);
    previous = value;
    value = next;
  }
  return {value, static_cast<double>(n) * std::fma(z, value, -previous) / (z * z - 1)};
}

}  // namespace

LegendreRule legendre_rule(Index n) {
  assert(n > 0 && "a rule has nodes");
  LegendreRule out{Vector(n), Vector(n)};
  const double count = static_cast<double>(n);
  for (Index i = 0; i < (n + 1) / 2; ++i) {
    const double guess = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (count + 0.5));
    // Not converged is a last step that rounding keeps above 10⁻¹⁵: the guess is close, and the root is there all the
    // same.
    const auto root =
        newton([n](double x) { return legendre(n, x); }, guess, {.relative = 0, .absolute = 1e-15, .steps = 20});
    const double z = root.value, slope = legendre(n, z).slope;
    out.node[i] = z;
    out.node[n - 1 - i] = -z;
    out.scale[i] = out.scale[n - 1 - i] = (1 - z * z) * slope * slope;
  }
  return out;
}

}  // namespace fieldscan::solve
