#include "readout_integral.hpp"

#include <cmath>
#include <limits>

#include "fieldscan/core/product.hpp"

namespace fieldscan::training {

template <class Scalar>
ReadoutIntegralIn<Scalar>::ReadoutIntegralIn(Index points, Index units, double noise_variance, Index outputs)
    : ReadoutIntegralIn(points, units, noise_variance, points <= units ? Form::points : Form::units, outputs) {}

template <class Scalar>
ReadoutIntegralIn<Scalar>::ReadoutIntegralIn(Index points, Index units, double noise_variance, Form form, Index outputs)
    : noise_(static_cast<Scalar>(noise_variance)),
      form_(form),
      outputs_(outputs),
      small_(form == Form::points ? 2 * points <= units : 2 * units <= points),
      matrix_(form == Form::points ? points : units),
      alpha_(points, outputs),
      beta_(units, outputs) {
  const Index size = form == Form::points ? points : units;
  if (small_) inverse_.resize(size, size);
}

template <class Scalar>
double ReadoutIntegralIn<Scalar>::solve(const MatrixView& features, const MatrixView& labels) {
  if (form_ == Form::points)
    matrix_.set_gram(features, noise_);
  else
    matrix_.set_gram_of_columns(features, noise_);
  if (!matrix_.factorise()) return std::numeric_limits<double>::infinity();
  const double half = 0.5 * static_cast<double>(outputs_);
  double potential = half * matrix_.log_determinant();
  // Output by output: the bits of one do not depend on how many there are.
  alpha_ = labels;
  if (form_ == Form::points) {
    matrix_.solve(alpha_);
    for (Index c = 0; c < outputs_; ++c) beta_.col(c).noalias() = features.transpose() * alpha_.col(c);
  } else {
    for (Index c = 0; c < outputs_; ++c) beta_.col(c).noalias() = features.transpose() * labels.col(c);
    matrix_.solve(beta_);
    for (Index c = 0; c < outputs_; ++c) alpha_.col(c).noalias() -= features * beta_.col(c);
    alpha_ /= noise_;
    potential += half * static_cast<double>(features.rows() - features.cols()) * std::log(noise_);
  }
  for (Index c = 0; c < outputs_; ++c) potential += 0.5 * alpha_.col(c).dot(labels.col(c));
  return std::isfinite(potential) ? potential : std::numeric_limits<double>::infinity();
}

template <class Scalar>
void ReadoutIntegralIn<Scalar>::gradient(const MatrixView& features, Eigen::Ref<Matrix> out) {
  if (small_) {
    inverse_.setIdentity();
    matrix_.solve(inverse_);
  }
  if (small_ && form_ == Form::points) {
    if (outputs_ > 1) inverse_ *= static_cast<Scalar>(outputs_);
    for (Index c = 0; c < outputs_; ++c) inverse_.noalias() -= alpha_.col(c) * alpha_.col(c).transpose();
    return multiply<Scalar>(1, inverse_, features, out, Put::alone);
  }
  if (small_) {
    multiply<Scalar>(1, features, inverse_, out, Put::alone);
  } else {
    out = features;
    if (form_ == Form::points)
      matrix_.solve(out);
    else
      matrix_.solve_on_right(out);
  }
  if (outputs_ > 1) out *= static_cast<Scalar>(outputs_);
  for (Index c = 0; c < outputs_; ++c) out.noalias() -= alpha_.col(c) * beta_.col(c).transpose();
}

template <class Scalar>
Scalar ReadoutIntegralIn<Scalar>::expected_square() const {
  // tr Var(z) = N − tr(FᵀA⁻¹F) = N − P + τ tr A⁻¹, and τ tr B⁻¹; tr A⁻¹ = ‖L⁻¹‖² for A = L Lᵀ.
  const Index size = form_ == Form::points ? alpha_.rows() : beta_.rows();
  Matrix root = Matrix::Identity(size, size);
  matrix_.half_solve(root);
  const Scalar excess = form_ == Form::points ? static_cast<Scalar>(beta_.size() - alpha_.size()) : 0;
  return beta_.squaredNorm() + static_cast<Scalar>(outputs_) * noise_ * root.squaredNorm() + excess;
}

template <class Scalar>
void ReadoutIntegralIn<Scalar>::predict(const MatrixView& features, const MatrixView& at, Eigen::Ref<Vector> mean,
                                        Eigen::Ref<Vector> variance) const {
  if (outputs_ == 1)
    mean.noalias() = at * beta_.col(0);
  else
    for (Index c = 0; c < outputs_; ++c) mean(Eigen::seqN(c, at.rows(), outputs_)) = at * beta_.col(c);
  Matrix half = form_ == Form::points ? Matrix(features * at.transpose()) : Matrix(at.transpose());
  matrix_.half_solve(half);
  const Vector squares = half.colwise().squaredNorm().transpose();
  Vector of_each = noise_ * squares;
  if (form_ == Form::points) of_each = (at.rowwise().squaredNorm() - squares).cwiseMax(0);
  for (Index k = 0; k < of_each.size(); ++k) variance.segment(k * outputs_, outputs_).setConstant(of_each[k]);
}

template <class Scalar>
auto ReadoutIntegralIn<Scalar>::draw(const MatrixView& features, const MatrixView& labels, const MatrixView& prior,
                                     const MatrixView& noise) const -> Matrix {
  Matrix out(features.cols(), outputs_);
  for (Index c = 0; c < outputs_; ++c) {
    Vector residual = labels.col(c) - features * prior.col(c) - std::sqrt(noise_) * noise.col(c);
    if (form_ == Form::units) residual = (features.transpose() * residual).eval();
    matrix_.solve(residual);
    out.col(c) = prior.col(c) + (form_ == Form::units ? residual : Vector(features.transpose() * residual));
  }
  return out;
}

template class ReadoutIntegralIn<double>;
template class ReadoutIntegralIn<float>;

}  // namespace fieldscan::training
