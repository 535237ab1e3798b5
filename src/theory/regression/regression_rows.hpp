#pragma once
#include <functional>
#include <optional>

#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"

/// What regressions with a kernel predict, whatever network the kernel belongs to.
namespace fieldscan::theory {

/// The posterior of a Gaussian process with kernel K and noise κ, both with 1/χ: rows of `Nngp`. Of several outputs
/// also the accuracy of one network.
/// kernel K [P × P] is moved in and becomes the factor; cross K_X* [P × P*]; diagonal K_** [P*].
Result posterior_rows(Matrix kernel, const Matrix& cross, const Vector& diagonal, const data::Draw& draw, double ridge,
                      double chi);

/// The kernel K of the initial outputs, whose variance a network still shows: its columns are formed when they are
/// needed.
struct InitialKernel {
  std::function<Matrix(Index first, Index count)> columns;  ///< K(X, x_first …) [P × count]
  Matrix cross;                                             ///< K_X* [P × P*]
  Vector diagonal;                                          ///< K_** [P*]
  double chi = 1;
};

/// The end of linearised gradient descent with tangent kernel Θ and ridge κ: rows of `NtkRegression`. Θ is moved in and
/// becomes the factor. No initial kernel: the initial output is subtracted, and there is no variance.
Result descent_rows(Matrix tangent, const Matrix& tangent_cross, const data::Draw& draw, double ridge,
                    const std::optional<InitialKernel>& initial);

/// Bytes that `descent_rows` with its arguments holds at most.
double descent_bytes(double points, double test_points, double ridge);

}  // namespace fieldscan::theory
