#include "fieldscan/theory/kernels.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

namespace fieldscan::theory {

namespace {

constexpr Index block_size = 8192;  ///< pairs per block: five arrays of it stay in the second-level cache

PerLayer<double> collapsed(const PerLayer<double>& each) {
  const auto& v = each.values;
  if (std::all_of(v.begin(), v.end(), [&](double x) { return x == v.front(); })) return v.front();
  return each;
}

std::span<double> view(double* begin, Index count) { return {begin, static_cast<std::size_t>(count)}; }

/// Variances ⟨h²⟩ of every hidden layer at one point each: column l − 1 belongs to layer l [points × L].
Matrix layer_variances(const KernelSpec& spec, Vector squared_norm) {
  const Index points = squared_norm.size();
  // On a sphere the norms differ by rounding only; one number for all lets an activation without closed averages tabulate them.
  if (points > 0 && squared_norm.maxCoeff() - squared_norm.minCoeff() <= 1e-14 * squared_norm.maxCoeff())
    squared_norm.setConstant(squared_norm[0]);
  Matrix variances(points, spec.depth);
  variances.col(0) = spec.weight_variance.at(0) * squared_norm.array() + spec.bias_variance.at(0);
  for (int l = 1; l < spec.depth; ++l)
    for (Index i = 0; i < points; ++i) {
      const bool same = i > 0 && variances(i, l - 1) == variances(i - 1, l - 1);
      variances(i, l) =
          same ? variances(i - 1, l)
               : spec.weight_variance.at(l) * network::average_equal(spec.activation, variances(i, l - 1)).value +
                     spec.bias_variance.at(l);
    }
  return variances;
}

/// Mean square of the inputs, |x|²/d.
Vector mean_square(const MatrixView& x) { return x.rowwise().squaredNorm() / static_cast<double>(x.cols()); }

KernelDiagonal diagonal_of(const KernelSpec& spec, const Matrix& variances) {
  const Index points = variances.rows();
  KernelDiagonal out{Vector(points), Vector(points)};
  for (Index i = 0; i < points; ++i) {
    if (i > 0 && variances.row(i) == variances.row(i - 1)) {
      out.nngp[i] = out.nngp[i - 1];
      out.tangent[i] = out.tangent[i - 1];
      continue;
    }
    double tangent = variances(i, 0);
    for (int l = 0; l < spec.depth; ++l) {
      const auto average = network::average_equal(spec.activation, variances(i, l));
      const bool last = l + 1 == spec.depth;
      const double factor = last ? spec.readout_variance : spec.weight_variance.at(l + 1);
      const double value = factor * average.value + (last ? 0.0 : spec.bias_variance.at(l + 1));
      tangent = value + factor * average.derivative * tangent;
      if (last) out.nngp[i] = value;
    }
    out.tangent[i] = tangent;
  }
  return out;
}

/// A block of pairs: their points' rows in two tables of layer variances, and the kernel of the first layer.
class Block {
 public:
  explicit Block(const KernelSpec& spec) : spec_(spec) {
    for (auto* v : {&a_, &b_, &value_, &derivative_}) v->resize(block_size);
  }
  /// In: nngp holds K¹ of the pairs. Out: K and Θ of the output.
  /// `variance_a(l, out)` and `variance_b(l, out)` fill the layer's variances of the first and the second point of each pair.
  template <class FillA, class FillB>
  void propagate(std::span<double> nngp, std::span<double> tangent, FillA&& variance_a, FillB&& variance_b) {
    const std::size_t count = nngp.size();
    std::copy(nngp.begin(), nngp.end(), tangent.begin());
    const auto a = std::span(a_).first(count), b = std::span(b_).first(count);
    const auto value = std::span(value_).first(count), derivative = std::span(derivative_).first(count);
    for (int l = 0; l < spec_.depth; ++l) {
      variance_a(l, a);
      variance_b(l, b);
      network::averages(spec_.activation, a, b, nngp, value, derivative);
      const bool last = l + 1 == spec_.depth;
      const double factor = last ? spec_.readout_variance : spec_.weight_variance.at(l + 1);
      const double bias = last ? 0.0 : spec_.bias_variance.at(l + 1);
      for (std::size_t k = 0; k < count; ++k) {
        nngp[k] = factor * value[k] + bias;
        tangent[k] = nngp[k] + factor * derivative[k] * tangent[k];
      }
    }
  }

