#include "readout_integral.hpp"

#include <cmath>
#include <limits>

#include "fieldscan/core/product.hpp"

namespace fieldscan::training {

template <class Scalar>
ReadoutIntegralIn<Scalar>::ReadoutIntegralIn(Index points, Index units, double noise_variance)
    : ReadoutIntegralIn(points, units, noise_variance, points <= units ? Form::points : Form::units) {}

template <class Scalar>
ReadoutIntegralIn<Scalar>::ReadoutIntegralIn(Index points, Index units, double noise_variance, Form form)
    : noise_(static_cast<Scalar>(noise_variance)),
      form_(form),
      small_(form == Form::points ? 2 * points <= units : 2 * units <= points),
      matrix_(form == Form::points ? points : units),
      alpha_(points),
      beta_(units) {
  const Index size = form == Form::points ? points : units;
  if (small_) inverse_.resize(size, size);
}

template <class Scalar>
double ReadoutIntegralIn<Scalar>::solve(const MatrixView& features, const VectorView& labels) {
  if (form_ == Form::points)
    matrix_.set_gram(features, noise_);
  else
    matrix_.set_gram_of_columns(features, noise_);
  if (!matrix_.factorise()) return std::numeric_limits<double>::infinity();
  double potential = 0.5 * matrix_.log_determinant();
  if (form_ == Form::points) {
    alpha_ = labels;
    matrix_.solve(alpha_);
    beta_.noalias() = features.transpose() * alpha_;
  } else {
    beta_.noalias() = features.transpose() * labels;
    matrix_.solve(beta_);
    alpha_ = labels;
    alpha_.noalias() -= features * beta_;
    alpha_ /= noise_;
    potential += 0.5 * static_cast<double>(features.rows() - features.cols()) * std::log(noise_);
  }
  potential += 0.5 * alpha_.dot(labels);
  return std::isfinite(potential) ? potential : std::numeric_limits<double>::infinity();
}

template <class Scalar>
void ReadoutIntegralIn<Scalar>::gradient(const MatrixView& features, Eigen::Ref<Matrix> out) {
  if (small_) {
    inverse_.setIdentity();
    matrix_.solve(inverse_);
  }
  if (small_ && form_ == Form::points) {
    inverse_.noalias() -= alpha_ * alpha_.transpose();
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
  out.noalias() -= alpha_ * beta_.transpose();
}

template <class Scalar>
Scalar ReadoutIntegralIn<Scalar>::expected_square() const {
  // tr Var(z) = N − tr(FᵀA⁻¹F) = N − P + τ tr A⁻¹, and τ tr B⁻¹; tr A⁻¹ = ‖L⁻¹‖² for A = L Lᵀ.
  const Index size = form_ == Form::points ? alpha_.size() : beta_.size();
  Matrix root = Matrix::Identity(size, size);
  matrix_.half_solve(root);
  const Scalar excess = form_ == Form::points ? static_cast<Scalar>(beta_.size() - alpha_.size()) : 0;
  return beta_.squaredNorm() + noise_ * root.squaredNorm() + excess;
}

template <class Scalar>
void ReadoutIntegralIn<Scalar>::predict(const MatrixView& features, const MatrixView& at, Eigen::Ref<Vector> mean,
                                        Eigen::Ref<Vector> variance) const {
  mean.noalias() = at * beta_;
  Matrix half = form_ == Form::points ? Matrix(features * at.transpose()) : Matrix(at.transpose());
  matrix_.half_solve(half);
  const Vector squares = half.colwise().squaredNorm().transpose();
  if (form_ == Form::points)
    variance = (at.rowwise().squaredNorm() - squares).cwiseMax(0);
  else
    variance = noise_ * squares;
}

template <class Scalar>
auto ReadoutIntegralIn<Scalar>::draw(const MatrixView& features, const VectorView& labels, const VectorView& prior,
                                     const VectorView& noise) const -> Vector {
  Vector residual = labels - features * prior - std::sqrt(noise_) * noise;
  if (form_ == Form::units) residual = (features.transpose() * residual).eval();
  matrix_.solve(residual);
  return form_ == Form::units ? Vector(prior + residual) : Vector(prior + features.transpose() * residual);
}

template class ReadoutIntegralIn<double>;
template class ReadoutIntegralIn<float>;

}  // namespace fieldscan::training
