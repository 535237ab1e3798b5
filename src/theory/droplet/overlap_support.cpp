#include "fieldscan/theory/droplet/overlap_support.hpp"

#include <algorithm>
#include <array>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>

#include "fieldscan/theory/droplet/overlap_law.hpp"

namespace fieldscan::theory {

namespace overlaps {

constexpr double faint_nats = 40;   ///< nats below the highest point that do not count
constexpr double cheap_reach = 40;  ///< in widths of the prior: so far everything is covered
/// Steps of the search: φ_n change with m/√(1 + 2s), the prior within its width.
constexpr double widths_a_step = 2, relative_step = 0.02;

/// log p(m) but for a constant and what the largest of its parts over ρ leaves out, ρ at every third node.
class Height {
 public:
  Height(const SingleIndex& problem, const VectorView& multipliers)
      : problem_(problem),
        multipliers_(multipliers),
        transverse_(transverse_rule(problem.dimension, problem.weight_variance)) {}

  double operator()(double m) const {
    const Index modes = std::min<Index>(multipliers_.size(), most_modes);
    std::array<double, most_modes> projection;
    double highest = -std::numeric_limits<double>::infinity();
    for (Index j = 0; j < transverse_.square.size(); j += 3) {
      hermite_projections(m, m * m + transverse_.square[j], problem_.scale, modes, projection.data());
      double field = 0;
      for (Index k = 0; k < modes; ++k) field += multipliers_[k] * projection[static_cast<std::size_t>(k)];
      field *= problem_.points;
      highest = std::max(highest, transverse_.log_weight[j] + problem_.richness / 2 * field * field);
    }
    return highest - std::pow(m / overlap_width(problem_), 2) / 2;
  }

 private:
  static constexpr Index most_modes = 40;  ///< coefficients go to order 64
  const SingleIndex& problem_;
  Vector multipliers_;
  Transverse transverse_;
};

struct Peak {
  double place = 0, height = 0;
};

/// All maxima on [0, bound], from points of a search.
std::vector<Peak> peaks_of(const Height& height, double width, double bound) {
  std::vector<Peak> seen;
  for (double m = 0; m < bound; m += std::max(widths_a_step * width, relative_step * m)) seen.push_back({m, height(m)});
  seen.push_back({bound, height(bound)});
  std::vector<Peak> peaks;
  for (std::size_t k = 0; k < seen.size(); ++k) {
    const bool rises = k == 0 || seen[k].height >= seen[k - 1].height;
    const bool falls = k + 1 == seen.size() || seen[k].height >= seen[k + 1].height;
    if (!rises || !falls) continue;
    const double low = seen[k > 0 ? k - 1 : 0].place, high = seen[std::min(k + 1, seen.size() - 1)].place;
    const auto best = boost::math::tools::brent_find_minima([&](double m) { return -height(m); }, low, high, 20);
    peaks.push_back(-best.second > seen[k].height ? Peak{best.first, -best.second} : seen[k]);
  }
  return peaks;
}

/// From a maximum to where the law is below the floor, on growing steps of either sign.
double faint_from(const Height& height, double from, double step, double bound, double floor) {
  double m = from;
  do {
    m += step;
    step *= 1.3;
  } while (m > 0 && m < bound && height(m) > floor);
  return std::clamp(m, 0.0, bound);
}

}  // namespace overlaps

double overlap_width(const SingleIndex& problem) { return std::sqrt(problem.weight_variance / problem.dimension); }

std::vector<Interval> overlap_support(const SingleIndex& problem, const VectorView& multipliers) {
  constexpr double far = 1e8;  // where φ_n have their limits, which bound them
  const double width = overlap_width(problem);
  const Vector limit = hermite_projections(far, far * far, problem.scale, multipliers.size());
  const double field = problem.points * multipliers.cwiseAbs().dot(limit.cwiseAbs());
  const double widths = std::sqrt(2 * (overlaps::faint_nats + problem.richness / 2 * field * field));
  const double bound = width * widths;
  if (widths <= overlaps::cheap_reach) return {{0, bound}};
  const overlaps::Height height(problem, multipliers);
  const std::vector<overlaps::Peak> peaks = overlaps::peaks_of(height, width, bound);
  double top = -std::numeric_limits<double>::infinity();
  for (const overlaps::Peak& peak : peaks) top = std::max(top, peak.height);
  const double floor = top - overlaps::faint_nats;
  std::vector<Interval> out;
  for (const overlaps::Peak& peak : peaks) {
    if (!(peak.height > floor)) continue;
    out = united(std::move(out),
                 {{.low = overlaps::faint_from(height, peak.place, -width, bound, floor),
                   .high = overlaps::faint_from(height, peak.place, width, bound, floor)}},
                 0);
  }
  return out;
}

bool covers(const std::vector<Interval>& intervals, const std::vector<Interval>& others) {
  return std::ranges::all_of(others, [&](const Interval& other) {
    return std::ranges::any_of(intervals,
                               [&](const Interval& one) { return one.low <= other.low && other.high <= one.high; });
  });
}

std::vector<Interval> united(std::vector<Interval> intervals, const std::vector<Interval>& others, double margin) {
  for (const Interval& other : others)
    intervals.push_back({.low = std::max(0.0, other.low - margin), .high = other.high + margin});
  std::ranges::sort(intervals, {}, &Interval::low);
  std::vector<Interval> out;
  for (const Interval& next : intervals) {
    if (out.empty() || next.low > out.back().high) {
      out.push_back(next);
    } else {
      out.back().high = std::max(out.back().high, next.high);
    }
  }
  return out;
}

}  // namespace fieldscan::theory
