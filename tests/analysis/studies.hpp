#pragma once
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "../../src/analysis/fit/curve_law.hpp"
#include "../../src/analysis/fit/fit.hpp"
#include "../../src/analysis/fit/joint_law.hpp"
#include "../../src/analysis/quantity/joint_chi2.hpp"
#include "../../src/analysis/verdict/family.hpp"
#include "../../src/analysis/verdict/judge.hpp"
#include "../../src/analysis/verdict/power.hpp"
#include "fieldscan/analysis/test/evaluate.hpp"
#include "fieldscan/core/statistics.hpp"
#include "synthetic.hpp"

/// Studies of the analysis on campaigns of known truth: how often intervals cover, verdicts err, announcements hold.
namespace fieldscan::analysis::studies {

struct Share {
  int hits = 0;
  int trials = 0;
  double value() const { return static_cast<double>(hits) / trials; }
  void add(bool hit) { hits += hit, ++trials; }
};

/// Draws × initialisations, crossed: x_ri = truth·(1 + a A_r + b B_i + e E_ri). A_r and B_i are the same at all points
/// of a campaign.
struct Ensemble {
  int draws = 20;
  int initialisations = 4;
  synthetic::Spread spread{.draws = 0.1, .initialisations = 0.05, .rest = 0.1};
};

inline Quantity measure(std::uint64_t seed, const std::string& point, const Ensemble& e, double truth) {
  Quantity q;
  q.value = 0;
  const double count = e.draws * e.initialisations;
  std::vector<double> initialisation;
  for (int i = 0; i < e.initialisations; ++i) initialisation.push_back(synthetic::normal(seed, "init", 0, i));
  for (int r = 0; r < e.draws; ++r) {
    const double draw = synthetic::normal(seed, "draw", r, 0);
    const Stream rest(seed, Purpose::test, point, static_cast<std::uint64_t>(r + 1), 0);
    for (int i = 0; i < e.initialisations; ++i) {
      const auto k = static_cast<std::size_t>(i);
      const double x = truth * (1 + e.spread.draws * draw + e.spread.initialisations * initialisation[k] +
                                e.spread.rest * rest.normal(k));
      q.value += x / count;
      q.influence.push_back({r, i, x / count});
    }
  }
  for (Cell& cell : q.influence) cell.value -= q.value / count;
  return q;
}

inline bool covers(const Quantity& q, double truth) {
  const Interval i = interval(estimate(q));
  return i.low <= truth && truth <= i.high;
}

/// Means, and with `ratio` the logarithm of the ratio of two means, which share draws and initialisations.
inline Share mean_coverage(const Ensemble& e, int repetitions, bool ratio) {
  Share share;
  for (int k = 0; k < repetitions; ++k) {
    const auto seed = static_cast<std::uint64_t>(1000 + k);
    const std::array<Quantity, 2> q{measure(seed, "a", e, 2), measure(seed, "b", e, 1)};
    const auto log_ratio = [](std::span<const double> v) { return std::log(v[0] / v[1]); };
    share.add(ratio ? covers(propagate(log_ratio, q, 1e-3), std::log(2.0)) : covers(q[0], 2));
  }
  return share;
}

/// How often the truth is given p < `level` for the logarithm of the ratio of two means, where of the networks of the
/// second only so many survived. `told`: as a table tells it; else as if none were missing.
inline Share survivors_rejections(const Ensemble& e, int survivors, int repetitions, double level, bool told) {
  Share share;
  for (int k = 0; k < repetitions; ++k) {
    const auto seed = static_cast<std::uint64_t>(5000 + k);
    std::array<Quantity, 2> q{measure(seed, "a", e, 2), measure(seed, "b", e, 1)};
    const std::int64_t all = e.draws * e.initialisations;
    q[0].basis = {.members = all, .asked = all};
    // Those of different draws and starts, as far as they go.
    std::vector<Cell> left;
    for (int j = 0; j < survivors; ++j) {
      const auto at =
          static_cast<std::size_t>((j % e.draws) * e.initialisations + (j + j / e.draws) % e.initialisations);
      left.push_back(q[1].influence[at]);
      left.back().value = left.back().value * static_cast<double>(all) + q[1].value;
    }
    double mean = 0;
    for (const Cell& cell : left) mean += cell.value / survivors;
    for (Cell& cell : left) cell.value = (cell.value - mean) / survivors;
    q[1].value = mean;
    q[1].influence = left;
    q[1].basis = {.members = told ? survivors : all, .asked = all};
    const auto log_ratio = [](std::span<const double> v) { return std::log(v[0] / v[1]); };
    const Estimate found = estimate(propagate(log_ratio, q, 1e-3));
    const double away = std::abs(found.value - std::log(2.0)) / found.standard_error;
    share.add(2 * student_cdf(-away, found.degrees_of_freedom) < level);
  }
  return share;
}

/// Means of lognormal members with standard deviation σ of their logarithms, one a draw.
inline Share lognormal_coverage(double sigma, int draws, int repetitions) {
  Share share;
  for (int k = 0; k < repetitions; ++k) {
    Quantity q = exact_quantity(0);
    std::vector<double> x;
    for (int r = 0; r < draws; ++r) {
      x.push_back(std::exp(sigma * synthetic::normal(static_cast<std::uint64_t>(3000 + k), "member", r, 0)));
      q.value += x.back() / draws;
    }
    for (int r = 0; r < draws; ++r) q.influence.push_back({r, 0, (x[static_cast<std::size_t>(r)] - q.value) / draws});
    share.add(covers(q, std::exp(sigma * sigma / 2)));
  }
  return share;
}

/// The curve that a form has with the constants below, and its measured points.
struct Measured {
  std::vector<double> x;
  std::vector<Quantity> y;
};
constexpr double exponent = -0.8, floor_value = 0.1, steep = -1.5, crossover_at = 128;

inline double true_curve(CurveForm form, double x) {
  switch (form) {
    case CurveForm::power:
      return 10 * std::pow(x, exponent);
    case CurveForm::floor:
      return floor_value + 10 * std::pow(x, exponent);
    case CurveForm::crossover:
      return std::pow(x / crossover_at, steep) + std::pow(x / crossover_at, exponent);
    case CurveForm::exponential:
      return 10 * std::exp(-x / 300);
  }
  return 0;
}
inline double true_exponent(CurveForm form) { return form == CurveForm::exponential ? -1.0 / 300 : exponent; }

inline Measured measure_curve(std::uint64_t seed, CurveForm form, const Ensemble& e, int points = 8) {
  Measured m;
  for (int k = 0; k < points; ++k) {
    m.x.push_back(16 * std::pow(2.0, k));
    if (form == CurveForm::exponential) m.x.back() = 100.0 * (k + 1);
    m.y.push_back(measure(seed, "point" + std::to_string(k), e, true_curve(form, m.x.back())));
  }
  return m;
}

inline Share fit_coverage(CurveForm form, const Ensemble& e, int repetitions) {
  Share share;
  for (int k = 0; k < repetitions; ++k) {
    const Measured m = measure_curve(static_cast<std::uint64_t>(5000 + k), form, e);
    const Quantity found =
        form == CurveForm::power ? fit_power_law(m.x, m.y).exponent : fit_curve(form, m.x, m.y).exponent;
    share.add(found.has_value() && covers(found, true_exponent(form)));
  }
  return share;
}

/// How often a χ² over eight points, all of them exact in truth, is found contradicted at 5 %; with `shift` the truth
/// is off.
inline Share chi2_rejections(const Ensemble& e, int repetitions, double shift) {
  Share share;
  for (int k = 0; k < repetitions; ++k) {
    std::vector<Quantity> differences;
    for (int p = 0; p < 8; ++p)
      differences.push_back(difference(
          measure(static_cast<std::uint64_t>(9000 + k), "point" + std::to_string(p), e, 1 + shift), exact_quantity(1)));
    share.add(joint_chi2(differences).p < error_rate);
  }
  return share;
}

/// How often a family of tests whose truths lie on their margins, where a false contradiction is likeliest, has one.
inline Share family_errors(const Ensemble& e, int tests, int repetitions) {
  Share share;
  for (int k = 0; k < repetitions; ++k) {
    std::vector<TestResult> results;
    for (int t = 0; t < tests; ++t) {
      const Quantity q = measure(static_cast<std::uint64_t>(20000 + 100 * k + t), "a", e, 1);
      results.push_back(join("t", "s", {judge(q, {1, 1.5}, members_for_mean), judge(q, {0.5, 1}, members_for_mean)}));
    }
    correct_family(results);
    share.add(exit_status(results) == 5);
  }
  return share;
}

/// Undecided tests of truths all over the margin, gone on with with `part` of the announced number of draws: how many
/// are decided.
inline Share decided_at(double part, int repetitions) {
  const Allowed allowed{-1, 1};
  Share share;
  for (int k = 0; k < repetitions; ++k) {
    const auto seed = static_cast<std::uint64_t>(40000 + k);
    const double truth = 2 * Stream(seed, Purpose::test, "truth", 0, 0).uniform(0);
    const auto campaign = [&](int draws) {
      Quantity q = measure(seed, "a", {draws, 1, {.draws = 1.5, .initialisations = 0, .rest = 0}}, 1);
      q.value += truth - 1;
      return q;
    };
    constexpr int first = 12;
    const Finding before = judge(campaign(first), allowed, members_for_mean);
    if (before.inside || before.p < error_rate || !(before.more < 50)) continue;
    const int draws = std::max(first, static_cast<int>(std::ceil(part * before.more * first)));
    const Finding after = judge(campaign(draws), allowed, members_for_mean);
    share.add(after.inside || after.p < error_rate);
  }
  return share;
}

/// A planted error of a mean, and how many draws the power calculation names for it.
struct Planted {
  std::int64_t draws = 0;
  Share found;
};
inline Planted planted_mean(double off, double margin, double deviation, int repetitions) {
  Planted planted{members_to_find(off, margin, deviation, members_for_mean), {}};
  for (int k = 0; k < repetitions; ++k) {
    const Ensemble e{static_cast<int>(planted.draws), 1, {.draws = deviation, .initialisations = 0, .rest = 0}};
    Quantity q = measure(static_cast<std::uint64_t>(60000 + k), "a", e, 1);
    planted.found.add(judge(difference(q, exact_quantity(1 - off)), {-margin, margin}, members_for_mean).p <
                      error_rate);
  }
  return planted;
}

/// An exponent off by `off`: the deviation of one draw comes from pilot campaigns of 24 draws.
inline Planted planted_exponent(double off, double margin, int repetitions) {
  const auto campaign = [](std::uint64_t seed, int draws) {
    const Ensemble e{draws, 1, {.draws = 0.1, .initialisations = 0, .rest = 0.5}};
    const Measured m = measure_curve(seed, CurveForm::power, e, 5);
    return fit_power_law(m.x, m.y).exponent;
  };
  constexpr int pilots = 50, pilot_draws = 24;
  double variance = 0;
  for (int k = 0; k < pilots; ++k)
    variance += std::pow(estimate(campaign(static_cast<std::uint64_t>(70000 + k), pilot_draws)).standard_error, 2) *
                pilot_draws / pilots;
  Planted planted{members_to_find(off, margin, std::sqrt(variance), members_for_fit), {}};
  for (int k = 0; k < repetitions; ++k) {
    const Quantity found = campaign(static_cast<std::uint64_t>(80000 + k), static_cast<int>(planted.draws));
    const Quantity distance = difference(found, exact_quantity(exponent + off));
    planted.found.add(judge(distance, {-margin, margin}, members_for_fit).p < error_rate);
  }
  return planted;
}

/// y = E + A N^a + B P^b with the constants of a known fit of language models and independent errors of a part `noise`
/// of y.
struct Published {
  double floor = 1.8172, first = 482.01, second = 2085.43, a = -0.3478, b = -0.3658;
  double error_floor = 0.03, error_exponent = 0.02;  ///< the quoted standard errors
};
inline JointLaw fit_published(const Published& p, double noise, std::uint64_t seed) {
  std::vector<std::array<double, 2>> x;
  std::vector<Quantity> y;
  for (int n = 0; n < 16; ++n)
    for (int d = 0; d < 15; ++d) {
      const double size = 4.4e7 * std::pow(16e9 / 4.4e7, n / 15.0), data = 1e9 * std::pow(500.0, d / 14.0);
      const double exact = p.floor + p.first * std::pow(size, p.a) + p.second * std::pow(data, p.b);
      x.push_back({size, data});
      y.push_back(exact_quantity(exact * (1 + noise * synthetic::normal(seed, "published", n, d))));
      y.back().variance = std::pow(noise * exact, 2);
    }
  return fit_joint_law(x, y, JointLaw::Form::floor);
}

}  // namespace fieldscan::analysis::studies
