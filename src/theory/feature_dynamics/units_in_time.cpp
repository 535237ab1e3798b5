#include "fieldscan/theory/feature_dynamics/units_in_time.hpp"

#include <algorithm>
#include <span>

#include "fieldscan/core/product.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index block_units = 512;  ///< whose numbers stay in the cache of a core

std::span<double> all_of(Matrix& m) { return {m.data(), static_cast<std::size_t>(m.size())}; }

}  // namespace

UnitsInTime::UnitsInTime(const FeatureProblem& problem, const UnitSample& sample)
    : problem_(&problem), sample_(&sample), output_(problem.label.size()) {
  const Index units = sample.readout.size(), points = problem.label.size();
  for (Index first = 0; first < units; first += block_units) {
    const Index n = std::min(block_units, units - first);
    Block& block = blocks_.emplace_back();
    block.first = first;
    block.start = sample.normals.middleRows(first, n) * problem.train_root.transpose();
    block.learned = block.velocity = Matrix::Zero(n, points);
    block.readout = sample.readout.segment(first, n);
    block.readout_learned = block.readout_velocity = Vector::Zero(n);
    block.phi = block.slope = Matrix(n, points);
  }
  evaluate();
}

/// φ, φ′ of all units, and the output.
void UnitsInTime::evaluate() {
  output_.setZero();
  for (Block& block : blocks_) {
    const Index n = block.readout.size();
    block.phi = start_ * block.start;
    multiply<double>(1, block.learned, problem_->kernel, block.phi, Put::added);
    network::value_and_derivative(problem_->spec.activation, all_of(block.phi), all_of(block.phi), all_of(block.slope));
    block.readout = start_ * sample_->readout.segment(block.first, n) + block.readout_learned;
    output_.noalias() += block.phi.transpose() * sample_->weight.segment(block.first, n).cwiseProduct(block.readout);
  }
  output_ /= problem_->scale;
}

void UnitsInTime::step(const Vector& residual) {
  const DescentSteps& descent = problem_->descent;
  const Vector pull = problem_->pull() * residual;
  for (Block& block : blocks_) {
    for (Index mu = 0; mu < pull.size(); ++mu) {
      auto velocity = block.velocity.col(mu).array();
      velocity = descent.momentum * velocity - descent.pull * block.learned.col(mu).array() +
                 pull[mu] * block.readout.array() * block.slope.col(mu).array();
    }
    block.readout_velocity = descent.momentum * block.readout_velocity - descent.pull * block.readout_learned;
    block.readout_velocity.noalias() += block.phi * pull;
    block.learned += block.velocity;
    block.readout_learned += block.readout_velocity;
  }
  if (descent.anchor == dynamics::Anchor::zero) {
    start_velocity_ = descent.momentum * start_velocity_ - descent.pull * start_;
    start_ += start_velocity_;
  }
  evaluate();
}

/// h at the test points, without what a rule averages over.
Matrix UnitsInTime::test_fields(std::size_t number) const {
  const Block& block = blocks_[number];
  const Index n = block.readout.size();
  Matrix h = start_ * sample_->normals.middleRows(block.first, n) * problem_->test_root.transpose();
  h.noalias() += block.learned * problem_->cross;
  if (sample_->own.size() > 0) h += start_ * sample_->own.middleRows(block.first, n) * problem_->test_own.asDiagonal();
  return h;
}

Vector UnitsInTime::test_output() const {
  Vector out = Vector::Zero(problem_->test_root.rows());
  const bool ruled = problem_->test_own.size() > 0 && sample_->own.size() == 0;
  for (std::size_t number = 0; number < blocks_.size(); ++number) {
    const Block& block = blocks_[number];
    const Vector share =
        sample_->weight.segment(block.first, block.readout.size()).cwiseProduct(block.readout) / problem_->scale;
    const Matrix field = test_fields(number);
    const Index nodes = ruled ? sample_->own_rule.node.size() : 1;
    for (Index k = 0; k < nodes; ++k) {
      Matrix phi = field;
      if (ruled) phi.rowwise() += start_ * sample_->own_rule.node[k] * problem_->test_own.transpose();
      network::value(problem_->spec.activation, all_of(phi), all_of(phi));
      out.noalias() += (ruled ? sample_->own_rule.weight[k] : 1.0) * (phi.transpose() * share);
    }
  }
  return out;
}

Matrix UnitsInTime::unit_outputs() const {
  Matrix out(sample_->readout.size(), problem_->label.size());
  for (const Block& block : blocks_)
    out.middleRows(block.first, block.readout.size()) = (block.readout / problem_->scale).asDiagonal() * block.phi;
  return out;
}

Matrix UnitsInTime::unit_test_outputs() const {
  Matrix out(sample_->readout.size(), problem_->test_root.rows());
  for (std::size_t number = 0; number < blocks_.size(); ++number) {
    const Block& block = blocks_[number];
    Matrix phi = test_fields(number);
    network::value(problem_->spec.activation, all_of(phi), all_of(phi));
    out.middleRows(block.first, phi.rows()) = (block.readout / problem_->scale).asDiagonal() * phi;
  }
  return out;
}

FeatureState UnitsInTime::state() const {
  const Index points = problem_->label.size();
  Matrix hidden = Matrix::Zero(points, points), gradients = hidden;
  for (const Block& block : blocks_) {
    const auto weight = sample_->weight.segment(block.first, block.readout.size());
    const Matrix weighted = weight.asDiagonal() * block.phi;
    const Vector square = weight.cwiseProduct(block.readout.cwiseAbs2());
    const Matrix pulled = square.asDiagonal() * block.slope;
    hidden.noalias() += block.phi.transpose() * weighted;
    gradients.noalias() += block.slope.transpose() * pulled;
  }
  return {.train = output_,
          .test = test_output(),
          .tangent = problem_->spec.readout_variance * (hidden + gradients.cwiseProduct(problem_->kernel)),
          .hidden = {hidden}};
}

std::vector<FeatureState> follow_units(const FeatureProblem& problem, const UnitSample& sample,
                                       const std::vector<std::int64_t>& steps) {
  UnitsInTime units(problem, sample);
  std::vector<FeatureState> out;
  std::int64_t done = 0;
  for (const std::int64_t next : steps) {
    for (; done < next; ++done) {
      units.step(problem.label - units.output());
      if (has_diverged(problem.label - units.output(), problem.label)) return out;
    }
    out.push_back(units.state());
  }
  return out;
}

}  // namespace fieldscan::theory
