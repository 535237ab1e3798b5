#pragma once
#include "fieldscan/core/matrix.hpp"

/// Products of large matrices in tiles, on the threads that tasks set (decision 15). One element is a sum of sums over
/// 256 summands each, in their order: the same bits on any number of threads and in any part of a product.
namespace fieldscan {

/// a b: a [m × k], b [k × n].
Matrix tiled_product(const MatrixView& a, const MatrixView& b);
/// aᵀ b: a [k × m], b [k × n].
Matrix tiled_transposed_product(const MatrixView& a, const MatrixView& b);
/// out = scale · a bᵀ: a [m × k], b [n × k].
void tiled_gram(double scale, const MatrixView& a, const MatrixView& b, Eigen::Ref<Matrix> out);

}  // namespace fieldscan
