#include "factored.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "fieldscan/core/error.hpp"

namespace fieldscan {

namespace {

/// Calls work(solver, first, count) for strips of `columns`, on the threads that tasks set.
template <class Work>
void in_strips_of(const Factored& factor, Index columns, const Work& work) {
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

double least_jitter(Index points, double ridge, double trace, const std::function<bool(double)>& attempt) {
  const double unit = points > 0 ? trace / static_cast<double>(points) : 0;
  const double first = 10 * std::numeric_limits<double>::epsilon() * unit;
  for (double jitter = 0; jitter <= 1e-8 * unit; jitter = jitter == 0 ? first : 10 * jitter) {
    if (attempt(jitter)) return jitter;
    if (!(first > 0)) break;
  }
  throw NumericalError(
      fmt::format("K + κI is not positive definite (P = {}, κ = {}, trace = {}), not even with 1e-8·tr/P more on its "
                  "diagonal; raise the ridge",
                  points, ridge, trace));
}

void half_solve_strips(const Factored& factor, Eigen::Ref<Matrix> x) {
  in_strips_of(factor, x.cols(), [&](StripSolver& solver, Index begin, Index count) {
    solver.half_solve(0, x.middleCols(begin, count));
  });
}

void solve_strips(const Factored& factor, Eigen::Ref<Matrix> x) {
  in_strips_of(factor, x.cols(), [&](StripSolver& solver, Index begin, Index count) {
    solver.half_solve(0, x.middleCols(begin, count));
    solver.back_solve(0, x.middleCols(begin, count));
  });
}

/// A few columns at a time; those of L⁻¹ are zero above the diagonal.
void inverse_strips(const Factored& factor, Eigen::Ref<Matrix> out) {
  in_strips_of(factor, out.cols(), [&](StripSolver& solver, Index begin, Index count) {
    auto below = out.block(begin, begin, out.rows() - begin, count);
    below.setIdentity();
    solver.half_solve(begin / tile_height, below);
    solver.back_solve(begin / tile_height, below);
  });
}

Vector inverse_diagonal_strips(const Factored& factor) {
  const Index points = factor.lower.rows();
  Vector sums(points);
  in_strips_of(factor, points, [&](StripSolver& solver, Index begin, Index count) {
    Matrix part = Matrix::Identity(points - begin, count);
    solver.half_solve(begin / tile_height, part);
    sums.segment(begin, count) = part.colwise().squaredNorm();
  });
  return sums;
}

double inverse_norm(Index n, const std::function<void(Vector&)>& solve_in_place) {
  const auto solved = [&](Vector x) {
    solve_in_place(x);
    return x;
  };
  const auto signs = [](const Vector& x) { return Vector(x.unaryExpr([](double v) { return v < 0 ? -1.0 : 1.0; })); };
  Vector v = solved(Vector::Constant(n, 1 / static_cast<double>(n)));
  double largest = v.lpNorm<1>();
  if (n == 1) return largest;
  Vector sign = signs(v), slope = solved(sign);
  constexpr int most_steps = 5;
  for (int step = 2; step <= most_steps; ++step) {
    Index at = 0;
    slope.cwiseAbs().maxCoeff(&at);
    v = solved(Vector::Unit(n, at));
    const double found = v.lpNorm<1>();
    if (!(found > largest)) break;
    largest = found;
    if (signs(v) == sign) break;
    sign = signs(v);
    slope = solved(sign);
    if (std::abs(slope[at]) == slope.cwiseAbs().maxCoeff()) break;
  }
  Vector alternating(n);
  for (Index i = 0; i < n; ++i)
    alternating[i] = (i % 2 == 0 ? 1 : -1) * (1 + static_cast<double>(i) / static_cast<double>(n - 1));
  return std::max(largest, 2 * solved(alternating).lpNorm<1>() / (3 * static_cast<double>(n)));
}

}  // namespace fieldscan
