#include "rows_spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/tiled_product.hpp"
#include "fieldscan/theory/average/pool_average.hpp"

namespace fieldscan::theory {

namespace rows_spectrum {
namespace {

constexpr int passes = 2;
constexpr double residual_wanted = 1e-10;
constexpr int most_steps = 500;

/// In units of M: the spectrum of K/M.
TopSpectrum scaled(TopSpectrum top, double rows) {
  top.values /= rows;
  top.residual /= rows;
  top.rest_trace /= rows;
  top.rest_square /= rows * rows;
  return top;
}

Stand with(const Vector& values, std::initializer_list<std::pair<double, double>> rest) {
  const auto more = static_cast<Index>(rest.size());
  Stand stand{.at = Vector(values.size() + more), .count = Vector::Ones(values.size() + more)};
  stand.at.head(values.size()) = values;
  Index i = values.size();
  for (const auto& [at, count] : rest) {
    stand.at[i] = at;
    stand.count[i++] = count;
  }
  return stand;
}

/// With E in full: θ and φ become θ + φ and 0.
Stand coupled(const TopSpectrum& s, std::initializer_list<std::pair<double, double>> rest) {
  const double rounding = 1e-10 * (s.values.size() > 0 ? s.values[0] : 0.0);
  const Vector phi = (s.residual.array() > rounding).select(s.residual.array().square() / s.values.array(), 0.0);
  const Stand moved = with(s.values + phi, rest);
  const Index k = phi.size();
  Stand out{.at = Vector(moved.at.size() + k + 1), .count = Vector(moved.at.size() + k + 1)};
  out.at << moved.at, phi, 0.0;
  out.count << moved.count, -Vector::Ones(k), static_cast<double>(k);
  return out;
}

/// Σ ŵ, Σ ŵ², Σ log(λ + c) over all modes.
struct ModeSums {
  double once, square, log_sum;
};
ModeSums mode_sums(const Stand& stand, double c) {
  const Eigen::ArrayXd w = c / (stand.at.array() + c), n = stand.count.array();
  return {.once = (n * w).sum(), .square = (n * w.square()).sum(), .log_sum = (n * (stand.at.array() + c).log()).sum()};
}

PoolSums<double> pool_sums(const Stand& stand, double points, double ridge) {
  const double modes = stand.count.sum();
  const double c = matched_ridge(modes, stand.at.dot(stand.count), points, ridge,
                                 [&](double at) { return mode_sums(stand, at).once / modes; });
  const ModeSums sums = mode_sums(stand, c);
  return {.c = c, .mean = sums.once / modes, .square = sums.square / modes, .log_sum = sums.log_sum};
}

PoolSums<double> middle(const PoolSums<double>& a, const PoolSums<double>& b) {
  return {.c = std::sqrt(a.c * b.c),
          .mean = (a.mean + b.mean) / 2,
          .square = (a.square + b.square) / 2,
          .log_sum = (a.log_sum + b.log_sum) / 2};
}

}  // namespace
}  // namespace rows_spectrum

std::pair<Stand, Stand> bounding_spectra(const TopSpectrum& s) {
  using rows_spectrum::coupled, rows_spectrum::with;
  const double m0 = s.rest_count, m1 = s.rest_trace, m2 = s.rest_square;
  if (!(m0 > 0 && m1 > 0 && m2 > 0)) return {coupled(s, {{0.0, m0}}), with(s.values, {{0.0, m0}})};
  // No more modes than there are, by Cauchy and Schwarz but for rounding.
  const double at = std::max(m2 / m1, m1 / m0), count = m1 / at;
  const Stand first = coupled(s, {{0.0, m0 - count}, {at, count}});
  const double b = std::max(s.values.size() > 0 ? s.values[s.values.size() - 1] : at, at);
  const double square = b * b * m0 - 2 * b * m1 + m2;
  if (!(b * m0 > m1 && square > 0)) return {first, with(s.values, {{0.0, m0 - count}, {at, count}})};
  const double inner = std::max((b * m1 - m2) / (b * m0 - m1), 0.0), below = (b * m0 - m1) * (b * m0 - m1) / square;
  return {first, with(s.values, {{inner, below}, {b, m0 - below}})};
}

Matrix solve_all_rows(const Matrix& kernel, const TopSpectrum& scaled, double c, const MatrixView& right) {
  const double rows = static_cast<double>(kernel.rows());
  const Vector known = scaled.values.array() / (scaled.values.array() + c);
  const auto nearly_solved = [&](const Matrix& r) {
    return Matrix(
        (r - tiled_product(scaled.vectors, known.asDiagonal() * tiled_transposed_product(scaled.vectors, r))) / c);
  };
  Matrix x = Matrix::Zero(right.rows(), right.cols()), r = right, z = nearly_solved(r), p = z;
  Eigen::ArrayXd form = r.cwiseProduct(z).colwise().sum().transpose();
  const Eigen::ArrayXd wanted = rows_spectrum::residual_wanted * right.colwise().norm().transpose().array();
  for (int step = 0; step < rows_spectrum::most_steps; ++step) {
    if ((r.colwise().norm().transpose().array() <= wanted).all()) return x;
    const Matrix image = tiled_product(kernel, p) / rows + c * p;
    const Eigen::ArrayXd curvature = p.cwiseProduct(image).colwise().sum().transpose();
    // A column that is done stays.
    const Eigen::ArrayXd length = (curvature > 0).select(form / curvature.max(1e-300), 0.0);
    x += p * length.matrix().asDiagonal();
    r -= image * length.matrix().asDiagonal();
    z = nearly_solved(r);
    const Eigen::ArrayXd next = r.cwiseProduct(z).colwise().sum().transpose();
    p = z + p * (form > 0).select(next / form.max(1e-300), 0.0).matrix().asDiagonal();
    form = next;
  }
  throw NumericalError(fmt::format("conjugate gradients on {} rows did not reach a residual of {} in {} steps", rows,
                                   rows_spectrum::residual_wanted, rows_spectrum::most_steps));
}

RowsAverage::RowsAverage(const Matrix& kernel, Index top, double points, double ridge)
    : kernel_(kernel),
      points_(points),
      ridge_(ridge),
      rows_(static_cast<double>(kernel.rows())),
      scaled_(rows_spectrum::scaled(top_spectrum(kernel, top, rows_spectrum::passes), rows_)) {
  const double rounding = 1e-13 * (scaled_.values.sum() + scaled_.rest_trace);
  const auto rank = static_cast<double>((scaled_.values.array() > rounding / rows_).count());
  least_squares_ = ridge == 0 && scaled_.rest_trace <= rounding && rank <= points;
  if (least_squares_) return;
  const auto [first, second] = bounding_spectra(scaled_);
  base_.low = rows_spectrum::pool_sums(first, points, ridge);
  base_.high = rows_spectrum::pool_sums(second, points, ridge);
  base_.value = rows_spectrum::middle(base_.low, base_.high);
  c_ = base_.value.c;
}

/// At the middle by solving; at c(1 + δ) by the derivatives c ∂(gᵀWg) = gᵀWg − gᵀW²g and c ∂(gᵀW²g) = 2 (gᵀW²g −
/// gᵀW³g), the last at its lower bound (gᵀW²g)²/gᵀWg.
RowsAverage::Sums RowsAverage::sums_of(const MatrixView& functions) const {
  Sums out = base_;
  const double power = functions.squaredNorm() / rows_;
  double once = 0, twice = 0;
  if (least_squares_) {
    const Matrix left =
        functions - tiled_product(scaled_.vectors, tiled_transposed_product(scaled_.vectors, functions));
    once = twice = left.squaredNorm() / rows_;
    out.spread = relative_spread(left);
  } else {
    const Matrix missed = c_ * solve_all_rows(kernel_, scaled_, c_, functions);
    once = functions.cwiseProduct(missed).sum() / rows_;
    twice = missed.squaredNorm() / rows_;
    out.spread = relative_spread(missed);
  }
  const double thrice = once > 0 ? twice * twice / once : 0;
  for (PoolSums<double>* sums : {&out.value, &out.low, &out.high}) {
    const double step = least_squares_ ? 0 : std::log(sums->c / c_);
    sums->power = power;
    sums->once = once + step * (once - twice);
    sums->twice = twice + step * 2 * (twice - thrice);
  }
  return out;
}

RowsNumbers RowsAverage::numbers(const MatrixView& targets, double noise_variance) const {
  const Sums sums = sums_of(targets);
  const auto of = [&](const PoolSums<double>& s) {
    return least_squares_
               ? least_squares_numbers(s, static_cast<double>(scaled_.values.size()), points_, noise_variance)
               : pool_numbers(s, rows_, points_, ridge_, noise_variance);
  };
  return {.value = of(sums.value), .low = of(sums.low), .high = of(sums.high), .spread = sums.spread};
}

Bounded RowsAverage::learnability(const Vector& function) const {
  const Sums sums = sums_of(function);
  const auto of = [&](const PoolSums<double>& s) {
    return least_squares_ ? 1 - s.once / s.power : pool_learnability(s);
  };
  return {.value = of(sums.value), .error = std::abs(of(sums.high) - of(sums.low)) / 2};
}

}  // namespace fieldscan::theory
