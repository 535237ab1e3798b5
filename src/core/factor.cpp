#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
#include <utility>

#include "factored.hpp"
#include "fieldscan/core/cost.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan {

namespace {

bool lower_is_finite(const Matrix& a) {
  for (Index j = 0; j < a.cols(); ++j)
    if (!a.col(j).tail(a.rows() - j).allFinite()) return false;
  return true;
}

/// Largest absolute column sum of a symmetric matrix of which both triangles are there.
double one_norm(const Matrix& symmetric) {
  double largest = 0;
  for (const auto& column : symmetric.colwise()) largest = std::max(largest, column.lpNorm<1>());
  return largest;
}

}  // namespace

Factor factor(Matrix kernel, double ridge) {
  assert(kernel.rows() == kernel.cols() && "a kernel is square");
  const Index points = kernel.rows();
  const double trace = kernel.trace() + static_cast<double>(points) * ridge;
  if (points > 0 && (!std::isfinite(trace) || !lower_is_finite(kernel)))
    throw NumericalError(fmt::format("the matrix to factorise is not finite (P = {}, κ = {})", points, ridge));
  const Vector diagonal = kernel.diagonal();
  mirror_lower(kernel);  // what a failed attempt overwrites below the diagonal is kept above it
  kernel.diagonal().array() += ridge;
  const double norm = one_norm(kernel);
  std::optional<DiagonalTiles> tiles;
  const double jitter = least_jitter(points, ridge, trace, [&](double more) {
    if (more > 0) {
      kernel.transposeInPlace();
      mirror_lower(kernel);
      kernel.diagonal() = diagonal.array() + (ridge + more);
    }
    tiles = factorise_tiles(Tiles(kernel), linear_algebra_threads());
    return tiles.has_value();
  });
  kernel.triangularView<Eigen::StrictlyUpper>().setZero();
  return {.lower = std::move(kernel), .diagonal = std::move(*tiles), .jitter = jitter, .norm = norm};
}

double factor_room(double points) {
  const double width = std::min(points, static_cast<double>(tile_height));
  return points * width * (1 + 2 * threads_of(points));
}

double Factor::log_determinant() const { return 2 * lower.diagonal().array().log().sum(); }

void Factor::half_solve_in_place(Eigen::Ref<Matrix> x) const {
  if (x.cols() < solved_together)
    for (auto column : x.colwise()) lower.triangularView<Eigen::Lower>().solveInPlace(column);
  else
    half_solve_strips({ConstTiles(lower), diagonal}, x);
}

void Factor::solve_in_place(Eigen::Ref<Matrix> x) const {
  if (x.cols() < solved_together)
    for (auto column : x.colwise()) {
      lower.triangularView<Eigen::Lower>().solveInPlace(column);
      lower.triangularView<Eigen::Lower>().transpose().solveInPlace(column);
    }
  else
    solve_strips({ConstTiles(lower), diagonal}, x);
}

Matrix Factor::inverse() const {
  Matrix out = Matrix::Zero(lower.rows(), lower.rows());
  inverse_strips({ConstTiles(lower), diagonal}, out);
  mirror_lower(out);
  return out;
}

Vector Factor::inverse_diagonal() const { return inverse_diagonal_strips({ConstTiles(lower), diagonal}); }

double Factor::condition() const {
  if (lower.rows() == 0) return 1;
  return norm * inverse_norm(lower.rows(), [&](Vector& x) { solve_in_place(x); });
}

}  // namespace fieldscan
