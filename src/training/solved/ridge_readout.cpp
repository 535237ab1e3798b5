#include "ridge_readout.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "fieldscan/core/digits.hpp"
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

/// What was solved: A⁻¹ Y in `weights`, and A⁻¹ U.
struct Solved {
  RidgeReadout readout;
  Matrix probes;
};

/// The pseudo-inverse of a Gram matrix, applied to the outputs and to the probes.
Solved apply_pseudo_inverse(const Matrix& matrix, const Matrix& right, const Matrix& left, Index points) {
  const Eigenpairs pairs = eigenpairs(matrix);
  const double largest = pairs.values.size() > 0 ? pairs.values[0] : 0;
  const double cut = std::numeric_limits<double>::epsilon() * static_cast<double>(points) * largest;
  const Index rank = (pairs.values.array() > cut).count();  // descending
  Solved out{.readout = {.weights = Matrix::Zero(right.rows(), right.cols()), .condition = 1},
             .probes = Matrix::Zero(left.rows(), left.cols())};
  if (rank == 0) return out;
  const auto kept = pairs.vectors.leftCols(rank);
  const auto inverse = pairs.values.head(rank).cwiseInverse().asDiagonal();
  for (Index c = 0; c < right.cols(); ++c)
    out.readout.weights.col(c) = kept * (kept.transpose() * right.col(c)).cwiseQuotient(pairs.values.head(rank));
  out.readout.condition = largest / pairs.values[rank - 1];
  out.probes = kept * (inverse * (kept.transpose() * left));
  return out;
}

Solved apply_inverse(const Matrix& matrix, const Matrix& right, const Matrix& left, double ridge) {
  const Factor factored = factor(matrix, ridge);
  // A single output by the algorithm for vectors: its bits.
  Matrix weights = right.cols() == 1 ? Matrix(factored.solve(Vector(right.col(0)))) : factored.solve(right);
  return {.readout = {.weights = std::move(weights), .condition = factored.condition(), .jitter = factored.jitter},
          .probes = factored.solve(left)};
}

}  // namespace

RidgeReadout solve_readout(const MatrixView& features, const MatrixView& labels, double ridge,
                           const MatrixView& probes) {
  if (!features.allFinite()) throw NumericalError("the features of the last hidden layer are not finite");
  const Form form = features.rows() <= features.cols() ? Form::points : Form::units;
  const Matrix matrix = gram(features, form);
  Matrix right = labels;
  if (form == Form::units) {
    right.resize(features.cols(), labels.cols());
    for (Index c = 0; c < labels.cols(); ++c) right.col(c) = features.transpose() * labels.col(c);
  }
  const Matrix left = form == Form::points ? Matrix(features * probes.transpose()) : Matrix(probes.transpose());
  auto [out, solved] = ridge > 0 ? apply_inverse(matrix, right, left, ridge)
                                 : apply_pseudo_inverse(matrix, right, left, features.rows());
  const SolvedSystem system{.size = matrix.rows(),
                            .mean_diagonal = matrix.trace() / static_cast<double>(matrix.rows()) + ridge,
                            .jitter = out.jitter};
  for (const auto& own : out.weights.colwise())
    out.digits = std::min(out.digits, digits_left(system, solved, own, left.transpose() * own));
  if (form == Form::units) return out;
  Matrix weights(features.cols(), labels.cols());
  for (Index c = 0; c < labels.cols(); ++c) weights.col(c) = features.transpose() * out.weights.col(c);
  out.weights = std::move(weights);
  return out;
}

}  // namespace fieldscan::training
