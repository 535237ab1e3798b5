#include <cmath>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/feature_dynamics/units_in_time.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index rows_per_column = 4;  ///< below, second moments that are made exact distort the rows
constexpr Index own_nodes = 40;

/// Gauss's rule of a normal variable: Hermite polynomials have b_k = √k.
solve::Rule normal_rule(Index nodes) {
  if (nodes == 1) return {.node = Vector::Zero(1), .weight = Vector::Ones(1)};
  return solve::rule_of_recurrence(Vector::LinSpaced(nodes - 1, 1, static_cast<double>(nodes - 1)).cwiseSqrt());
}

}  // namespace

Moments moments_of(Index rows, Index columns) {
  return rows >= rows_per_column * columns ? Moments::exact : Moments::drawn;
}

/// Z C⁻ᵀ with C Cᵀ = Zᵀ Z/rows.
Matrix with_moments(const MatrixView& normals, Moments moments) {
  if (moments == Moments::drawn) return normals;
  const Factor f = factor(normals.transpose() * normals / static_cast<double>(normals.rows()), 0);
  return f.half_solve(Matrix(normals.transpose())).transpose();
}

Matrix beside(const MatrixView& columns, const MatrixView& normals, Moments moments) {
  if (moments == Moments::drawn || columns.size() == 0) return columns;
  const auto rows = static_cast<double>(normals.rows());
  Matrix out = columns - normals * (normals.transpose() * columns / rows);
  out *= (std::sqrt(rows) * out.colwise().norm().cwiseInverse()).asDiagonal();
  return out;
}

UnitSample paired_units(const MatrixView& normals, const MatrixView& own, Moments moments) {
  const Matrix z = with_moments(normals, moments);
  const Index pairs = z.rows(), rank = z.cols() - 1;
  UnitSample out{.readout = Vector(2 * pairs),
                 .normals = Matrix(2 * pairs, rank),
                 .weight = Vector::Constant(2 * pairs, 0.5 / static_cast<double>(pairs)),
                 .own = Matrix(own.cols() > 0 ? 2 * pairs : 0, own.cols()),
                 .own_rule = normal_rule(1)};
  out.readout << z.col(0), -z.col(0);
  out.normals << z.rightCols(rank), z.rightCols(rank);
  if (own.cols() > 0) out.own = beside(own, z, moments).replicate(2, 1);
  return out;
}

UnitSample second_moment_units(Index rank) {
  const Index n = rank + 1;
  const Matrix z = std::sqrt(static_cast<double>(n)) * Matrix::Identity(n, n);
  return {.readout = z.col(0),
          .normals = z.rightCols(rank),
          .weight = Vector::Constant(n, 1 / static_cast<double>(n)),
          .own = {},
          .own_rule = normal_rule(1)};
}

UnitSample product_units_in_ball(Index rank, double spacing, double radius) {
  const auto half = static_cast<Index>(std::floor(radius / spacing)), side = 2 * half + 1;
  Index cells = 1, count = 0;
  for (Index k = 0; k <= rank; ++k) cells *= side;
  Matrix node(cells, rank + 1);
  for (Index cell = 0; cell < cells; ++cell) {
    for (Index k = 0, rest = cell; k <= rank; ++k, rest /= side)
      node(count, k) = spacing * static_cast<double>(rest % side - half);
    if (node.row(count).squaredNorm() <= radius * radius) ++count;
  }
  const Matrix z = node.topRows(count);
  Vector weight = (-0.5 * z.rowwise().squaredNorm().array()).exp();
  weight /= weight.sum();
  return {.readout = z.col(0),
          .normals = z.rightCols(rank),
          .weight = std::move(weight),
          .own = {},
          .own_rule = normal_rule(own_nodes)};
}

}  // namespace fieldscan::theory