 private:
  const KernelSpec& spec_;
  std::vector<double> a_, b_, value_, derivative_;
};

/// Columns of one triangle (or all rows) packed into blocks: rows begin(j) … P − 1 of column j.
template <class Begin>
void propagate_columns(const KernelSpec& spec, Kernels& out, const Matrix& row_variances,
                       const Matrix& column_variances, Begin&& begin) {
  struct Piece {
    Index column, row, count, at;
  };
  Block block(spec);
  std::vector<double> nngp(block_size), tangent(block_size);
  std::vector<Piece> pieces;
  Index filled = 0;
  const auto flush = [&] {
    const auto fill_rows = [&](int l, std::span<double> a) {
      for (const auto& p : pieces) std::copy_n(&row_variances(p.row, l), p.count, a.data() + p.at);
    };
    const auto fill_columns = [&](int l, std::span<double> b) {
      for (const auto& p : pieces) std::fill_n(b.data() + p.at, p.count, column_variances(p.column, l));
    };
    block.propagate(view(nngp.data(), filled), view(tangent.data(), filled), fill_rows, fill_columns);
    for (const auto& p : pieces) {
      std::copy_n(nngp.data() + p.at, p.count, &out.nngp(p.row, p.column));
      std::copy_n(tangent.data() + p.at, p.count, &out.tangent(p.row, p.column));
    }
    pieces.clear();
    filled = 0;
  };
  for (Index j = 0; j < out.nngp.cols(); ++j)
    for (Index i = begin(j); i < out.nngp.rows();) {
      const Index count = std::min(out.nngp.rows() - i, block_size - filled);
      std::copy_n(&out.nngp(i, j), count, nngp.data() + filled);
      pieces.push_back({j, i, count, filled});
      filled += count;
      i += count;
      if (filled == block_size) flush();
    }
  if (filled > 0) flush();
}

}  // namespace

KernelSpec kernel_spec(const network::Spec& spec) {
  return {.depth = spec.depth,
          .activation = spec.activation,
          .weight_variance = collapsed(spec.weight_variance),
          .bias_variance = collapsed(spec.bias_variance),
          .readout_variance = spec.readout_variance};
}

Kernels kernels(const KernelSpec& spec, const MatrixView& x) {
  const Index points = x.rows();
  const Matrix variances = layer_variances(spec, mean_square(x));
  Kernels out{Matrix::Zero(points, points), Matrix(points, points)};
  out.nngp.selfadjointView<Eigen::Lower>().rankUpdate(x, spec.weight_variance.at(0) / static_cast<double>(x.cols()));
  out.nngp.array() += spec.bias_variance.at(0);
  propagate_columns(spec, out, variances, variances, [](Index column) { return column + 1; });
  const KernelDiagonal diagonal = diagonal_of(spec, variances);
  out.nngp.diagonal() = diagonal.nngp;
  out.tangent.diagonal() = diagonal.tangent;
  out.nngp.triangularView<Eigen::StrictlyUpper>() = out.nngp.transpose();
  out.tangent.triangularView<Eigen::StrictlyUpper>() = out.tangent.transpose();
  return out;
}

Kernels kernels(const KernelSpec& spec, const MatrixView& x, const MatrixView& other) {
  assert(x.cols() == other.cols() && "both sets of points have one dimension");
  // One table for both sets: where all norms agree, they are one number across the sets too.
  Vector norms(x.rows() + other.rows());
  norms << mean_square(x), mean_square(other);
  const Matrix variances = layer_variances(spec, norms);
  Kernels out{Matrix(x.rows(), other.rows()), Matrix(x.rows(), other.rows())};
  out.nngp.noalias() = (spec.weight_variance.at(0) / static_cast<double>(x.cols())) * x * other.transpose();
  out.nngp.array() += spec.bias_variance.at(0);
  propagate_columns(spec, out, variances.topRows(x.rows()), variances.bottomRows(other.rows()),
                    [](Index) { return Index{0}; });
  return out;
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
