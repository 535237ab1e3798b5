#pragma once
#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/finite_width/width_expansion.hpp"

/// Single units of a hidden layer: their values at the points, over their weights.
namespace fieldscan::theory {

/// A block of n units, or nodes of a rule.
struct Units {
  Matrix train;   ///< φ [P × n]
  Matrix test;    ///< φ* [P* × n]
  Vector weight;  ///< of the mean over them [n], their sum is 1
};

/// The pre-activations of a layer's units as Gaussian variables: train·z and test·z + own∘ξ with independent normals z,
/// ξ. `own` is empty where z says all: in the first layer, where z are the weights.
struct UnitLaw {
  Matrix train;  ///< [P × rank]
  Matrix test;   ///< [P* × rank]
  Vector own;    ///< [P*] or nothing
};
/// x [P × d], test [P* × d]; of the first layer.
UnitLaw first_law(const KernelSpec& spec, const MatrixView& x, const MatrixView& test);
/// Of a layer whose pre-activations have these covariances; every test point is drawn given the training points alone,
/// since no average has two of them.
UnitLaw law_of(Matrix train, const Matrix& cross, const Vector& diagonal);

/// How h and −h are related: an activation that is odd or even gives the same products at both.
enum class Mirror { same, other };
Mirror mirror_of(const network::ActivationChoice& activation);

/// `count` units of block b; with Mirror::other each second one is the first with h → −h.
Units sample_units(const network::ActivationChoice& activation, Mirror mirror, const UnitLaw& law, const Stream& stream,
                   Index count);

/// The degree of a polynomial; 0 of other activations.
int degree_of(const network::ActivationChoice& activation);

/// Nodes of a product rule over the weights of a unit in the first layer: Gauss's with `nodes` nodes a dimension, exact
/// for polynomials up to degree 2·nodes − 1, or equal steps, whose error falls faster than any power of the step.
struct ProductRule {
  Vector node, weight;  ///< of one dimension
};
ProductRule gauss_rule(Index nodes);
ProductRule equal_steps(double step);
/// The nodes first … first + count − 1 of the product.
Units product_units(const network::ActivationChoice& activation, const UnitLaw& law, const ProductRule& rule,
                    Index first, Index count);

}  // namespace fieldscan::theory
