#include <cmath>
#include <span>

#include "fieldscan/theory/feature_dynamics/layers_in_time.hpp"

namespace fieldscan::theory {

namespace {

Matrix standard_normals(const Stream& stream, Index rows, Index columns) {
  Matrix out(rows, columns);
  stream.normals({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

}  // namespace

LayerNoise layer_noise(const FeatureProblem& problem, Index steps, Index pairs, const Stream& stream) {
  const Index places = (steps + 1) * problem.label.size();
  const auto depth = static_cast<std::uint32_t>(problem.spec.depth);
  LayerNoise out;
  Index widest = 0;
  for (std::uint32_t l = 0; l < depth; ++l) {
    const Index forward = l == 0 ? problem.train_root.cols() : places, backward = l + 1 == depth ? 1 : places;
    const auto part = [&](std::uint32_t number) { return stream.at(1 + l, number); };
    out.forward.push_back(standard_normals(part(0), pairs, forward));
    out.backward.push_back(standard_normals(part(1), pairs, backward));
    out.own.push_back(standard_normals(part(2), pairs, l == 0 ? problem.test_own.size() : 1));
    widest = std::max(widest, forward + backward);
  }
  out.moments = moments_of(pairs / 2, widest);
  return out;
}

LayerNoise part_of(const LayerNoise& noise, Index first, Index pairs) {
  LayerNoise out{.moments = noise.moments};
  for (std::size_t l = 0; l < noise.forward.size(); ++l) {
    out.forward.push_back(noise.forward[l].middleRows(first, pairs));
    out.backward.push_back(noise.backward[l].middleRows(first, pairs));
    out.own.push_back(noise.own[l].middleRows(first, pairs));
  }
  return out;
}

Vector LayersInTime::test_output() const {
  const Index now = step_ * points_, seen = now + points_, tests = problem_->test_root.rows();
  const double start = memory_.start[step_], units = static_cast<double>(top_.size());
  Matrix phi, slope, answer, rows;  // of the layer below at the test points, and C* [P* × places]
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    Matrix h;
    if (l == 0) {
      rows = problem_->cross.transpose().replicate(1, step_ + 1);
      h = start * layer.forward * problem_->test_root.transpose();
      if (problem_->test_own.size() > 0) h += start * layer.own * problem_->test_own.asDiagonal();
    } else {
      const double variance = weight_variance(l), bias = bias_variance(l);
      rows = (variance / units * phi.transpose() * layers_[l - 1].phi.leftCols(seen)).array() + bias;
      const Vector diagonal = (variance / units * phi.colwise().squaredNorm().transpose()).array() + bias;
      Matrix root = rows.transpose();
      layer.root.topLeftCorner(seen, seen).triangularView<Eigen::Lower>().solveInPlace(root);
      const Vector own = (diagonal - root.colwise().squaredNorm().transpose()).cwiseMax(0).cwiseSqrt();
      h = start * (layer.forward.leftCols(seen) * root + layer.own * own.transpose());
    }
    Matrix past = learned(rows, now);
    if (l > 0 && responses_ != Responses::none) past += weight_variance(l) * start * answer;
    h.noalias() += layer.g.leftCols(now) * past.transpose();
    phi = slope = Matrix(h.rows(), tests);
    network::value_and_derivative(problem_->spec.activation, {h.data(), static_cast<std::size_t>(h.size())},
                                  {phi.data(), static_cast<std::size_t>(phi.size())},
                                  {slope.data(), static_cast<std::size_t>(slope.size())});
    if (layer.by_backward) answer = layer.by_backward->response_of_others(step_, past, slope);
    if (responses_ == Responses::by_correlations && l + 1 < layers_.size()) answer = answers_to_gradients(layer, phi);
  }
  return phi.transpose() * top_ / (problem_->scale * units);
}

FeatureState LayersInTime::state() const {
  const Index now = step_ * points_;
  const double units = static_cast<double>(top_.size());
  FeatureState out{.train = output_, .test = test_output(), .tangent = {}, .hidden = {}};
  Matrix tangent = Matrix::Zero(points_, points_);
  for (const Layer& layer : layers_) {
    const auto phi = layer.phi.middleCols(now, points_);
    out.hidden.push_back(phi.transpose() * phi / units);
    tangent += layer.gradients.block(now, now, points_, points_)
                   .cwiseProduct(layer.covariance.block(now, now, points_, points_));
  }
  out.tangent = problem_->spec.readout_variance * (tangent + out.hidden.back());
  return out;
}

double LayersInTime::bytes(double units, double points, double steps, double depth, Responses responses) {
  const double places = (steps + 1) * points;
  const double tangents = responses == Responses::none || responses == Responses::by_correlations ? 0 : 2 * depth - 2;
  return tangents * LayerTangent::bytes(units, places) + 8 * depth * (5 * units * places + 4 * places * places);
}

std::vector<FeatureState> follow_layers(const FeatureProblem& problem, const LayerNoise& noise,
                                        const std::vector<std::int64_t>& steps, Responses responses) {
  LayersInTime layers(problem, noise, steps.back(), responses);
  std::vector<FeatureState> out;
  std::int64_t done = 0;
  for (const std::int64_t next : steps) {
    for (; done <= next; ++done) {
      layers.march();
      if (has_diverged(problem.label - layers.output(), problem.label)) return out;
    }
    out.push_back(layers.state());
  }
  return out;
}

}  // namespace fieldscan::theory
