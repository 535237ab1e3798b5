#pragma once
#include <span>

#include "fieldscan/core/product.hpp"

/// Matrix products of factors whose columns lie anywhere in memory. What the filters of a convolution see of a layer
/// are columns of that layer, each moved by another number of positions: nothing has to be copied together.
///
/// One core, in the inner block of core/product.hpp: every element is one sum in the order of the summands, with bits
/// that do not depend on the other sizes.
namespace fieldscan {

/// One summand u vᵀ of a product: the numbers of u lie one after another, those of v so many apart as the product says.
template <class Scalar>
struct OuterSummand {
  const Scalar* left;
  const Scalar* right;
};

/// out = scale · Σ_l u_l v_lᵀ, or added: out [m × n], u_l [m], v_l [n] with element j at right + j · apart.
template <class Scalar>
void sum_outer(Scalar scale, std::span<const OuterSummand<Scalar>> summands, Index apart, MatrixOut<Scalar> out,
               Put put);

/// A column of a right factor, and where the column of the result lies.
template <class Scalar>
struct InnerColumn {
  const Scalar* from;
  Scalar* to;
};

/// to += scale · aᵀ from for every column: a [m × n], from [m], to [n]. The sums run over up to 256 rows at a time.
template <class Scalar>
void add_inner(Scalar scale, const MatrixIn<Scalar>& a, std::span<const InnerColumn<Scalar>> columns);

}  // namespace fieldscan
