#include "fieldscan/theory/descent/batch_moments.hpp"

namespace fieldscan::theory {

BatchMoments::BatchMoments(const FlowKernels& kernels, const VectorView& label, const VectorView& target, double shown,
                           double step, double batch)
    : kernels_(kernels),
      step_(step),
      batch_(batch),
      mean_train_(-label),
      mean_test_(-target),
      test_(target.cwiseAbs2() + shown * kernels.nngp_diagonal),
      train_(label * label.transpose() + shown * kernels.nngp),
      cross_(label * target.transpose() + shown * kernels.nngp_cross) {}

void BatchMoments::go_to(std::int64_t steps) {
  for (; done_ < steps; ++done_) advance();
}

void BatchMoments::advance() {
  const Matrix& tangent = kernels_.tangent;
  const Matrix& to_test = kernels_.tangent_cross;
  Matrix batches = (1 - 1 / batch_) * train_;
  batches.diagonal() += static_cast<double>(train_.rows()) / batch_ * train_.diagonal();
  const Matrix moved = tangent * (step_ * batches);  // h Θ Q
  const Matrix pushed = step_ * batches * to_test;   // h Q Θ_X*
  test_ += step_ * (to_test.cwiseProduct(pushed - 2 * cross_).colwise().sum().transpose());
  cross_ += step_ * (moved * to_test - tangent * cross_ - train_ * to_test);
  const Matrix drift = tangent * train_;
  train_ += step_ * (moved * tangent - drift - drift.transpose());
  mean_test_ -= step_ * (to_test.transpose() * mean_train_);
  mean_train_ -= step_ * (tangent * mean_train_);
}

}  // namespace fieldscan::theory
