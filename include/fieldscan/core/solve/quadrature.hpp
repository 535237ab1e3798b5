#pragma once
#include <complex>
#include <functional>
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/solved.hpp"

/// Integrals of functions of one variable, and rules of nodes and weights.
namespace fieldscan::solve {

struct QuadratureLimits {
  double relative = 1e-12;  ///< of ∫|f|, for the estimate of the error
  unsigned halvings = 12;   ///< of the interval, or of the step
};

/// ∫ f over [low, high], whose ends may be infinite: adaptive Gauss–Kronrod, 15 and 31 points (Boost.Math). For smooth
/// functions, also with narrow peaks; at a kink the interval is for the caller to cut. residual: the estimated error.
/// Not converged where that is above relative ∫|f|, or f not finite.
Solved<double> integral(const std::function<double(double)>& f, double low, double high,
                        const QuadratureLimits& limits = {});

/// The same by tanh-sinh (Boost.Math): for functions that are smooth inside and singular at the ends, which are not
/// evaluated. Source: H. Takahasi, M. Mori, Publications of RIMS 9 (1974).
Solved<double> integral_singular_ends(const std::function<double(double)>& f, double low, double high,
                                      const QuadratureLimits& limits = {});

/// Nodes and weights.
struct Rule {
  Vector node, weight;
};

/// The rule of Gauss for a density of total weight 1 whose orthonormal polynomials have the recurrence
/// x p_k = b_{k+1} p_{k+1} + b_k p_{k−1}, from b_1 … b_{n−1}: n nodes, descending (eigenvalues of the Jacobi matrix).
/// Source: G. Golub, J. Welsch, Mathematics of Computation 23 (1969).
Rule rule_of_recurrence(const VectorView& b);

/// Nodes of a contour around the negative axis, for 𝓛⁻¹[F](t) = 2 Re Σ weight F(u): those in the upper half plane;
/// their mirror images have conjugate weights. 24 nodes in all, error about 10⁻¹⁴ for F that is analytic off the
/// negative axis. t > 0. Source: A. Talbot; J. Weideman, "Optimizing Talbot's contours for the inversion of the Laplace
/// transform", SIAM Journal on Numerical Analysis 44 (2006).
struct ContourNode {
  std::complex<double> u, weight;
};
std::vector<ContourNode> inverse_laplace_contour(double time);

}  // namespace fieldscan::solve
