#pragma once
#include "neuron_chains.hpp"

/// Monte-Carlo errors of what follows from the saddle, to first order in the inverse number of chains.
namespace fieldscan::theory {

/// The derivative of a number by the averages over p_t: changes of the nodes' weights count with `of_node` [M], and t
/// moves it beside that by `of_t` [P × C].
struct Functional {
  Vector of_node;
  Matrix of_t;
};
Functional no_functional(const Adaptation& adaptation);

/// Of a number with this derivative. Chain k changes ⟨a⟩_t itself, and t through its own share of the gradient of Γ,
///
///     Σ_{m ∈ k} w_m [(a_m − ⟨a⟩) − σ_a² Σ_c (s_mc φ_m − ⟨s_c φ⟩)·q_c],   q = (κ + D)⁻¹ (∂a/∂t + b Cov(a, s φ)),
///
/// and the error is the root of the sum of squares over chains. 0 for nodes of a rule.
double standard_error(const SaddleProblem& problem, const Adaptation& adaptation, const Functional& derivative);

/// The root of Σ_k (Σ_{m ∈ k} v_m)² of every column of v [M × n]: n numbers.
Vector error_over_chains(const Adaptation& adaptation, const Matrix& influence);

}  // namespace fieldscan::theory
