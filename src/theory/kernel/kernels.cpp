#include "fieldscan/theory/kernel/kernels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <span>
#include <vector>

#include "close_points.hpp"
#include "fieldscan/core/equal_rows.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/core/packed_lower.hpp"
#include "fieldscan/core/tiled_product.hpp"
#include "fieldscan/theory/kernel/packed_kernel.hpp"
#include "layer_variances.hpp"
#include "pair_columns.hpp"

namespace fieldscan::theory {

namespace {

PerLayer<double> collapsed(const PerLayer<double>& each) {
  const auto& v = each.values;
  if (std::all_of(v.begin(), v.end(), [&](double x) { return x == v.front(); })) return v.front();
  return each;
}

/// Points of a matrix with the variances of their layers.
struct Points {
  const MatrixView& x;
  const Matrix& variances;
};

/// Pairs whose angle does not follow from K¹ in double precision. Equal points have the diagonal's value, whatever the
/// distance has become by rounding; K alone needs no more than that.
template <class Storage>
void set_close_pairs(const KernelSpec& spec, const Wanted<Storage>& wanted, const Points& rows, const Points& columns,
                     const std::vector<RowPair>& pairs, const KernelDiagonal& diagonal) {
  const double scale = spec.weight_variance.at(0) / static_cast<double>(rows.x.cols());
  for (const auto [i, j] : pairs) {
    const Eigen::RowVectorXd difference = rows.x.row(i) - columns.x.row(j);
    if (difference.isZero(0)) {
      wanted.set(i, j, diagonal.nngp[i], diagonal.tangent[i]);
    } else if (wanted.needs_tangent()) {
      const double gap = scale * difference.dot(rows.x.row(i) + columns.x.row(j));
      const auto at = close_kernel(spec, rows.variances.row(i), columns.variances.row(j),
                                   0.5 * scale * difference.squaredNorm(), gap);
      wanted.set(i, j, at.nngp, at.tangent);
    }
  }
}

/// Equal points have equal rows and columns, which products of matrices leave to rounding: without a ridge their
/// difference would be a direction that can be learned.
void repeat_points(const Wanted<Matrix>& wanted, const EqualRows& rows, const EqualRows& columns) {
  for (Matrix* matrix : {&wanted.kernel, wanted.tangent}) {
    if (!matrix) continue;
    repeat_columns(*matrix, columns);
    repeat_rows(*matrix, rows);
  }
}

/// All points with all: the lower triangle and an exact diagonal. `panel(j, count)` is where columns j … of it are,
/// from row j on.
template <class Storage, class PanelOf>
void fill_lower(const KernelSpec& spec, const Wanted<Storage>& wanted, const MatrixView& x, PanelOf&& panel_of) {
  const Matrix variances = layer_variances(spec, mean_square(x));
  const Index points = wanted.kernel.rows();
  const double scale = spec.weight_variance.at(0) / static_cast<double>(x.cols()), bias = spec.bias_variance.at(0);
  const auto first_layer = [&](Index j, Index count) {
    auto&& panel = panel_of(j, count);
    tiled_gram(scale, x.bottomRows(points - j), x.middleRows(j, count), panel);
    panel.array() += bias;
  };
  propagate_columns(spec, wanted, variances, variances, first_layer, [](Index column) { return column + 1; });
  const KernelDiagonal diagonal = diagonal_of(spec, variances);
  for (Index i = 0; i < points; ++i) wanted.set(i, i, diagonal.nngp[i], diagonal.tangent[i]);
  const auto pairs = close_rows(x, close_distance, close_offset(spec, x.cols()));
  set_close_pairs(spec, wanted, {x, variances}, {x, variances}, pairs, diagonal);
}

/// The whole matrix, with the mirror image. `wanted.kernel` is of the right size.
void fill_symmetric(const KernelSpec& spec, const Wanted<Matrix>& wanted, const MatrixView& x) {
  Matrix& kernel = wanted.kernel;
  fill_lower(spec, wanted, x, [&](Index j, Index count) { return kernel.block(j, j, kernel.rows() - j, count); });
  mirror_lower(kernel);
  if (wanted.tangent) mirror_lower(*wanted.tangent);
  const EqualRows equal = equal_rows(x);
  repeat_points(wanted, equal, equal);
}

/// Points with others, all pairs.
void fill_cross(const KernelSpec& spec, const Wanted<Matrix>& wanted, const MatrixView& x, const MatrixView& other) {
  assert(x.cols() == other.cols() && "both sets of points have one dimension");
  // One table for both sets: where all norms agree, they are one number across the sets too.
  Vector norms(x.rows() + other.rows());
  norms << mean_square(x), mean_square(other);
  const Matrix variances = layer_variances(spec, norms);
  Matrix& kernel = wanted.kernel;
  const double scale = spec.weight_variance.at(0) / static_cast<double>(x.cols()), bias = spec.bias_variance.at(0);
  const auto first_layer = [&](Index j, Index count) {
    tiled_gram(scale, x, other.middleRows(j, count), kernel.middleCols(j, count));
    kernel.middleCols(j, count).array() += bias;
  };
  const Matrix of_rows = variances.topRows(x.rows()), of_columns = variances.bottomRows(other.rows());
  propagate_columns(spec, wanted, of_rows, of_columns, first_layer, [](Index) { return Index{0}; });
  const auto pairs = close_rows(x, other, close_distance, close_offset(spec, x.cols()));
  if (!pairs.empty())
    set_close_pairs(spec, wanted, {x, of_rows}, {other, of_columns}, pairs, diagonal_of(spec, of_rows));
  repeat_points(wanted, equal_rows(x), equal_rows(other));
}

/// The lower triangle alone, of points of which no two are equal.
void fill_packed(const KernelSpec& spec, const Wanted<PackedLower>& wanted, const MatrixView& x) {
  fill_lower(spec, wanted, x, [&](Index j, [[maybe_unused]] Index count) -> Matrix& {
    Matrix& panel = wanted.kernel.column(j / PackedLower::width);
    assert(panel.cols() == count && "a panel is a column of tiles");
    return panel;
  });
}

/// A matrix for pairs of points, whose memory is there.
Matrix pairs_matrix(Index rows, Index columns) {
  require_memory(kernel_bytes(static_cast<double>(rows), static_cast<double>(columns)),
                 fmt::format("a kernel of {} × {} points", rows, columns));
  Matrix matrix(rows, columns);
  prefer_large_pages(matrix.data(), kernel_bytes(static_cast<double>(rows), static_cast<double>(columns)));
  return matrix;
}

Matrix one_kernel(const KernelSpec& spec, std::optional<network::Trained> train, const MatrixView& x) {
  Matrix kernel = pairs_matrix(x.rows(), x.rows());
  fill_symmetric(spec, Wanted<Matrix>{.kernel = kernel, .train = train}, x);
  return kernel;
}

Matrix one_kernel(const KernelSpec& spec, std::optional<network::Trained> train, const MatrixView& x,
                  const MatrixView& other) {
  Matrix kernel = pairs_matrix(x.rows(), other.rows());
  fill_cross(spec, Wanted<Matrix>{.kernel = kernel, .train = train}, x, other);
  return kernel;
}

}  // namespace

KernelSpec kernel_spec(const network::Spec& spec) {
  return {.depth = spec.depth,
          .activation = spec.activation,
          .weight_variance = collapsed(spec.weight_variance),
          .bias_variance = collapsed(spec.bias_variance),
          .readout_variance = spec.readout_variance};
}

double kernel_bytes(double rows, double columns) { return sizeof(double) * rows * columns; }

Kernels kernels(const KernelSpec& spec, const MatrixView& x) {
  Kernels out{pairs_matrix(x.rows(), x.rows()), pairs_matrix(x.rows(), x.rows())};
  fill_symmetric(spec, Wanted<Matrix>{.kernel = out.nngp, .tangent = &out.tangent}, x);
  return out;
}

Kernels kernels(const KernelSpec& spec, const MatrixView& x, const MatrixView& other) {
  Kernels out{pairs_matrix(x.rows(), other.rows()), pairs_matrix(x.rows(), other.rows())};
  fill_cross(spec, Wanted<Matrix>{.kernel = out.nngp, .tangent = &out.tangent}, x, other);
  return out;
}

Matrix nngp_kernel(const KernelSpec& spec, const MatrixView& x) { return one_kernel(spec, std::nullopt, x); }

Matrix nngp_kernel(const KernelSpec& spec, const MatrixView& x, const MatrixView& other) {
  return one_kernel(spec, std::nullopt, x, other);
}

Matrix tangent_kernel(const KernelSpec& spec, network::Trained train, const MatrixView& x) {
  return one_kernel(spec, train, x);
}

Matrix tangent_kernel(const KernelSpec& spec, network::Trained train, const MatrixView& x, const MatrixView& other) {
  return one_kernel(spec, train, x, other);
}

PackedLower packed_kernel(const KernelSpec& spec, network::Trained train, const MatrixView& x) {
  assert(!equal_rows(x).any() && "of equal points one");
  require_memory(PackedLower::bytes(static_cast<double>(x.rows())),
                 fmt::format("half a kernel of {0} × {0} points", x.rows()));
  PackedLower kernel(x.rows());
  fill_packed(spec, {.kernel = kernel, .train = train}, x);
  return kernel;
}

KernelDiagonal kernel_diagonal(const KernelSpec& spec, const MatrixView& x) {
  return diagonal_of(spec, layer_variances(spec, mean_square(x)));
}

KernelDiagonal kernel_of_cosine(const KernelSpec& spec, const VectorView& cosine) {
  const Matrix variances = layer_variances(spec, Vector::Ones(1));
  KernelDiagonal out{(spec.weight_variance.at(0) * cosine.array() + spec.bias_variance.at(0)).matrix(),
                     Vector(cosine.size())};
  Block block(spec);
  const auto fill = [&](int l, std::span<double> v) { std::fill(v.begin(), v.end(), variances(0, l)); };
  for (Index i = 0; i < cosine.size(); i += block_size) {
    const Index count = std::min(block_size, cosine.size() - i);
    block.propagate(view(out.nngp.data() + i, count), view(out.tangent.data() + i, count), fill, fill);
  }
  const KernelDiagonal equal = diagonal_of(spec, variances);
  for (Index i = 0; i < cosine.size(); ++i) {
    if (cosine[i] != 1) continue;
    out.nngp[i] = equal.nngp[0];
    out.tangent[i] = equal.tangent[0];
  }
  return out;
}

Matrix tangent_of(network::Trained train, const Kernels& kernels) {
  if (train == network::Trained::readout) return kernels.nngp;
  if (train == network::Trained::hidden) return kernels.tangent - kernels.nngp;
  return kernels.tangent;
}

Vector tangent_of(network::Trained train, const KernelDiagonal& kernels) {
  if (train == network::Trained::readout) return kernels.nngp;
  if (train == network::Trained::hidden) return kernels.tangent - kernels.nngp;
  return kernels.tangent;
}

}  // namespace fieldscan::theory
