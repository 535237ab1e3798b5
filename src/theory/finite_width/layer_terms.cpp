#include "layer_terms.hpp"

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"

namespace fieldscan::theory {

namespace {

/// In the directions that K sees: beyond them G is 1/κ, and multiplies nothing but rounding.
WideRegression regression_within(const FeatureSpan& span, LayerKernels output, const MatrixView& labels, double ridge) {
  const Matrix& u = span.vectors;
  const Vector inverse = (span.value.array() + ridge).inverse();
  const Matrix label = u.transpose() * labels, cross = u.transpose() * output.cross;
  const Matrix alpha = inverse.asDiagonal() * label, response = inverse.asDiagonal() * cross;
  return {.ridge = ridge,
          .kernel = std::move(output.train),
          .inverse = u * inverse.asDiagonal() * u.transpose(),
          .alpha = u * alpha,
          .beta = u * (inverse.cwiseProduct(span.value).asDiagonal() * alpha),
          .response = u * response,
          .twice = u * (inverse.asDiagonal() * response),
          .mean = cross.transpose() * alpha,
          .signal = alpha.cwiseProduct(span.value.asDiagonal() * alpha).sum(),
          .trace = inverse.dot(span.value)};
}

}  // namespace

WideRegression regression_of(LayerKernels output, const MatrixView& labels, double ridge) {
  if (const auto span = few_features(output.train, ridge))
    return regression_within(*span, std::move(output), labels, ridge);
  const Index points = output.train.rows();
  WideRegression out;
  out.kernel = output.train;
  const Factor f = factor(std::move(output.train), ridge);
  const double used = out.ridge = ridge + f.jitter;
  out.inverse = f.solve(Matrix::Identity(points, points));
  out.alpha = f.solve(Matrix(labels));
  out.beta = out.alpha - used * f.solve(out.alpha);
  out.response = f.solve(output.cross);
  out.twice = f.solve(out.response);
  out.mean = output.cross.transpose() * out.alpha;
  out.signal = out.alpha.cwiseProduct(labels - used * out.alpha).sum();
  out.trace = static_cast<double>(points) - used * out.inverse.trace();
  return out;
}

/// With δα = σ²φs − Kα and δ* − δk̃ = σ²rφ − κk̃, r = φ* − k̃ᵀφ (k* − Kk̃ = κk̃):
///
///     −(δ* − δk̃)ᵀGδα = −σ⁴ r s g + σ² r φᵀβ + κσ² s k̃ᵀGφ − κ k̃ᵀβ
///     (δ* − δk̃)ᵀα [(χ/2) tr αᵀδα − (C/2) tr Gδ] = (σ² r s − κ k̃ᵀα) [χ b + a]
Terms last_layer_terms(const WideRegression& base, double readout_variance, const Units& units) {
  const Index outputs = base.alpha.cols(), test = units.test.rows();
  const double s2 = readout_variance, kappa = base.ridge, total = units.weight.sum();
  const Matrix s = base.alpha.transpose() * units.train, pulled = base.beta.transpose() * units.train;
  const Vector g = (base.inverse * units.train).cwiseProduct(units.train).colwise().sum();
  const Vector a = -0.5 * static_cast<double>(outputs) * (s2 * g.array() - base.trace),
               b = 0.5 * (s2 * s.colwise().squaredNorm().transpose().array() - base.signal);
  // Σ_m r_m x_m, without r itself
  const auto residual_times = [&](const Vector& x) -> Vector {
    return units.test * x - base.response.transpose() * (units.train * x);
  };
  Terms out{.constant = Vector(test * outputs), .per_chi = Vector(test * outputs)};
  for (Index c = 0; c < outputs; ++c) {
    const Vector own = s2 * units.weight.cwiseProduct(s.row(c).transpose());  // σ² s with the units' weights
    const Vector x = own.cwiseProduct(a - s2 * g) + s2 * units.weight.cwiseProduct(pulled.row(c).transpose());
    const Vector response_alpha = kappa * (base.response.transpose() * base.alpha.col(c));
    out.constant.segment(c * test, test) = residual_times(x) + kappa * (base.twice.transpose() * (units.train * own)) -
                                           total * kappa * (base.response.transpose() * base.beta.col(c)) -
                                           units.weight.dot(a) * response_alpha;
    out.per_chi.segment(c * test, test) = residual_times(own.cwiseProduct(b)) - units.weight.dot(b) * response_alpha;
  }
  return out;
}

InnerLayer inner_layer(const KernelSpec& spec, int layer, const LayerKernels& next, const WideRegression& base) {
  const double bias = spec.bias_variance.at(layer + 1);
  const Vector variance = next.train.diagonal();
  const Matrix test_pairs = next.cross.transpose();
  InnerLayer out{.factor = spec.weight_variance.at(layer + 1),
                 .variance = variance.array() - bias,
                 .test_variance = next.test.array() - bias,
                 .mean = next.train.array() - bias,
                 .test_mean = test_pairs.array() - bias,
                 .train = kernel_response(spec, layer + 1, {variance, variance, next.train}),
                 .test = kernel_response(spec, layer + 1, {next.test, variance, test_pairs}),
                 .trace_diagonal = {},
                 .trace_pairs = {}};
  out.trace_diagonal = (base.inverse.cwiseProduct(out.train.d1 + out.train.d2.transpose())).rowwise().sum();
  out.trace_pairs = base.inverse.cwiseProduct(out.train.d3);
  return out;
}

namespace {

/// The points of the rows of η: training or test points, with their units.
struct RowPoints {
  const KernelResponse& response;
  const Matrix& mean;      ///< M_uv
  const Vector& variance;  ///< M_uu
  const Matrix& phi;       ///< φ_u [rows × n]
  const Matrix& change;    ///< δ_uu
};

/// The columns of η: always training points.
struct ColumnPoints {
  double factor;
  const Vector& variance;
  const Matrix& phi;     ///< φ_v [P × n]
  const Matrix& change;  ///< δ_vv
};

/// Σ over units of η₁ w, w [P × n] with the units' weights in it.
Vector first_order(const RowPoints& rows, const ColumnPoints& columns, const Matrix& w) {
  const KernelResponse& r = rows.response;
  const Matrix pairs = columns.factor * rows.phi * columns.phi.cwiseProduct(w).transpose();
  return r.d1.cwiseProduct(rows.change * w.transpose()).rowwise().sum() +
         r.d2 * columns.change.cwiseProduct(w).rowwise().sum() + r.d3.cwiseProduct(pairs).rowwise().sum() -
         r.d3.cwiseProduct(rows.mean) * w.rowwise().sum();
}

/// Σ over units of η₂/2.
Matrix half_second_order(const RowPoints& rows, const ColumnPoints& columns, const Vector& weight) {
  const KernelResponse& r = rows.response;
  const Matrix weighted = columns.phi * weight.asDiagonal(), change = columns.change * weight.asDiagonal();
  const Matrix pairs = columns.factor * rows.phi * weighted.transpose();  // σ²φ_u φ_v
  const Matrix both = rows.change * change.transpose();                   // δ_uu δ_vv
  const Vector row_change = rows.change * weight, column_change = change.rowwise().sum();
  const double total = weight.sum();
  const auto spread = [](const Vector& u, const Vector& v) -> Matrix { return u * v.transpose(); };
  const Vector ones_u = Vector::Ones(rows.phi.rows()), ones_v = Vector::Ones(columns.phi.rows());
  // δ_uv = σ²φ_uφ_v − M_uv, and σ⁴φ_u²φ_v² = (δ_uu + M_uu)(δ_vv + M_vv)
  const Matrix square = both + spread(row_change, columns.variance) + spread(rows.variance, column_change) +
                        total * spread(rows.variance, columns.variance) - 2 * rows.mean.cwiseProduct(pairs) +
                        total * rows.mean.cwiseAbs2();
  const Matrix with_row = columns.factor * rows.change.cwiseProduct(rows.phi) * weighted.transpose() -
                          rows.mean.cwiseProduct(spread(row_change, ones_v));
  const Matrix with_column = columns.factor * rows.phi * change.cwiseProduct(columns.phi).transpose() -
                             rows.mean.cwiseProduct(spread(ones_u, column_change));
  const Vector row_square = rows.change.cwiseAbs2() * weight,
               column_square = change.cwiseProduct(columns.change).rowwise().sum();
  return 0.5 * (r.d11.cwiseProduct(spread(row_square, ones_v)) + r.d22.cwiseProduct(spread(ones_u, column_square)) +
                r.d33.cwiseProduct(square)) +
         r.d12.cwiseProduct(both) + r.d13.cwiseProduct(with_row) + r.d23.cwiseProduct(with_column);
}

}  // namespace

Terms inner_layer_terms(const WideRegression& base, const InnerLayer& inner, const Units& units) {
  const Index outputs = base.alpha.cols(), test = units.test.rows();
  const Matrix change = (inner.factor * units.train.cwiseAbs2()).colwise() - inner.variance,
               test_change = (inner.factor * units.test.cwiseAbs2()).colwise() - inner.test_variance;
  const ColumnPoints columns{inner.factor, inner.variance, units.train, change};
  const RowPoints at_train{inner.train, inner.mean, inner.variance, units.train, change};
  const RowPoints at_test{inner.test, inner.test_mean, inner.test_variance, units.test, test_change};
  const auto difference = [&](const Vector& on_test, const Vector& on_train) -> Vector {
    return on_test - base.response.transpose() * on_train;
  };
  const Matrix d3_mean = inner.train.d3.cwiseProduct(inner.mean);
  Matrix pulled(units.train.rows(), outputs * units.train.cols());  // η₁α_c, unit by unit
  Vector b = Vector::Zero(units.weight.size());
  for (Index c = 0; c < outputs; ++c) {
    const Vector alpha = base.alpha.col(c), d1 = inner.train.d1 * alpha, fixed = d3_mean * alpha;
    auto own = pulled.middleCols(c * units.train.cols(), units.train.cols());
    own = d1.asDiagonal() * change + inner.train.d2 * (alpha.asDiagonal() * change);
    own += inner.factor * units.train.cwiseProduct(inner.train.d3 * (alpha.asDiagonal() * units.train));
    own.colwise() -= fixed;
    b += 0.5 * own.transpose() * alpha;
  }
  const Vector trace =
      change.transpose() * inner.trace_diagonal +
      inner.factor * (inner.trace_pairs * units.train).cwiseProduct(units.train).colwise().sum().transpose();
  const Vector a =
      -0.5 * static_cast<double>(outputs) * (trace.array() - inner.trace_pairs.cwiseProduct(inner.mean).sum());
  const Matrix half_train = half_second_order(at_train, columns, units.weight),
               half_test = half_second_order(at_test, columns, units.weight);
  Terms out{.constant = Vector(test * outputs), .per_chi = Vector(test * outputs), .kernel = half_train};
  for (Index c = 0; c < outputs; ++c) {
    const auto alpha = base.alpha.col(c);
    const Matrix w =
        (alpha * a.transpose() - base.inverse * pulled.middleCols(c * units.train.cols(), units.train.cols())) *
        units.weight.asDiagonal();
    const Matrix w_chi = alpha * b.cwiseProduct(units.weight).transpose();
    out.constant.segment(c * test, test) =
        difference(first_order(at_test, columns, w), first_order(at_train, columns, w)) +
        difference(half_test * alpha, half_train * alpha);
    out.per_chi.segment(c * test, test) =
        difference(first_order(at_test, columns, w_chi), first_order(at_train, columns, w_chi));
  }
  return out;
}

}  // namespace fieldscan::theory
