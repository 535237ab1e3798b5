#include "fieldscan/theory/average/power_law.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace fieldscan::theory {

namespace {

constexpr Index single_modes = 2000;
constexpr Index bins = 4000;
constexpr double last_mode = 1e10;

/// Σ i^−s over first ≤ i ≤ last as an integral between half-integers: relative error s(s + 1)/(24 first²).
double sum_between(double s, double first, double last) {
  return (std::pow(first - 0.5, 1 - s) - std::pow(last + 0.5, 1 - s)) / (s - 1);
}
double sum_beyond(double s, double last) { return std::pow(last + 0.5, 1 - s) / (s - 1); }

/// Ends of the bins: geometric, whole numbers, each larger than the one before.
std::vector<double> bin_ends() {
  std::vector<double> ends{static_cast<double>(single_modes)};
  const double ratio = std::log(last_mode / single_modes) / static_cast<double>(bins);
  for (Index b = 1; b <= bins; ++b) {
    const double end = std::round(single_modes * std::exp(ratio * static_cast<double>(b)));
    if (end > ends.back()) ends.push_back(end);
  }
  return ends;
}

}  // namespace

PowerLawModes power_law_modes(const PowerLaw& law) {
  assert(law.capacity > 0 && law.source > 0 && "the trace and the target are finite");
  const double s = 1 + law.capacity, t = 1 + law.source;
  const auto ends = bin_ends();
  const Index levels = single_modes + static_cast<Index>(ends.size()) - 1;
  PowerLawModes out{{.eigenvalue = Vector(levels), .degeneracy = Vector::Ones(levels)}, Vector(levels)};
  for (Index i = 0; i < single_modes; ++i) {
    out.spectrum.eigenvalue[i] = std::pow(static_cast<double>(i + 1), -s);
    out.power[i] = std::pow(static_cast<double>(i + 1), -t);
  }
  for (std::size_t b = 1; b < ends.size(); ++b) {
    const Index l = single_modes + static_cast<Index>(b) - 1;
    const double first = ends[b - 1] + 1, count = ends[b] - ends[b - 1];
    out.spectrum.degeneracy[l] = count;
    out.spectrum.eigenvalue[l] = sum_between(s, first, ends[b]) / count;
    out.power[l] = sum_between(t, first, ends[b]);
  }
  out.spectrum.tail = sum_beyond(s, ends.back());
  out.hidden_power = sum_beyond(t, ends.back());
  return out;
}

double exponent_ridgeless(const PowerLaw& law) { return std::min(law.source, 2 * (1 + law.capacity)); }
double exponent_ridge(const PowerLaw& law) { return std::min(law.source / (1 + law.capacity), 2.0); }
double exponent_noise(const PowerLaw& law) { return law.capacity / (1 + law.capacity); }
double exponent_optimal_ridge(const PowerLaw& law) {
  const double m = exponent_ridgeless(law);
  return m / (1 + m);
}
double exponent_of_width(const PowerLaw& law) { return std::min(law.source, 1 + law.capacity); }

double rectifier_capacity_nngp(int dimension) { return 3.0 / (dimension - 1); }
double rectifier_capacity_tangent(int dimension) { return 1.0 / (dimension - 1); }

}  // namespace fieldscan::theory
