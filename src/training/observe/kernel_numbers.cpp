#include "kernel_numbers.hpp"

#include <limits>

#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::training {

double kernel_alignment(const Matrix& kernel, const VectorView& label) {
  const double size = label.squaredNorm() * kernel.norm();
  return size > 0 ? label.dot(kernel * label) / size : 0;
}

double relative_change(const Matrix& kernel, const Matrix& initial) {
  return (kernel - initial).norm() / initial.norm();
}

void read_spectrum(Matrix kernel, Observable name, std::vector<Reading>& out) {
  const auto points = static_cast<double>(kernel.rows());
  const Vector values = eigenvalues(std::move(kernel));
  for (Index k = 0; k < values.size(); ++k) out.push_back({name, static_cast<double>(k) + 1, values[k] / points});
}

Vector regression_weights(Matrix kernel, const VectorView& label, double ridge) {
  if (ridge > 0) return factor(std::move(kernel), ridge).solve(Vector(label));
  const Eigenpairs pairs = eigenpairs(std::move(kernel));
  const double cut = std::numeric_limits<double>::epsilon() * static_cast<double>(label.size()) * pairs.values[0];
  const Index rank = (pairs.values.array() > cut).count();
  const auto kept = pairs.vectors.leftCols(rank);
  return kept * (kept.transpose() * label).cwiseQuotient(pairs.values.head(rank));
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
