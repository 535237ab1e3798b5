#include "loss.hpp"

#include <algorithm>

#include "fieldscan/network/half_square.hpp"

namespace fieldscan::training {

Loss::Loss(const Problem& problem, const network::Network& network, const Vector& start, Index most)
    : problem_(problem),
      network_(network),
      start_(start),
      reference_(data::flat(problem.data.train.label)),
      outputs_(std::max<Index>(most, 1) * network.outputs()) {
  most = std::max<Index>(most, 1);
  if (problem.precision == Precision::single)
    single_.emplace(network, problem.data.train.x, most);
  else
    work_ = network.workspace(std::min(most, network::block_points(network, sizeof(double))));
  if (network.spec().centred && reference_.size() > 0) reference_ += network.evaluate(start, problem.data.train.x);
}

double Loss::evaluate(const Vector& theta, Over over, const MatrixView& x, const VectorView& reference,
                      Vector& gradient) {
  auto residual = outputs_.head(reference.size());
  if (!single_) return network::half_square(network_, theta, x, reference, 1, work_, residual, gradient);
  if (over == Over::training_set) return single_->half_square(theta, reference, 1, residual, gradient);
  return single_->half_square(theta, x, reference, 1, residual, gradient);
}

double Loss::all(const Vector& theta, Vector& gradient) {
  return evaluate(theta, Over::training_set, problem_.data.train.x, reference_, gradient);
}

double Loss::rows(const Vector& theta, std::span<const Index> rows, Vector& gradient) {
  const auto count = static_cast<Index>(rows.size());
  const Index outputs = network_.outputs();
  if (batch_x_.rows() < count) {  // the first batch is the largest
    batch_x_.resize(count, problem_.data.train.x.cols());
    batch_reference_.resize(count * outputs);
  }
  for (Index column = 0; column < batch_x_.cols(); ++column)
    for (Index k = 0; k < count; ++k)
      batch_x_(k, column) = problem_.data.train.x(rows[static_cast<std::size_t>(k)], column);
  for (Index k = 0; k < count; ++k)
    for (Index c = 0; c < outputs; ++c)
      batch_reference_[k * outputs + c] = reference_[rows[static_cast<std::size_t>(k)] * outputs + c];
  return evaluate(theta, Over::others, batch_x_.topRows(count), batch_reference_.head(count * outputs), gradient);
}

double Loss::fresh(const Vector& theta, const data::Sample& sample, Vector& gradient) {
  batch_reference_ = data::flat(sample.label);
  if (network_.spec().centred) batch_reference_ += network_.evaluate(start_, sample.x);
  return evaluate(theta, Over::others, sample.x, batch_reference_, gradient);
}

double Loss::value(const Vector& theta) const {
  return 0.5 * (network_.evaluate(theta, problem_.data.train.x) - reference_).squaredNorm();
}

}  // namespace fieldscan::training
