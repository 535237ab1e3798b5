#include "layer_variances.hpp"

namespace fieldscan::theory {

Matrix layer_variances(const KernelSpec& spec, Vector squared_norm) {
  const Index points = squared_norm.size();
  // On a sphere the norms differ by rounding only; one number for all lets an activation without closed averages
  // tabulate them.
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

}  // namespace fieldscan::theory
