#pragma once
#include "studies.hpp"

/// Campaigns in which few draws carry the signal.
namespace fieldscan::analysis::studies {

/// Draw r has at point k the value L_r l_rk x_k^(a + b_r) (1 + rest·e_rk), with lognormal L_r, l_rk and normal e_rk.
struct HeavyTail {
  double common = 0;  ///< σ of log L_r
  double own = 0;     ///< σ of log l_rk
  double slope = 0;   ///< standard deviation of b_r, which goes with log L_r at correlation 0.7
  double rest = 0.05;
  /// a is shifted so that the mean over all draws is a power law with the exponent of true_curve where slopes are
  /// small.
  double shift() const { return -0.7 * common * slope; }
};

inline Measured measure_heavy(std::uint64_t seed, const HeavyTail& h, int draws, int points = 5) {
  Measured m;
  for (int k = 0; k < points; ++k) {
    const double u = (k - 0.5 * (points - 1)) * std::log(2.0);
    m.x.push_back(std::exp(u));
    Quantity q = exact_quantity(0);
    std::vector<double> values;
    for (int r = 0; r < draws; ++r) {
      const double a = synthetic::normal(seed, "amplitude", r, 0), b = synthetic::normal(seed, "exponent", r, 0);
      const std::uint64_t point = static_cast<std::uint64_t>(k);
      values.push_back(std::exp(h.common * a + h.own * synthetic::normal(seed, "own", r, 0, point) +
                                (exponent + h.shift() + h.slope * (0.7 * a + std::sqrt(0.51) * b)) * u) *
                       (1 + h.rest * synthetic::normal(seed, "rest", r, 0, point)));
      q.value += values.back() / draws;
    }
    for (int r = 0; r < draws; ++r)
      q.influence.push_back({r, 0, (values[static_cast<std::size_t>(r)] - q.value) / draws});
    m.y.push_back(std::move(q));
  }
  return m;
}

/// How often 95 % intervals of the exponent cover where the statement is decided, how often it abstains, and how often
/// linear errors cover.
struct Decided {
  Share covers, abstains, linear;
};
inline Decided heavy_exponents(const HeavyTail& h, int draws, int repetitions) {
  Decided decided;
  for (int k = 0; k < repetitions; ++k) {
    const Measured m = measure_heavy(static_cast<std::uint64_t>(100000 + k), h, draws);
    const Quantity found = fit_power_law(m.x, m.y).exponent;
    const bool abstains = !found.has_value() || !found.carried.empty();
    decided.abstains.add(abstains);
    if (!abstains) decided.covers.add(covers(found, exponent));
    const Quantity linear = fit_power_law_to_anything(m.x, m.y).exponent;
    decided.linear.add(linear.has_value() && covers(linear, exponent));
  }
  return decided;
}

}  // namespace fieldscan::analysis::studies
