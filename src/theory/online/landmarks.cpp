#include "landmarks.hpp"

#include <algorithm>
#include <cmath>

#include "fieldscan/core/solve/ode.hpp"
#include "fieldscan/network/order_parameters.hpp"

namespace fieldscan::theory {

namespace landmarks {

namespace {

constexpr int newton_steps = 30;
constexpr double at_rest = 1e-11;    ///< |dx/dt| over the rate and the size of x
constexpr double difference = 1e-5;  ///< of order parameters, in derivatives
constexpr double marginal = 1e-6;    ///< growth rates below, over the rate, are rounding: directions that do nothing
constexpr double rate_accuracy = 1e-4, largest_factor = 1000;
constexpr Index parts_of_interval = 64;

CommitteeRates times(const CommitteeRates& rates, double factor) {
  return {.drift = factor * rates.drift,
          .noise = factor * factor * rates.noise,
          .amplitude = factor * rates.amplitude,
          .label_variance = rates.label_variance};
}

double pace(const CommitteeRates& rates) { return std::max(rates.drift, rates.amplitude); }

/// dx/dt; what is antisymmetric in Q is taken out.
Vector slope_at(const CommitteeUnit& unit, const Committee& like, const CommitteeRates& rates, const Vector& x) {
  Committee state = committee_at(x, like);
  state.own = 0.5 * (state.own + state.own.transpose()).eval();
  const CommitteeSlope slope = committee_slope(unit, state, rates);
  return order_vector(slope.own, slope.cross, slope.amplitude);
}

Matrix jacobian(const CommitteeUnit& unit, const Committee& like, const CommitteeRates& rates, const Vector& x) {
  Matrix out(x.size(), x.size());
  for (Index k = 0; k < x.size(); ++k) {
    Vector above = x, below = x;
    above[k] += difference, below[k] -= difference;
    out.col(k) = (slope_at(unit, like, rates, above) - slope_at(unit, like, rates, below)) / (2 * difference);
  }
  // What is held is no unknown.
  if (rates.amplitude == 0) out.rightCols(like.amplitude.size()).setZero();
  if (rates.drift == 0) out.leftCols(like.own.size() + like.cross.size()).setZero();
  return out;
}

Vector vector_of(const Committee& state) { return order_vector(state.own, state.cross, state.amplitude); }

/// Whether no small deviation grows.
bool holds(const Matrix& slopes, const CommitteeRates& rates) {
  const Eigen::VectorXcd growth = slopes.eigenvalues();
  return growth.real().maxCoeff() <= marginal * pace(rates);
}

}  // namespace

}  // namespace landmarks

Vector order_vector(const Matrix& own, const Matrix& cross, const Vector& amplitude) {
  Vector x(own.size() + cross.size() + amplitude.size());
  x << own.reshaped(), cross.reshaped(), amplitude;
  return x;
}

Committee committee_at(const VectorView& x, Committee like) {
  const Index own = like.own.size(), cross = like.cross.size();
  like.own.reshaped() = x.head(own);
  like.cross.reshaped() = x.segment(own, cross);
  like.amplitude = x.tail(x.size() - own - cross);
  return like;
}

Matrix unit_overlaps(const Committee& state) {
  return state.cross * state.teacher.diagonal().cwiseSqrt().cwiseInverse().asDiagonal();
}

std::optional<double> plateau_length(const CommitteeUnit& unit, const Committee& like, const CommitteeRates& rates,
                                     const std::vector<double>& times, const Matrix& states) {
  const double level = 0.5 * like.teacher.diagonal().cwiseSqrt().mean();
  const auto above = [&](const VectorView& x) {
    return network::specialisation_of(unit_overlaps(committee_at(x, like))) - level;
  };
  Index k = 0;
  while (k < states.cols() && above(states.col(k)) < 0) ++k;
  if (k == 0 || k == states.cols()) return std::nullopt;
  // The interval in parts, and the part in parts again: what is left is a straight line.
  double low = times[static_cast<std::size_t>(k - 1)], high = times[static_cast<std::size_t>(k)];
  Vector start = states.col(k - 1);
  for (int refinement = 0; refinement < 2; ++refinement) {
    const Vector parts = Vector::LinSpaced(landmarks::parts_of_interval + 1, low, high);
    const auto course = solve::integrate(
        [&](const VectorView& x, double, Eigen::Ref<Vector> slope) {
          slope = landmarks::slope_at(unit, like, rates, x);
        },
        start, {parts.data(), static_cast<std::size_t>(parts.size())}, {.relative = 1e-9, .absolute = 1e-11});
    Index p = 1;
    while (p < course.value.cols() && above(course.value.col(p)) < 0) ++p;
    if (p >= course.value.cols()) return high;  // by rounding
    low = parts[p - 1], high = parts[p], start = course.value.col(p - 1);
    if (refinement == 0) continue;
    const double before = above(start), after = above(course.value.col(p));
    return low + (high - low) * before / (before - after);
  }
  return std::nullopt;
}

std::optional<Committee> stationary_state(const CommitteeUnit& unit, const Committee& near,
                                          const CommitteeRates& rates) {
  if (std::holds_alternative<network::Relu>(unit) || !(landmarks::pace(rates) > 0)) return std::nullopt;
  Vector x = landmarks::vector_of(near);
  for (int n = 0; n < landmarks::newton_steps; ++n) {
    const Vector slope = landmarks::slope_at(unit, near, rates, x);
    if (!slope.allFinite()) return std::nullopt;
    const Matrix slopes = landmarks::jacobian(unit, near, rates, x);
    if (!slopes.allFinite()) return std::nullopt;
    if (slope.norm() <= landmarks::at_rest * landmarks::pace(rates) * x.norm()) {
      if (!landmarks::holds(slopes, rates)) return std::nullopt;
      return committee_at(x, near);
    }
    Eigen::CompleteOrthogonalDecomposition<Matrix> solver;
    solver.setThreshold(1e-7);  // directions that do nothing are not moved along
    x -= solver.compute(slopes).solve(slope);
  }
  return std::nullopt;
}

std::optional<double> critical_factor(const CommitteeUnit& unit, const Committee& state, const CommitteeRates& rates) {
  double low = 1, high = 1;
  Committee held = state;
  while (high < landmarks::largest_factor) {
    high = 1.2 * low;
    const auto next = stationary_state(unit, held, landmarks::times(rates, high));
    if (!next) break;
    low = high, held = *next;
  }
  if (high >= landmarks::largest_factor) return std::nullopt;
  while (high - low > landmarks::rate_accuracy * low) {
    const double middle = 0.5 * (low + high);
    const auto next = stationary_state(unit, held, landmarks::times(rates, middle));
    if (next)
      low = middle, held = *next;
    else
      high = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace fieldscan::theory
