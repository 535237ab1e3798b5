#pragma once
#include "fieldscan/core/random.hpp"
#include "fieldscan/network/activation/list.hpp"
#include "saddle.hpp"

/// Weights of one neuron under the tilted density p_t of the saddle: by a rule of nodes, or by chains.
namespace fieldscan::theory {

/// The saddle, and the nodes that it was found on.
struct Adaptation {
  Population population;
  Saddle saddle;
  double rule_error = 0;  ///< of a rule: change of t, relative, with the nodes that are closer by a third
};

/// By equidistant nodes in D ≤ 3 dimensions, closer until t stands still to 1e-10: spectral accuracy for smooth φ.
/// inputs x̃ [P × D]; start: t at b = 0. Throws NotConverged where so many nodes do not lead to 1e-5.
Adaptation adapt_by_rule(const network::ActivationChoice& activation, const Matrix& inputs,
                         const SaddleProblem& problem, const Matrix& start);

/// By annealed importance sampling: chains start at the prior and are moved by Hamiltonian Monte Carlo while b rises
/// from 0 in steps that change the weights little, t following by Newton's method on the weighted chains; at the end
/// each leaves `samples_per_chain` samples, on all of which the saddle is found. Chains never meet: their weights are
/// unbiased whatever modes p_t has, and what they say is independent.
///
/// The density depends on z through z·x̃ alone: of more dimensions than points the chains move in the span of the
/// inputs, and the rest of z is drawn afresh. Throws NotConverged where few chains carry all the weight. Source: R.
/// Neal, "Annealed importance sampling", Statistics and Computing 11 (2001).
Adaptation adapt_by_chains(const network::ActivationChoice& activation, const Matrix& inputs,
                           const SaddleProblem& problem, const Matrix& start, Index samples, const Stream& stream);

inline constexpr Index samples_per_chain = 8;

}  // namespace fieldscan::theory
