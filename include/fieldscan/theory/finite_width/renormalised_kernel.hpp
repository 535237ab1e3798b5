#pragma once
#include <array>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/theory/finite_width/kernel_scale.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"

/// Kernels of nonlinear networks after learning, where the layers change by one number each.
namespace fieldscan::theory {

/// How the numbers q_l of the layers enter the kernel of a deep network, K_1 = S:
enum class Closure {
  vanilla,  ///< Π q_l k(… k(S)): what a linear network does
  nested,   ///< q_L k(q_{L−1} k(… q_1 k(S)))
  wishart,  ///< the nested one to first order in each q_l − 1, l < L, all products kept
};
constexpr auto words(Closure) { return std::array<std::string_view, 3>{"vanilla", "nested", "wishart"}; }

/// Whether φ(−z) = −φ(z): then φ(h) has mean zero.
bool is_odd(const network::ActivationChoice& activation);

/// The kernel after learning and what it was found from.
struct RenormalisedKernel {
  Problem problem;      ///< K_R on training and test points
  double scale = 1;     ///< of the readout: 1 + ⟨excess of |a|²⟩/N
  Vector layer;         ///< q_l; of two parameters (Q, 1/(1 + s))
  double action = 0;    ///< S at the solution
  double residual = 0;  ///< of the equations
  /// The largest |q_l′/q_l − 1| of the other solutions, where they are looked for.
  std::optional<double> start_difference = std::nullopt;
};

/// One output and one hidden layer whose units have a mean m_μ = ⟨φ(h_μ)⟩ under the prior:
///
///     K_R = Q (K − M) + M/(1 + s),  M = σ_a² m mᵀ
///     S = (N/2)(log(1 + s) − Q s) + (χ/2) yᵀ(K_R + κ)⁻¹y + ½ log det(K_R + κ), stationary in (Q, s)
///
/// a saddle, no minimum. M has rank one, so that one eigendecomposition of K − M serves all (Q, s). Found from (Q₁,
/// 1/Q₁ − 1), where odd units would be. A ridge of zero is taken as ten times the rounding of tr K/P. Throws
/// NotConverged. Source: S. Ariosto, R. Pacelli, M. Pastore, F. Ginelli, M. Gherardi, P. Rotondo (2022); R. Pacelli et
/// al., Nature Machine Intelligence 5 1497 (2023).
RenormalisedKernel renormalised_with_mean(const KernelSpec& spec, const data::Draw& draw, double ridge, double chi,
                                          double width, double start);

/// One output, L ≥ 2 hidden layers of odd units:
///
///     S = Σ_l (N_l/2)(q_l − log q_l) + (χ/2) yᵀ(K_R + κ)⁻¹y + ½ log det(K_R + κ), stationary in q
///
/// with K_R of `nested` or `wishart`. Several stationary points are possible: the one of least action, of those found
/// by Anderson's mixing from where a kernel with fixed eigenvectors has its own (`scale_starts`: from {0.3, 1, 3}^L).
/// Derivatives by q are central differences of fourth order of the nested kernel, whatever φ; those of `wishart` are
/// 5^(L−1) kernels, formed once. kernel: K with ridge and χ. Throws NotConverged. Source: R. Pacelli et al. (2023);
/// `wishart`: equivalent Wishart ansatz of the public code of deepbays, with a heuristic derivation.
RenormalisedKernel renormalised_deep(const KernelSpec& spec, const data::Draw& draw, const ScaledKernel& kernel,
                                     const std::vector<double>& widths, Closure closure);

/// The kernels of `wishart`: by the subset A of the layers l < L (bit l − 1), d_A of the nested kernel at q = 1.
std::vector<Problem> multilinear_terms(const KernelSpec& spec, const data::Draw& draw);

}  // namespace fieldscan::theory
