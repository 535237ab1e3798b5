#include "recommendation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace fieldscan::scan {
namespace {

constexpr double few_points = 3, many_points = 10;  ///< P/d from which `droplet` is near, and known to hold
constexpr double rich = 0.1;                        ///< χ/N from which features move at leading order
constexpr double alike = 5;  ///< ratio of numbers of one order; a condition missed by more is not near

/// The logarithm of the ratio that is missing, at most 0 where nothing is.
double missing_above(double value, double least) { return std::log(least / value); }
double missing_below(double value, double most) { return std::log(value / most); }

struct Candidate {
  std::string_view theory;
  double missing;  ///< the worst of its conditions: at most 0 within its regime
};

std::array<Candidate, 5> candidates(const RegimeNumbers& n) {
  const auto unlike = [](double a, double b) { return std::abs(std::log(a / b)) - std::log(alike); };
  const double adapted = std::max(missing_above(n.signal, 2), missing_above(n.signal, 3 * n.trace));
  return {
      {{"droplet", std::max(missing_above(n.points, many_points * n.dimension), missing_above(n.chi, rich * n.width))},
       {"kernel_adaptation", adapted},
       {sampled_adaptation, adapted},
       {"perturbative", std::max(missing_below(n.signal, 0.5), missing_below(n.trace, 0.3))},
       {"kernel_renormalisation",
        std::max({unlike(n.points, n.width), unlike(n.points, n.dimension), missing_below(n.chi, rich * n.width)})}}};
}

}  // namespace

std::vector<std::string> recommended_theories(const RegimeNumbers& n) {
  const auto applies = [&](std::string_view theory) {
    return std::ranges::find(n.applicable, theory) != n.applicable.end();
  };
  if (applies("deep_linear")) return {"deep_linear"};
  if (n.signal + n.trace <= 0.01) return {"nngp"};
  std::vector<Candidate> near;
  for (const Candidate& c : candidates(n))
    if (applies(c.theory)) near.push_back(c);
  const auto missing = [&](std::string_view theory) {
    const auto found = std::ranges::find(near, theory, &Candidate::theory);
    return found == near.end() ? std::numeric_limits<double>::infinity() : found->missing;
  };
  if (missing("droplet") <= 0) return {"droplet"};
  if (missing("kernel_adaptation") <= 0) {
    if (missing("droplet") > std::log(many_points / few_points)) return {"kernel_adaptation"};
    return {"kernel_adaptation", "droplet"};
  }
  if (missing(sampled_adaptation) <= 0) return {std::string(sampled_adaptation)};
  std::ranges::stable_sort(near, {}, &Candidate::missing);
  std::vector<std::string> names;
  const bool holds = !near.empty() && near[0].missing <= 0;
  for (const Candidate& c : near)
    if (holds ? c.missing <= 0 : names.size() < 2 && c.missing <= std::log(alike)) names.emplace_back(c.theory);
  return names;
}

}  // namespace fieldscan::scan
