#pragma once
#include <functional>
#include <optional>

#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "fieldscan/theory/regression/solver.hpp"
#include "fieldscan/theory/setting.hpp"

/// What regressions with a kernel predict, whatever network the kernel belongs to.
namespace fieldscan::theory {

/// The posterior of a Gaussian process with kernel K and noise κ, both with 1/χ: rows of `Nngp`. Of several outputs
/// also the accuracy of one network. inverse: (K + κ)⁻¹ of the draw's training points; cross K_X* [P × P*]; diagonal
/// K_** [P*].
Result posterior_rows(const Inverse& inverse, const Matrix& cross, const Vector& diagonal, const data::Draw& draw,
                      double chi, Estimates estimates);
/// The same with all estimates: kernel K [P × P] is moved in and becomes the factor.
Result posterior_rows(Matrix kernel, const Matrix& cross, const Vector& diagonal, const data::Draw& draw, double ridge,
                      double chi);

/// How the kernel of a draw's training points is formed: whole, and used up, or packed, on points of which no two are
/// equal.
struct KernelOfPoints {
  std::function<Matrix()> whole;
  std::function<PackedLower(const Matrix& points)> packed;
};
/// (K + κ)⁻¹ of the points x, in the memory that their number asks for (`is_packed`).
Inverse invert_kernel(const KernelOfPoints& kernel, double ridge, const Matrix& x);

/// The kernel K of the initial outputs, whose variance a network still shows: its columns are formed when they are
/// needed.
struct InitialKernel {
  std::function<Matrix(Index first, Index count)> columns;  ///< K(X, x_first …) [P × count]
  Matrix cross;                                             ///< K_X* [P × P*]
  Vector diagonal;                                          ///< K_** [P*]
  double chi = 1;
};

/// The end of linearised gradient descent with tangent kernel Θ and ridge κ: rows of `NtkRegression`. inverse: (Θ +
/// κ)⁻¹. No initial kernel: the initial output is subtracted, and there is no variance.
Result descent_rows(const Inverse& inverse, const Matrix& tangent_cross, const data::Draw& draw,
                    const std::optional<InitialKernel>& initial, Estimates estimates);

/// The mean of either alone, with α from conjugate gradients on the packed kernel of the points of which no two are
/// equal: its array, its error and learnability. Throws solve::NotConverged where the tolerance is not reached. κ > 0.
Result mean_rows(const KernelOfPoints& kernel, const Matrix& cross, const data::Draw& draw, double ridge,
                 double tolerance);
/// That conjugate gradients have a ridge, without which they follow rounding.
Applicability needs_solution(Solver solver, double ridge);
/// Bytes that it holds at most, and operations in units of P³.
double mean_bytes(double points, double test_points, double outputs);
double cubes_of_gradients(double points);

/// Bytes that `descent_rows` with its arguments holds at most.
double descent_bytes(double points, double test_points, double ridge);
/// The same where kernels are packed wherever `is_packed` says so.
double packed_descent_bytes(double points, double test_points, double ridge);

}  // namespace fieldscan::theory
