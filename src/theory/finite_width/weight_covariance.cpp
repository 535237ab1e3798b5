#include "weight_covariance.hpp"

namespace fieldscan::theory {

Matrix span_basis(const Matrix& inputs) {
  if (inputs.cols() <= inputs.rows()) return {};
  return Eigen::HouseholderQR<Matrix>(inputs.transpose()).householderQ() *
         Matrix::Identity(inputs.cols(), inputs.rows());
}

Matrix whole_root(const Matrix& covariance, const Matrix& basis) {
  const Matrix root = Eigen::SelfAdjointEigenSolver<Matrix>(covariance).operatorSqrt();
  if (basis.size() == 0) return root;
  const Index rank = root.rows(), dimension = basis.rows();
  return Matrix::Identity(dimension, dimension) + basis * (root - Matrix::Identity(rank, rank)) * basis.transpose();
}

}  // namespace fieldscan::theory
