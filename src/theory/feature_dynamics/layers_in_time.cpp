#include "fieldscan/theory/feature_dynamics/layers_in_time.hpp"

#include <cmath>
#include <span>

#include "fieldscan/core/error.hpp"

namespace fieldscan::theory {

namespace {

constexpr double smallest_jitter = 1e-10, largest_jitter = 1e-6;  ///< of the mean of the diagonal
constexpr double correlation_jitter = 1e-4;  ///< what of the noise is smaller is not told from averages over units
constexpr double smallest_root = 1e-280;     ///< where all inputs are zero there is nothing else
constexpr double kink_width = 0.2;           ///< of the standard deviation of h
constexpr double difference = 1e-4;

std::span<double> columns_of(Matrix& m, Index first, Index count) {
  return {m.data() + first * m.rows(), static_cast<std::size_t>(m.rows() * count)};
}

Matrix mirrored(const MatrixView& upper, double sign) {
  Matrix out(2 * upper.rows(), upper.cols());
  out << upper, sign * upper;
  return out;
}

/// φ″ at h [units × P], by a difference of φ′; over a kink so wide that the answer is a box of the width stated.
Matrix curvature_of(const network::ActivationChoice& activation, const Matrix& h) {
  const bool kinked =
      network::is_rectifier(activation) || network::any_part_is<network::Relu, network::LeakyRelu>(activation);
  const double spread = std::sqrt(h.squaredNorm() / static_cast<double>(h.size()));
  const double step = kinked ? kink_width * std::sqrt(3.0) * spread : difference * std::max(1.0, spread);
  Matrix above = h.array() + step, below = h.array() - step, value(h.rows(), h.cols());
  const Index n = h.cols();
  network::value_and_derivative(activation, columns_of(above, 0, n), columns_of(value, 0, n), columns_of(above, 0, n));
  network::value_and_derivative(activation, columns_of(below, 0, n), columns_of(value, 0, n), columns_of(below, 0, n));
  return (above - below) / (2 * step);
}

/// ⟨∂x/∂n⟩ [columns of x × places] for Gaussian n = Z Rᵀ by Stein's lemma, ⟨x Zᵀ⟩ R⁻¹.
Matrix answers(const MatrixView& x, const MatrixView& normals, const MatrixView& root) {
  Matrix out = x.transpose() * normals / static_cast<double>(x.rows());
  if (out.cols() > 0) root.triangularView<Eigen::Lower>().solveInPlace<Eigen::OnTheRight>(out);
  return out;
}

/// The next P rows of the Cholesky factor of a matrix that grows.
void extend_root(const Matrix& covariance, Index now, Index points, double least_jitter, Matrix& root) {
  auto cross = root.block(now, 0, points, now);
  cross = covariance.block(now, 0, points, now);
  if (now > 0)
    root.topLeftCorner(now, now).triangularView<Eigen::Lower>().transpose().solveInPlace<Eigen::OnTheRight>(cross);
  const Matrix block = covariance.block(now, now, points, points), rest = block - cross * cross.transpose();
  for (double jitter = least_jitter; jitter <= 1.01 * std::max(largest_jitter, least_jitter); jitter *= 100) {
    const double added = jitter * block.trace() / static_cast<double>(points) + smallest_root;
    const Matrix raised = rest + added * Matrix::Identity(points, points);
    const Eigen::LLT<Matrix> factored(raised);
    if (factored.info() != Eigen::Success) continue;
    root.block(now, now, points, points) = factored.matrixL();
    return;
  }
  throw NumericalError("the covariance of a layer's noise over the steps is not positive definite");
}

}  // namespace

LayersInTime::LayersInTime(const FeatureProblem& problem, const LayerNoise& noise, Index steps, Responses responses)
    : problem_(&problem),
      noise_(&noise),
      responses_(responses),
      memory_(memory_of(problem.descent, steps)),
      points_(problem.label.size()),
      residual_(Vector::Zero((steps + 1) * points_)),
      output_(Vector::Zero(points_)) {
  for (std::size_t l = 0; l < noise.forward.size(); ++l) add_layer(l, steps);
  layers_[0].covariance = problem.kernel.replicate(steps + 1, steps + 1);
}

void LayersInTime::add_layer(std::size_t number, Index steps) {
  const Matrix &u = noise_->forward[number], &r = noise_->backward[number];
  Matrix normals(u.rows(), u.cols() + r.cols());
  normals << u, r;
  normals = with_moments(normals, noise_->moments);
  const Index units = 2 * u.rows(), places = (steps + 1) * points_;
  Layer& layer = layers_.emplace_back();
  layer.forward = mirrored(normals.leftCols(u.cols()), 1);
  layer.backward = mirrored(normals.rightCols(r.cols()), -1);
  layer.own = mirrored(beside(noise_->own[number], normals, noise_->moments), 1);
  layer.phi = layer.slope = layer.g = Matrix::Zero(units, places);
  layer.covariance = layer.root = layer.gradients = layer.back_root = Matrix::Zero(places, places);
  if (responses_ == Responses::none || responses_ == Responses::by_correlations) return;
  if (number > 0) layer.by_forward.emplace(LayerTangent::Noise::forward, units, steps + 1, points_);
  if (number + 1 < noise_->forward.size())
    layer.by_backward.emplace(LayerTangent::Noise::backward, units, steps + 1, points_);
}

double LayersInTime::weight_variance(std::size_t number) const {
  return problem_->spec.weight_variance.at(static_cast<int>(number));
}
double LayersInTime::bias_variance(std::size_t number) const {
  return problem_->spec.bias_variance.at(static_cast<int>(number));
}

double LayersInTime::jitter() const {
  return responses_ == Responses::by_correlations ? correlation_jitter : smallest_jitter;
}

/// A of what a layer has at this step [columns × places before it].
Matrix LayersInTime::answers_to_gradients(const Layer& layer, const MatrixView& x) const {
  const Index now = step_ * points_;
  return answers(x, layer.backward.leftCols(now), layer.back_root.topLeftCorner(now, now));
}

/// e m(t − t′) Δ(t′) times the kernel's rows at t [· × places].
Matrix LayersInTime::learned(const MatrixView& kernel, Index places) const {
  Matrix out(kernel.rows(), places);
  for (Index k = 0; k < places; ++k)
    out.col(k) = problem_->pull() * memory_.after[step_ - k / points_] * residual_[k] * kernel.col(k);
  return out;
}

void LayersInTime::go_up(std::size_t number) {
  Layer& layer = layers_[number];
  const Index now = step_ * points_, seen = now + points_;
  const double start = memory_.start[step_], units = static_cast<double>(layer.phi.rows());
  if (number > 0) {
    const Layer& below = layers_[number - 1];
    layer.covariance.block(now, 0, points_, seen) =
        weight_variance(number) / units * below.phi.middleCols(now, points_).transpose() * below.phi.leftCols(seen);
    layer.covariance.block(now, 0, points_, seen).array() += bias_variance(number);
    extend_root(layer.covariance, now, points_, jitter(), layer.root);
    layer.h = start * layer.forward.leftCols(seen) * layer.root.block(now, 0, points_, seen).transpose();
  } else {
    layer.h = start * layer.forward * problem_->train_root.transpose();
  }
  Matrix past = learned(layer.covariance.block(now, 0, points_, seen), now);
  if (number > 0 && responses_ != Responses::none)
    past += weight_variance(number) * start * layers_[number - 1].answer_phi;
  layer.h.noalias() += layer.g.leftCols(now) * past.transpose();
  layer.phi.middleCols(now, points_) = layer.h;
  const auto phi = columns_of(layer.phi, now, points_);
  network::value_and_derivative(problem_->spec.activation, phi, phi, columns_of(layer.slope, now, points_));
  for (auto* tangent : {&layer.by_forward, &layer.by_backward})
    if (*tangent) (*tangent)->step_forward(step_, past, layer.slope.middleCols(now, points_), start);
  if (layer.by_backward) layer.answer_phi = layer.by_backward->response_of_phi(step_);
  if (responses_ == Responses::by_correlations && number + 1 < layers_.size())
    layer.answer_phi = answers_to_gradients(layer, layer.phi.middleCols(now, points_));
}

void LayersInTime::go_down(std::size_t number) {
  Layer& layer = layers_[number];
  const Index now = step_ * points_, seen = now + points_, units = layer.phi.rows();
  const double start = memory_.start[step_];
  Matrix past, z;
  if (number + 1 == layers_.size()) {
    past = learned(Matrix::Ones(points_, seen), seen);
    z = start * layer.backward.replicate(1, points_);
  } else {
    const Layer& above = layers_[number + 1];
    const double variance = weight_variance(number + 1);
    const Matrix rows = variance * above.gradients.block(now, 0, points_, seen);
    past = learned(rows, seen);
    if (responses_ != Responses::none) past += variance * start * above.answer_g;
    extend_root(variance * above.gradients, now, points_, jitter(), layer.back_root);
    z = start * layer.backward.leftCols(seen) * layer.back_root.block(now, 0, points_, seen).transpose();
  }
  z.noalias() += layer.phi.leftCols(seen) * past.transpose();
  const auto slope = layer.slope.middleCols(now, points_);
  layer.g.middleCols(now, points_) = slope.cwiseProduct(z);
  layer.gradients.block(now, 0, points_, seen) =
      layer.g.middleCols(now, points_).transpose() * layer.g.leftCols(seen) / static_cast<double>(units);
  if (layer.by_forward || layer.by_backward) {
    const Matrix curvature = curvature_of(problem_->spec.activation, layer.h).cwiseProduct(z);
    for (auto* tangent : {&layer.by_forward, &layer.by_backward})
      if (*tangent) (*tangent)->step_backward(step_, past, slope, curvature, start);
    if (layer.by_forward) layer.answer_g = layer.by_forward->response_of_g(step_);
    if (layer.by_forward && responses_ == Responses::without_equal_time) layer.answer_g.rightCols(points_).setZero();
  }
  if (responses_ == Responses::by_correlations && number > 0)
    layer.answer_g =
        answers(layer.g.middleCols(now, points_), layer.forward.leftCols(seen), layer.root.topLeftCorner(seen, seen));
  if (number + 1 == layers_.size()) top_ = z.col(0);
}

void LayersInTime::march() {
  ++step_;
  const Index now = step_ * points_;
  for (std::size_t l = 0; l < layers_.size(); ++l) go_up(l);
  for (std::size_t l = layers_.size(); l-- > 0;) go_down(l);
  const Layer& last = layers_.back();
  output_ =
      last.phi.middleCols(now, points_).transpose() * top_ / (problem_->scale * static_cast<double>(last.phi.rows()));
  residual_.segment(now, points_) = problem_->label - output_;
}

}  // namespace fieldscan::theory
