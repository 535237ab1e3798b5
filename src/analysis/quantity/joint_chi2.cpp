#include "joint_chi2.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "fieldscan/core/statistics.hpp"

namespace fieldscan::analysis {
namespace {

/// What a unit of every independent source does to a difference: data draws, initialisations where they are crossed,
/// and the errors of predictions that others share.
using ErrorSources = std::map<std::pair<int, std::uint64_t>, double>;

ErrorSources sources_of(const Quantity& q) {
  const Estimate e = estimate(q);
  const bool draws = e.draws > 1, initialisations = e.initialisations > 1 && !(q.sampler && draws);
  ErrorSources sources;
  for (const Cell& cell : q.influence) {
    if (draws) sources[{0, static_cast<std::uint64_t>(cell.draw)}] += cell.value;
    if (initialisations && cell.initialisation != whole_draw)
      sources[{1, static_cast<std::uint64_t>(cell.initialisation)}] += cell.value;
  }
  for (const auto& [source, u] : q.shared) sources[{2, source}] += u;
  return sources;
}

double product(const ErrorSources& a, const ErrorSources& b) {
  double sum = 0;
  for (const auto& [key, u] : a)
    if (const auto found = b.find(key); found != b.end()) sum += u * found->second;
  return sum;
}

/// The normal score of t = d/s with ν degrees of freedom.
double normal_score(const Estimate& e) {
  const double tail = student_cdf(-std::abs(e.value) / e.standard_error, e.degrees_of_freedom);
  return tail > 0 ? std::abs(normal_quantile(std::max(tail, 1e-300))) : 37.0;
}

}  // namespace

JointChi2 joint_chi2(std::span<const Quantity> differences) {
  JointChi2 result;
  std::vector<ErrorSources> sources;
  std::vector<double> variances;  // of the ensemble, and of each difference's own errors
  double least_members = 1e9;
  for (const Quantity& d : differences) {
    const Estimate e = estimate(d);
    if (!(e.standard_error > rounding_of(d))) {
      if (std::abs(d.value) > rounding_of(d))
        return {.value = std::numeric_limits<double>::infinity(), .points = 1, .degrees = 1, .p = 0};
      continue;
    }
    const double z = normal_score(e);
    result.value += z * z;
    result.points += 1;
    sources.push_back(sources_of(d));
    variances.push_back(product(sources.back(), sources.back()) + own_variance(d));
    least_members = std::min(least_members, static_cast<double>(std::max(e.draws, e.initialisations)));
  }
  if (sources.empty()) return result;
  double squares = 0;
  for (std::size_t k = 0; k < sources.size(); ++k)
    for (std::size_t l = 0; l < sources.size(); ++l) {
      if (k == l) {
        squares += 1;
        continue;
      }
      const double norm = variances[k] * variances[l];
      const double cross = product(sources[k], sources[l]);
      const double square = norm > 0 ? std::min(1.0, cross * cross / norm) : 0;
      squares += square - (1 - square) * (1 - square) / (least_members - 1);
    }
  // Between K equal points, squares = K², and K independent ones, squares = K.
  squares = std::clamp(squares, result.points, result.points * result.points);
  result.degrees = result.points * result.points / squares;
  const double below = chi_squared_cdf(result.value * result.degrees / result.points, result.degrees);
  result.p = std::min(1.0, 2 * std::min(below, 1 - below));
  return result;
}

}  // namespace fieldscan::analysis
