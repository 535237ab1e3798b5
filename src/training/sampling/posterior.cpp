#include "posterior.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../replica.hpp"
#include "fieldscan/network/half_square.hpp"

namespace fieldscan::training {

namespace {

constexpr Index look_block = 128;  ///< points whose layers stay in the cache

/// A quarter of the first layer's units along the target's linear part: σ_w W = √d w*, with w* ∝ Σ x g over training
/// and test set.
void align(const Problem& problem, const network::Network& network, Vector& theta) {
  const data::Draw& data = problem.data;
  Vector direction = data.train.x.transpose() * data::one_output(data.train.target);
  if (data.test.x.rows() > 0) direction += data.test.x.transpose() * data::one_output(data.test.target);
  if (!(direction.norm() > 0)) return;
  const network::Tensor& tensor = network.tensors().front();
  Eigen::Map<Matrix> weights(theta.data() + tensor.offset, tensor.rows, tensor.cols);
  const Index units = (tensor.rows + 3) / 4;
  weights.topRows(units).rowwise() = direction.normalized().transpose() / tensor.scale;
}

}  // namespace

Posterior::Posterior(const Problem& problem, const network::Network& network, Readout readout, Start start)
    : problem_(problem),
      network_(network),
      noise_(problem.ridge / problem.network.chi),
      label_(data::flat(problem.data.train.label)),
      theta_(start_of(problem, network)),
      slope_(theta_.size()),
      outputs_(problem.data.train.x.rows() * network.outputs()),
      work_(network.workspace(problem.data.train.x.rows())) {
  const network::Tensor& last = network.tensors().back();
  const bool integrate = readout == Readout::integrated && last.rate_factor > 0;
  for (const auto& tensor : network.tensors()) {
    if (tensor.rate_factor == 0 || (integrate && tensor.role == network::Role::readout)) continue;
    active_.push_back(tensor);
    dimension_ += tensor.size();
  }
  if (start == Start::aligned && network.tensors().front().rate_factor > 0) align(problem, network, theta_);
  readout_scale_ = last.scale * last.init_std;
  if (problem.precision == Precision::single && !integrate)
    single_.emplace(network, problem.data.train.x, problem.data.train.x.rows());
  if (!integrate) return;
  integral_.emplace(problem.data.train.x.rows(), last.cols, noise_, last.rows);
  if (problem.precision == Precision::single && dimension_ > 0)
    single_integral_.emplace(network, problem.data.train, noise_, readout_scale_);
  features_.resize(problem.data.train.x.rows(), last.cols);
  feature_slope_.resize(features_.rows(), last.cols);
}

Vector Posterior::start() const {
  Vector z(dimension_);
  Index at = 0;
  for (const auto& tensor : active_) {
    z.segment(at, tensor.size()) = theta_.segment(tensor.offset, tensor.size()) / tensor.init_std;
    at += tensor.size();
  }
  return z;
}

void Posterior::scatter(const Vector& z) {
  Index at = 0;
  for (const auto& tensor : active_) {
    theta_.segment(tensor.offset, tensor.size()) = tensor.init_std * z.segment(at, tensor.size());
    at += tensor.size();
  }
}

void Posterior::gather(Vector& out) const {
  Index at = 0;
  for (const auto& tensor : active_) {
    out.segment(at, tensor.size()) += tensor.init_std * slope_.segment(tensor.offset, tensor.size());
    at += tensor.size();
  }
}

double Posterior::potential(const Vector& z, Vector& gradient) {
  scatter(z);
  const double likelihood = integral_ ? integrated_potential() : sampled_potential();
  current_ = integral_ && !single_integral_;
  if (current_) evaluated_ = z;
  if (!std::isfinite(likelihood)) return std::numeric_limits<double>::infinity();
  gradient = z;
  gather(gradient);
  return 0.5 * z.squaredNorm() + likelihood;
}

double Posterior::energy(const Vector& z) {
  double likelihood = take_up(z);
  if (!integral_) likelihood = (outputs_ - label_).squaredNorm() / (2 * noise_);
  return 0.5 * z.squaredNorm() + likelihood;
}

double Posterior::sampled_potential() {
  const data::Sample& train = problem_.data.train;
  const double energy =
      single_ ? single_->half_square(theta_, label_, 1 / noise_, outputs_, slope_)
              : network::half_square(network_, theta_, train.x, label_, 1 / noise_, work_, outputs_, slope_);
  return energy / noise_;
}

double Posterior::integrated_potential() {
  if (single_integral_) return single_integral_->potential(theta_, slope_);
  network_.forward_for_gradient(theta_, problem_.data.train.x, work_, outputs_);
  features_ = readout_scale_ * network_.features(work_, features_.rows());
  const double potential = integral_->solve(features_, problem_.data.train.label);
  if (!std::isfinite(potential)) return potential;
  integral_->gradient(features_, feature_slope_);
  feature_slope_ *= readout_scale_;
  if (dimension_ > 0) network_.backward_features(theta_, problem_.data.train.x, feature_slope_, work_, slope_);
  return potential;
}

double Posterior::take_up(const Vector& z) {
  scatter(z);
  network_.forward(theta_, problem_.data.train.x, work_, outputs_);
  if (!integral_) return 0;
  features_ = readout_scale_ * network_.features(work_, features_.rows());
  evaluated_ = z;
  current_ = true;
  return integral_->solve(features_, problem_.data.train.label);
}

void Posterior::look_at(const Vector& z) {
  if (!current_ || evaluated_ != z) take_up(z);  // a trajectory may just have ended here
}

Output Posterior::train_output() const {
  Output output{.mean = outputs_, .variance = {}};
  if (!integral_) return output;
  output.variance.resize(outputs_.size());
  integral_->predict(features_, features_, output.mean, output.variance);
  return output;
}

Output Posterior::output(const MatrixView& x) {
  const Index outputs = network_.outputs();
  if (look_work_.activation.empty()) {
    look_work_ = network_.workspace(look_block);
    look_outputs_.resize(look_block * outputs);
    if (integral_) look_features_.resize(look_block, features_.cols());
  }
  Output output{.mean = Vector(x.rows() * outputs), .variance = Vector(integral_ ? x.rows() * outputs : 0)};
  for (Index first = 0; first < x.rows(); first += look_block) {
    const Index count = std::min(look_block, x.rows() - first);
    const Index at = first * outputs, size = count * outputs;
    network_.forward(theta_, x.middleRows(first, count), look_work_, look_outputs_.head(size));
    if (!integral_) {
      output.mean.segment(at, size) = look_outputs_.head(size);
      continue;
    }
    auto features = look_features_.topRows(count);
    features = readout_scale_ * network_.features(look_work_, count);
    integral_->predict(features_, features, output.mean.segment(at, size), output.variance.segment(at, size));
  }
  return output;
}

std::vector<double> Posterior::squares() const {
  auto squares = squared_norms(network_, theta_);
  const double std = network_.tensors().back().init_std;
  if (integral_) squares.back() = std * std * integral_->expected_square();
  return squares;
}

Vector Posterior::parameters(const Stream& stream) const {
  Vector theta = theta_;
  if (!integral_) return theta;
  const network::Tensor& last = network_.tensors().back();
  Vector normals(last.size() + outputs_.size());
  stream.normals({normals.data(), static_cast<std::size_t>(normals.size())});
  Eigen::Map<Matrix>(theta.data() + last.offset, last.rows, last.cols) =
      last.init_std * integral_
                          ->draw(features_, problem_.data.train.label,
                                 normals.head(last.size()).reshaped(last.cols, last.rows),
                                 normals.tail(outputs_.size()).reshaped(features_.rows(), last.rows))
                          .transpose();
  return theta;
}

}  // namespace fieldscan::training
