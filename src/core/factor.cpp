#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "fieldscan/core/cost.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "parallel.hpp"
#include "tiled_cholesky.hpp"

namespace fieldscan {

namespace {

/// So many right-hand sides are solved for together; fewer one by one.
constexpr Index together = 16;

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

/// Calls work(solver, first, count) for strips of `columns`, on the threads that tasks set.
template <class Work>
void in_strips_of(const Factor& factor, Index columns, const Work& work) {
  constexpr Index strip = StripSolver::most_columns;
  const Index strips = (columns + strip - 1) / strip;
  const int threads = static_cast<int>(std::min<Index>(linear_algebra_threads(), strips));
  std::vector<StripSolver> solvers;
  for (int worker = 0; worker < std::max(threads, 1); ++worker) solvers.emplace_back(factor.lower, factor.diagonal);
  in_parallel(strips, threads, [&](Index i, int worker) {
    work(solvers[static_cast<std::size_t>(worker)], i * strip, std::min(strip, columns - i * strip));
  });
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
  const double unit = points > 0 ? trace / static_cast<double>(points) : 0;
  const double first = 10 * std::numeric_limits<double>::epsilon() * unit;
  for (double jitter = 0; jitter <= 1e-8 * unit; jitter = jitter == 0 ? first : 10 * jitter) {
    if (jitter > 0) {
      kernel.transposeInPlace();
      mirror_lower(kernel);
      kernel.diagonal() = diagonal.array() + (ridge + jitter);
    }
    if (auto tiles = factorise_tiles(kernel, linear_algebra_threads())) {
      kernel.triangularView<Eigen::StrictlyUpper>().setZero();
      return {.lower = std::move(kernel), .diagonal = std::move(*tiles), .jitter = jitter, .norm = norm};
    }
    if (!(first > 0)) break;
  }
  throw NumericalError(
      fmt::format("K + κI is not positive definite (P = {}, κ = {}, trace = {}), not even with 1e-8·tr/P more on its "
                  "diagonal; raise the ridge",
                  points, ridge, trace));
}

double factor_room(double points) {
  const double width = std::min(points, static_cast<double>(tile_height));
  return points * width * (1 + 2 * threads_of(points));
}

double Factor::log_determinant() const { return 2 * lower.diagonal().array().log().sum(); }

void Factor::half_solve_in_place(Eigen::Ref<Matrix> x) const {
  if (x.cols() < together)
    for (auto column : x.colwise()) lower.triangularView<Eigen::Lower>().solveInPlace(column);
  else
    in_strips_of(*this, x.cols(), [&](StripSolver& solver, Index begin, Index count) {
      solver.half_solve(0, x.middleCols(begin, count));
    });
}

void Factor::solve_in_place(Eigen::Ref<Matrix> x) const {
  if (x.cols() < together)
    for (auto column : x.colwise()) {
      lower.triangularView<Eigen::Lower>().solveInPlace(column);
      lower.triangularView<Eigen::Lower>().transpose().solveInPlace(column);
    }
  else
    in_strips_of(*this, x.cols(), [&](StripSolver& solver, Index begin, Index count) {
      solver.half_solve(0, x.middleCols(begin, count));
      solver.back_solve(0, x.middleCols(begin, count));
    });
}

/// A few columns at a time; those of C⁻¹ are zero above the diagonal.
Matrix Factor::inverse() const {
  const Index points = lower.rows();
  Matrix out = Matrix::Zero(points, points);
  in_strips_of(*this, points, [&](StripSolver& solver, Index begin, Index count) {
    auto below = out.block(begin, begin, points - begin, count);
    below.topRows(count).setIdentity();
    solver.half_solve(begin / tile_height, below);
    solver.back_solve(begin / tile_height, below);
  });
  mirror_lower(out);
  return out;
}

Vector Factor::inverse_diagonal() const {
  const Index points = lower.rows();
  Vector sums(points);
  in_strips_of(*this, points, [&](StripSolver& solver, Index begin, Index count) {
    Matrix part = Matrix::Identity(points - begin, count);
    solver.half_solve(begin / tile_height, part);
    sums.segment(begin, count) = part.colwise().squaredNorm();
  });
  return sums;
}

/// N. Higham, "FORTRAN codes for estimating the one-norm of a real or complex matrix", ACM TOMS 14 (1988),
/// algorithm 4.1, for the symmetric A⁻¹: as LAPACK's dpocon.
double Factor::condition() const {
  const Index points = lower.rows();
  if (points == 0) return 1;
  const auto solved = [&](Vector x) {
    solve_in_place(x);
    return x;
  };
  const auto signs = [](const Vector& x) { return Vector(x.unaryExpr([](double v) { return v < 0 ? -1.0 : 1.0; })); };
  Vector v = solved(Vector::Constant(points, 1 / static_cast<double>(points)));
  double largest = v.lpNorm<1>();
  if (points == 1) return norm * largest;
  Vector sign = signs(v), slope = solved(sign);
  constexpr int most_steps = 5;
  for (int step = 2; step <= most_steps; ++step) {
    Index at = 0;
    slope.cwiseAbs().maxCoeff(&at);
    v = solved(Vector::Unit(points, at));
    const double found = v.lpNorm<1>();
    if (!(found > largest)) break;
    largest = found;
    if (signs(v) == sign) break;
    sign = signs(v);
    slope = solved(sign);
    if (std::abs(slope[at]) == slope.cwiseAbs().maxCoeff()) break;
  }
  Vector alternating(points);
  for (Index i = 0; i < points; ++i)
    alternating[i] = (i % 2 == 0 ? 1 : -1) * (1 + static_cast<double>(i) / static_cast<double>(points - 1));
  largest = std::max(largest, 2 * solved(alternating).lpNorm<1>() / (3 * static_cast<double>(points)));
  return norm * largest;
}

}  // namespace fieldscan
