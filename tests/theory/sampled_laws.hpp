#pragma once
#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <vector>

#include "../../src/theory/one_theory.hpp"
#include "catch.hpp"

/// The laws of theories whose numbers are sampled.
namespace fieldscan::theory::laws {

template <class T>
Result predicted(const T& theory, const Setting& setting, std::int64_t r = 0) {
  return predict_one(theory, setting, {r, 0}, [&] { return data::make_draw(setting.data, setting.seed, r); });
}

/// Differences of all rows of two predictions in units of their errors, the largest.
inline double largest_gap(const Result& a, const Result& b) {
  double largest = 0;
  for (std::size_t k = 0; k < a.rows.size(); ++k)
    largest = std::max(largest, std::abs(a.rows[k].value - b.rows[k].value) /
                                    std::hypot(a.rows[k].standard_error, b.rows[k].standard_error));
  return largest;
}

/// Spread of a row over seeds, in units of the error that it states.
inline double spread_in_errors(const std::vector<Row>& rows) {
  double mean = 0, square = 0, stated = 0;
  const auto n = static_cast<double>(rows.size());
  for (const Row& row : rows) mean += row.value / n;
  for (const Row& row : rows) square += (row.value - mean) * (row.value - mean) / (n - 1);
  for (const Row& row : rows) stated += row.standard_error * row.standard_error / n;
  return std::sqrt(square / stated);
}

/// Whether the ratio of two stated errors, of twice the samples and of all, may be √½: within 15%, and of a theory
/// whose errors are the spread of n independent estimates unless 2·ratio² is beyond what F(n − 1, n − 1) exceeds, on
/// either side, once in 10⁶.
template <Sampled T>
bool may_be_root_half(double ratio) {
  const double relative = ratio / std::sqrt(0.5);
  if constexpr (requires { T::estimates; }) {
    const double below = cdf(boost::math::fisher_f(T::estimates - 1, T::estimates - 1), relative * relative);
    return std::min(below, 1 - below) > 1e-6;
  } else {
    return std::abs(relative - 1) < 0.15;
  }
}

/// The seed is part of the identity; every row that depends on the samples has an error, which another seed keeps and
/// twice the samples divide by √2; the numbers of 60 seeds spread as the errors say.
template <Sampled T>
void check_samples(const T& theory, const Setting& setting) {
  if (!theory.sampled(theory.inputs(setting))) return;
  const auto seeded = [&](std::uint64_t seed) {
    Setting s = setting;
    s.seed = seed;
    return s;
  };
  const Result one = predicted(theory, setting);
  CHECK(states_predictor_error(one));
  CHECK(predicted(theory, setting).rows == one.rows);
  CHECK(prediction_text_of_one(theory, setting) != prediction_text_of_one(theory, seeded(setting.seed + 1)));
  T more = theory;
  more.samples *= 2;
  const Result twice = predicted(more, setting);
  REQUIRE(twice.rows.size() == one.rows.size());
  for (std::size_t k = 0; k < one.rows.size(); ++k) {
    if (one.rows[k].standard_error == 0 && one.rows[k].value == twice.rows[k].value) continue;  // exact
    if (one.rows[k].observable == listed("solver_residual")) continue;  // of one sample's solver
    if (one.rows[k].observable == listed("predictor_error")) {          // an error itself
      CHECK(may_be_root_half<T>(twice.rows[k].value / one.rows[k].value));
      continue;
    }
    CAPTURE(T::kind, word(one.rows[k].observable), one.rows[k].value, one.rows[k].standard_error,
            twice.rows[k].standard_error / one.rows[k].standard_error);
    CHECK(one.rows[k].standard_error > 0);
    CHECK(may_be_root_half<T>(twice.rows[k].standard_error / one.rows[k].standard_error));
  }
  // Given a draw the data would change with the seed: there the draws' numbers are compared by the theory's own test.
  if (given_of_one(theory) != Given::nothing) return;
  std::vector<Row> first;
  for (std::uint64_t seed = 100; seed < 160; ++seed) {
    first.push_back(predicted(theory, seeded(seed)).rows.at(0));
    if (seed == 100) {
      CHECK_FALSE(first[0] == one.rows[0]);
      CHECK(largest_gap(predicted(theory, seeded(seed)), one) < 4.5);
    }
  }
  // χ of 59 degrees of freedom: relative error 9%.
  CHECK(std::abs(spread_in_errors(first) - 1) < 0.35);
}

}  // namespace fieldscan::theory::laws
