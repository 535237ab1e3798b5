#include "fieldscan/core/packed_factor.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "factored.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan {

namespace packed {
namespace {

void add_to_diagonal(PackedLower& a, double more) {
  for (Index i = 0; i < a.rows(); ++i) a(i, i) += more;
}

/// x ← L⁻¹x of one column.
void half_solve_one(const PackedLower& lower, Eigen::Ref<Vector> x) {
  for (Index c = 0; c < lower.columns(); ++c) {
    const Matrix& own = lower.column(c);
    auto here = x.segment(c * PackedLower::width, own.cols());
    own.topRows(own.cols()).triangularView<Eigen::Lower>().solveInPlace(here);
    x.tail(own.rows() - own.cols()) -= own.bottomRows(own.rows() - own.cols()) * here;
  }
}

/// x ← L⁻ᵀx of one column.
void back_solve_one(const PackedLower& lower, Eigen::Ref<Vector> x) {
  for (Index c = lower.columns() - 1; c >= 0; --c) {
    const Matrix& own = lower.column(c);
    auto here = x.segment(c * PackedLower::width, own.cols());
    const Index below = own.rows() - own.cols();
    here -= own.bottomRows(below).transpose() * x.tail(below);
    own.topRows(own.cols()).triangularView<Eigen::Lower>().transpose().solveInPlace(here);
  }
}

}  // namespace
}  // namespace packed

PackedFactor packed_factor(const std::function<PackedLower()>& make, double ridge) {
  PackedFactor out{.lower = make()};
  const Index points = out.lower.rows();
  const double trace = out.lower.trace() + static_cast<double>(points) * ridge;
  if (points > 0 && (!std::isfinite(trace) || !out.lower.is_finite()))
    throw NumericalError(fmt::format("the matrix to factorise is not finite (P = {}, κ = {})", points, ridge));
  packed::add_to_diagonal(out.lower, ridge);
  out.norm = out.lower.one_norm();
  out.jitter = least_jitter(points, ridge, trace, [&](double more) {
    if (more > 0) {
      out.lower = {};
      out.lower = make();
      packed::add_to_diagonal(out.lower, ridge + more);
    }
    auto tiles = factorise_tiles(Tiles(out.lower), linear_algebra_threads());
    if (tiles) out.diagonal = std::move(*tiles);
    return tiles.has_value();
  });
  return out;
}

double PackedFactor::log_determinant() const {
  double sum = 0;
  for (Index c = 0; c < lower.columns(); ++c) sum += lower.column(c).diagonal().array().log().sum();
  return 2 * sum;
}

void PackedFactor::half_solve_in_place(Eigen::Ref<Matrix> x) const {
  if (x.cols() < solved_together)
    for (Index k = 0; k < x.cols(); ++k) packed::half_solve_one(lower, x.col(k));
  else
    half_solve_strips({ConstTiles(lower), diagonal}, x);
}

void PackedFactor::solve_in_place(Eigen::Ref<Matrix> x) const {
  if (x.cols() < solved_together)
    for (Index k = 0; k < x.cols(); ++k) {
      packed::half_solve_one(lower, x.col(k));
      packed::back_solve_one(lower, x.col(k));
    }
  else
    solve_strips({ConstTiles(lower), diagonal}, x);
}

Vector PackedFactor::inverse_diagonal() const { return inverse_diagonal_strips({ConstTiles(lower), diagonal}); }

double PackedFactor::condition() const {
  if (lower.rows() == 0) return 1;
  return norm * inverse_norm(lower.rows(), [&](Vector& x) { solve_in_place(x); });
}

}  // namespace fieldscan
