#include "kernel_numbers.hpp"

#include <limits>

#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::training {

double kernel_alignment(const Matrix& kernel, const Matrix& label) {
  double square = 0, form = 0;
  for (const auto& own : label.colwise()) {
    square += own.squaredNorm();
    form += own.dot(kernel * own);
  }
  const double size = square * kernel.norm();
  return size > 0 ? form / size : 0;
}

double relative_change(const Matrix& kernel, const Matrix& initial) {
  return (kernel - initial).norm() / initial.norm();
}

void read_spectrum(Matrix kernel, Observable name, std::vector<Reading>& out) {
  const auto points = static_cast<double>(kernel.rows());
  const Vector values = eigenvalues(std::move(kernel));
  for (Index k = 0; k < values.size(); ++k) out.push_back({name, static_cast<double>(k) + 1, values[k] / points});
}

Matrix regression_weights(Matrix kernel, const Matrix& label, double ridge) {
  Matrix out(label.rows(), label.cols());
  if (ridge > 0) {
    const Factor factored = factor(std::move(kernel), ridge);
    for (Index c = 0; c < label.cols(); ++c) out.col(c) = factored.solve(Vector(label.col(c)));
    return out;
  }
  const Eigenpairs pairs = eigenpairs(std::move(kernel));
  const double cut = std::numeric_limits<double>::epsilon() * static_cast<double>(label.rows()) * pairs.values[0];
  const Index rank = (pairs.values.array() > cut).count();
  const auto kept = pairs.vectors.leftCols(rank);
  for (Index c = 0; c < label.cols(); ++c)
    out.col(c) = kept * (kept.transpose() * label.col(c)).cwiseQuotient(pairs.values.head(rank));
  return out;
}

Array kernel_array(Observable observable, const std::vector<Matrix>& kernels) {
  const Index points = kernels.front().rows();
  Array array{.observable = observable, .shape = {points, points}, .data = {}};
  if (observable == Observable::hidden_kernel)
    array.shape.insert(array.shape.begin(), static_cast<std::int64_t>(kernels.size()));
  array.data.reserve(kernels.size() * static_cast<std::size_t>(points * points));
  for (const Matrix& kernel : kernels)  // symmetric: columns are rows
    array.data.insert(array.data.end(), kernel.data(), kernel.data() + kernel.size());
  return array;
}

}  // namespace fieldscan::training
