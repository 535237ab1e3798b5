#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/dynamics.hpp"
#include "fieldscan/network/network.hpp"

/// Deep linear networks whose layers are of rank one and fit onto one another,
///
///     W¹ = v₁ ωᵀ,  Wˡ⁺¹ = p_l v_{l+1} v_lᵀ,  a = p_L v_L   with |v_l| = 1:   f(x) = S p₁ … p_L ω·x.
///
/// The gradient of every layer is of the same form, with the same v_l: descent of all parameters is descent of ω and
/// the p_l, exactly, at any width, in steps as in time, with momentum and ridge. Balanced ones (|ω| = p_l), where the
/// inputs are white and ω looks along Σ y x, have u = S p^D that grows as du/dt = D S^{2/D} u^{2 − 2/D} (s − u) λ,
/// Saxe's mode of D = L + 1 matrices.
///
/// Source: Saxe, McClelland, Ganguli, ICLR (2014); Arora, Cohen, Hazan, "On the optimization of deep networks", ICML
/// (2018). Steps, momentum, ridge and any inputs: derived.
namespace fieldscan::theory {

struct BalancedChain {
  Vector first;  ///< ω [d]
  Vector sizes;  ///< p₁ … p_L
};

struct BalancedProblem {
  Matrix x;          ///< training points [P × d]
  Vector label;      ///< y; where the output at initialisation is subtracted, y + f₀ [P]
  double scale = 1;  ///< S, the product of the layers' scales
  Vector rates;      ///< of the rates of W¹ … a relative to η [L + 1]
  double pull = 0;   ///< κ/χ
  dynamics::Anchor anchor = dynamics::Anchor::initial;
};

/// The chain of a network's parameters, which must be of this form.
BalancedChain chain_of(const network::Network& network, const Vector& theta);
/// w of f(x) = w·x [d].
Vector weights_of(const BalancedProblem& problem, const BalancedChain& chain);

/// w after the given steps of η with momentum β (rising), a column each, as far as the loss stays below `largest`.
Matrix descend_chain(const BalancedProblem& problem, const BalancedChain& start, double rate, double momentum,
                     const std::vector<std::int64_t>& steps, double largest);
/// w at every time, and the estimated error of the chain at the last one (`solve::integrate`).
struct ChainFlow {
  Matrix weights;  ///< [d × times]
  double error = 0;
};
/// The same for dθ/dt = −χ ∇ℒ at times, to some 10⁻¹⁰; late ones are those of the state at rest. Throws
/// solve::NotConverged where slow modes still move when the solver's steps, a few per time of the fastest, are used up.
ChainFlow flow_of_chain(const BalancedProblem& problem, const BalancedChain& start, double chi,
                        const std::vector<double>& times);

}  // namespace fieldscan::theory
