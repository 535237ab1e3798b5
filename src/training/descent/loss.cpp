#include "loss.hpp"

#include <algorithm>

#include "../replica.hpp"
#include "fieldscan/network/half_square.hpp"

namespace fieldscan::training {

Loss::Loss(const Problem& problem, const network::Network& network, const Vector& start, Index most)
    : problem_(problem),
      network_(network),
      start_(start),
      reference_(compared_labels(problem.loss, problem.data.train.label)),
      outputs_(std::max<Index>(most, 1) * network.outputs()) {
  most = std::max<Index>(most, 1);
  if (problem.precision == Precision::single)
    single_.emplace(network, problem.data.train.x, most);
  else
    work_ = network.workspace(std::min(most, network::block_points(network, sizeof(double))));
  if (!network.spec().centred || reference_.size() == 0) return;
  if (shifts())
    offset_ = network.evaluate(start, problem.data.train.x);
  else
    reference_ += network.evaluate(start, problem.data.train.x);
}

double Loss::evaluate(const Vector& theta, Over over, const MatrixView& x, const network::Comparison& with,
                      Vector& gradient) {
  auto slope = outputs_.head(with.label.size());
  if (!single_) return network::summed_loss(network_, theta, x, with, work_, slope, gradient);
  if (over == Over::training_set) return single_->summed_loss(theta, with, slope, gradient);
  return single_->summed_loss(theta, x, with, slope, gradient);
}

double Loss::all(const Vector& theta, Vector& gradient) {
  return evaluate(theta, Over::training_set, problem_.data.train.x, {problem_.loss, reference_, offset_}, gradient);
}

double Loss::rows(const Vector& theta, std::span<const Index> rows, Vector& gradient) {
  const auto count = static_cast<Index>(rows.size());
  const Index outputs = network_.outputs();
  if (batch_x_.rows() < count) {  // the first batch is the largest
    batch_x_.resize(count, problem_.data.train.x.cols());
    batch_reference_.resize(count * outputs);
    if (shifts()) batch_offset_.resize(count * outputs);
  }
  for (Index column = 0; column < batch_x_.cols(); ++column)
    for (Index k = 0; k < count; ++k)
      batch_x_(k, column) = problem_.data.train.x(rows[static_cast<std::size_t>(k)], column);
  const auto gather = [&](const Vector& all, Vector& part) {
    for (Index k = 0; k < count; ++k)
      for (Index c = 0; c < outputs; ++c) part[k * outputs + c] = all[rows[static_cast<std::size_t>(k)] * outputs + c];
  };
  gather(reference_, batch_reference_);
  if (shifts()) gather(offset_, batch_offset_);
  const Index numbers = count * outputs;
  return evaluate(theta, Over::others, batch_x_.topRows(count),
                  {problem_.loss, batch_reference_.head(numbers), batch_offset_.head(shifts() ? numbers : 0)},
                  gradient);
}

double Loss::fresh(const Vector& theta, const data::Sample& sample, Vector& gradient) {
  batch_reference_ = compared_labels(problem_.loss, sample.label);
  if (shifts())
    batch_offset_ = network_.evaluate(start_, sample.x);
  else if (network_.spec().centred)
    batch_reference_ += network_.evaluate(start_, sample.x);
  return evaluate(theta, Over::others, sample.x, {problem_.loss, batch_reference_, batch_offset_}, gradient);
}

double Loss::value(const Vector& theta) const {
  const Vector f = network_.evaluate(theta, problem_.data.train.x);
  Vector slope(f.size());
  return network::summed_loss({problem_.loss, reference_, offset_}, f, network_.outputs(), slope);
}

}  // namespace fieldscan::training
