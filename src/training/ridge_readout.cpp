#include "ridge_readout.hpp"

#include <limits>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::training {

namespace {

enum class Form { points, units };

Matrix gram(const MatrixView& features, Form form) {
  const Index size = form == Form::points ? features.rows() : features.cols();
  Matrix product = Matrix::Zero(size, size);
  if (form == Form::points)
    product.selfadjointView<Eigen::Lower>().rankUpdate(features);
  else
    product.selfadjointView<Eigen::Lower>().rankUpdate(features.transpose());
  product.triangularView<Eigen::StrictlyUpper>() = product.transpose();
  return product;
}

/// The pseudo-inverse of a Gram matrix, applied to a vector.
RidgeReadout apply_pseudo_inverse(const Matrix& matrix, const Vector& right, Index points) {
  const Eigenpairs pairs = eigenpairs(matrix);
  const double largest = pairs.values.size() > 0 ? pairs.values[0] : 0;
  const double cut = std::numeric_limits<double>::epsilon() * static_cast<double>(points) * largest;
  const Index rank = (pairs.values.array() > cut).count();  // descending
  RidgeReadout out{.weights = Vector::Zero(right.size()), .condition = 1, .jitter = 0};
  if (rank == 0) return out;
  const auto kept = pairs.vectors.leftCols(rank);
  out.weights = kept * (kept.transpose() * right).cwiseQuotient(pairs.values.head(rank));
  out.condition = largest / pairs.values[rank - 1];
  return out;
}

}  // namespace

RidgeReadout solve_readout(const MatrixView& features, const VectorView& labels, double ridge) {
  if (!features.allFinite()) throw NumericalError("the features of the last hidden layer are not finite");
  const Form form = features.rows() <= features.cols() ? Form::points : Form::units;
  const Matrix matrix = gram(features, form);
  const Vector right = form == Form::points ? Vector(labels) : Vector(features.transpose() * labels);
  RidgeReadout out;
  if (ridge > 0) {
    const Factor factored = factor(matrix, ridge);
    out = {.weights = factored.solve(right), .condition = factored.condition, .jitter = factored.jitter};
  } else {
    out = apply_pseudo_inverse(matrix, right, features.rows());
  }
  if (form == Form::points) out.weights = features.transpose() * out.weights;
  return out;
}

}  // namespace fieldscan::training
