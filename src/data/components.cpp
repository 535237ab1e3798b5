#include "fieldscan/data/components.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>

#include "fieldscan/core/canonical.hpp"

namespace fieldscan::data {

namespace {

constexpr double least_independent = 1e-8;  ///< smallest part of a column, of length 1, that the others leave

}  // namespace

std::vector<ComponentShare> component_shares(const Draw& draw, const VectorView& values) {
  const Matrix& modes = draw.test.modes;
  std::vector<Index> there;
  for (Index k = 0; k < modes.cols(); ++k)
    if (modes.col(k).squaredNorm() > 0) there.push_back(k);
  if (there.empty() || modes.rows() != values.size()) return {};
  const auto number = [&](Index k) { return draw.mode_numbers[static_cast<std::size_t>(k)]; };
  if (there.size() == 1) {
    const Index k = there[0];
    return {{.component = number(k), .share = modes.col(k).dot(values) / modes.col(k).squaredNorm()}};
  }
  Matrix unit(modes.rows(), static_cast<Index>(there.size()));
  for (Index j = 0; j < unit.cols(); ++j) unit.col(j) = modes.col(there[static_cast<std::size_t>(j)]).normalized();
  Eigen::ColPivHouseholderQR<Matrix> columns;
  columns.setThreshold(least_independent);
  columns.compute(unit);
  if (columns.rank() < unit.cols()) return {};
  const Vector share = columns.solve(values);
  std::vector<ComponentShare> out;
  for (Index j = 0; j < unit.cols(); ++j) {
    const Index k = there[static_cast<std::size_t>(j)];
    out.push_back({.component = number(k), .share = share[j] / modes.col(k).norm()});
  }
  return out;
}

Matrix component_weights(const Draw& draw) {
  const Matrix& modes = draw.test.modes;
  Matrix out = Matrix::Zero(modes.rows(), modes.cols());
  if (component_shares(draw, Vector(Vector::Zero(modes.rows()))).empty()) return out;
  Matrix square = modes.transpose() * modes;
  for (Index k = 0; k < modes.cols(); ++k)
    if (!(square(k, k) > 0)) square(k, k) = 1;  // of a component that vanishes: its column stays 0
  return modes * square.llt().solve(Matrix::Identity(modes.cols(), modes.cols()));
}

std::string identity_lines(const Spec& spec) {
  std::string text = canonical_text("data", spec);
  if (mode_numbers(spec.target, spec.input).size() > 1) text += "data.shares=joint@2\n";
  return text;
}

}  // namespace fieldscan::data
