#include "readout_integral.hpp"

#include <cmath>
#include <limits>

namespace fieldscan::training {

ReadoutIntegral::ReadoutIntegral(Index points, Index units, double noise_variance)
    : ReadoutIntegral(points, units, noise_variance, points <= units ? Form::points : Form::units) {}

ReadoutIntegral::ReadoutIntegral(Index points, Index units, double noise_variance, Form form)
    : noise_(noise_variance),
      form_(form),
      small_(form == Form::points ? 2 * points <= units : 2 * units <= points),
      alpha_(points),
      beta_(units) {
  const Index size = form == Form::points ? points : units;
  matrix_.resize(size, size);
  if (form == Form::points && !small_) by_rows_.resize(points, units);
}

double ReadoutIntegral::solve(const MatrixView& features, const VectorView& labels) {
  matrix_.setZero();
  matrix_.diagonal().setConstant(noise_);
  if (form_ == Form::points)
    matrix_.selfadjointView<Eigen::Lower>().rankUpdate(features);
  else
    matrix_.selfadjointView<Eigen::Lower>().rankUpdate(features.transpose());
  factor_.compute(matrix_);
  if (factor_.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
  if (small_) {
    inverse_.setIdentity(matrix_.rows(), matrix_.cols());
    factor_.solveInPlace(inverse_);
  }
  const double log_determinant = 2 * factor_.matrixLLT().diagonal().array().log().sum();
  double potential = 0.5 * log_determinant;
  if (form_ == Form::points) {
    alpha_ = factor_.solve(labels);
    beta_.noalias() = features.transpose() * alpha_;
  } else {
    beta_ = factor_.solve(features.transpose() * labels);
    alpha_.noalias() = labels - features * beta_;
    alpha_ /= noise_;
    potential += 0.5 * static_cast<double>(features.rows() - features.cols()) * std::log(noise_);
  }
  potential += 0.5 * alpha_.dot(labels);
  return std::isfinite(potential) ? potential : std::numeric_limits<double>::infinity();
}

void ReadoutIntegral::gradient(const MatrixView& features, Eigen::Ref<Matrix> out) {
  if (small_ && form_ == Form::points) {
    product_ = inverse_;
    product_.noalias() -= alpha_ * alpha_.transpose();
    out.noalias() = product_ * features;
    return;
  }
  // Two triangular solves cost half of an inverse and a product; by rows they are much faster than by columns.
  if (small_) {
    out.noalias() = features * inverse_;
  } else if (form_ == Form::points) {
    by_rows_ = features;
    factor_.solveInPlace(by_rows_);
    out = by_rows_;
  } else {
    out = features;
    factor_.matrixU().solveInPlace<Eigen::OnTheRight>(out);
    factor_.matrixL().solveInPlace<Eigen::OnTheRight>(out);
  }
  out.noalias() -= alpha_ * beta_.transpose();
}

double ReadoutIntegral::expected_square() const {
  // tr Var(z) = N − tr(FᵀA⁻¹F) = N − P + τ tr A⁻¹, and τ tr B⁻¹; tr A⁻¹ = ‖L⁻¹‖² for A = L Lᵀ.
  Matrix root = Matrix::Identity(matrix_.rows(), matrix_.cols());
  factor_.matrixL().solveInPlace(root);
  const double excess = form_ == Form::points ? static_cast<double>(beta_.size() - alpha_.size()) : 0;
  return beta_.squaredNorm() + noise_ * root.squaredNorm() + excess;
}

void ReadoutIntegral::predict(const MatrixView& features, const MatrixView& at, Eigen::Ref<Vector> mean,
                              Eigen::Ref<Vector> variance) const {
  mean.noalias() = at * beta_;
  if (small_) {
    const Matrix kernel = form_ == Form::points ? Matrix(at * features.transpose()) : Matrix(at);
    const Matrix half = kernel * inverse_;
    const Vector squares = half.cwiseProduct(kernel).rowwise().sum();
    variance =
        form_ == Form::points ? Vector((at.rowwise().squaredNorm() - squares).cwiseMax(0)) : Vector(noise_ * squares);
    return;
  }
  if (form_ == Form::units) {
    Matrix half = at.transpose();
    factor_.matrixL().solveInPlace(half);
    variance = noise_ * half.colwise().squaredNorm().transpose();
    return;
  }
  Matrix half = features * at.transpose();
  factor_.matrixL().solveInPlace(half);
  variance = (at.rowwise().squaredNorm() - half.colwise().squaredNorm().transpose()).cwiseMax(0);
}

Vector ReadoutIntegral::draw(const MatrixView& features, const VectorView& labels, const VectorView& prior,
                             const VectorView& noise) const {
  const Vector residual = labels - features * prior - std::sqrt(noise_) * noise;
  if (form_ == Form::points) return prior + features.transpose() * factor_.solve(residual);
  return prior + factor_.solve(features.transpose() * residual);
}

}  // namespace fieldscan::training
