#pragma once
#include "fieldscan/core/matrix.hpp"

/// Matrix products of one core: of the passes of a training step, all operations but those of order points × units.
///
/// Up to k = 1024 summands and 2²⁰ numbers in the left factor they run in a kernel of our own, which keeps a block of
/// the result in registers and reads the left factor where it lies, or packed where its columns fall on one another in
/// the cache; beyond that they are Eigen's. In the kernel
/// every element is one sum over k from the first summand to the last, with fused multiply-adds where the machine has
/// them: its bits do not depend on the other sizes, nor on the width of the registers.
namespace fieldscan {

/// Whether a result is written, or added to what is there.
enum class Put { alone, added };

/// out = scale · a b, or added: a [m × k], b [k × n], out [m × n].
template <class Scalar>
void multiply(Scalar scale, const MatrixIn<Scalar>& a, const MatrixIn<Scalar>& b, MatrixOut<Scalar> out, Put put);
/// scale · a bᵀ: a [m × k], b [n × k].
template <class Scalar>
void multiply_transposed(Scalar scale, const MatrixIn<Scalar>& a, const MatrixIn<Scalar>& b, MatrixOut<Scalar> out,
                         Put put);
/// scale · aᵀ b: a [k × m], b [k × n].
template <class Scalar>
void transposed_multiply(Scalar scale, const MatrixIn<Scalar>& a, const MatrixIn<Scalar>& b, MatrixOut<Scalar> out,
                         Put put);

}  // namespace fieldscan
