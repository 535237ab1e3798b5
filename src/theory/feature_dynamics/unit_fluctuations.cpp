#include "fieldscan/theory/feature_dynamics/unit_fluctuations.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace fieldscan::theory {

namespace {

/// Weighted covariances of the columns of a and b [units × ·].
Matrix covariance_of(const Matrix& a, const Matrix& b, const Vector& weight) {
  const Vector mean_a = a.transpose() * weight, mean_b = b.transpose() * weight;
  return a.transpose() * weight.asDiagonal() * b - mean_a * mean_b.transpose();
}

Index place_of(std::span<const std::int64_t> steps, std::int64_t step) {
  const auto at = std::ranges::find(steps, step);
  return at == steps.end() ? -1 : at - steps.begin();
}

/// Adds sign·(outputs from step s on with one residual moved) to column s P + ν of the responses.
void add_response(UnitsInTime units, const FeatureProblem& problem, const Matrix& residual, Index s, Index nu,
                  double shift, const std::vector<std::int64_t>& steps, double sign, UnitFluctuations& out) {
  const Index points = problem.label.size(), last = residual.cols() - 1, column = s * points + nu;
  for (Index t = s; t < last; ++t) {
    Vector moved = residual.col(t);
    if (t == s) moved[nu] += shift;
    units.step(moved);
    out.response.col(column).segment((t + 1) * points, points) += sign * units.output();
    if (const Index k = place_of(steps, t + 1); k >= 0)
      out.test_response[static_cast<std::size_t>(k)].col(column) += sign * units.test_output();
  }
}

}  // namespace

UnitFluctuations unit_fluctuations(const FeatureProblem& problem, const UnitSample& sample,
                                   const std::vector<std::int64_t>& steps, double difference) {
  const Index points = problem.label.size(), last = steps.back(), places = (last + 1) * points;
  const double size = std::sqrt(problem.label.squaredNorm() / static_cast<double>(points));
  const double shift = difference * (size > 0 ? size : 1);
  UnitFluctuations out{.response = Matrix::Zero(places, places),
                       .covariance = {},
                       .test_response = {},
                       .test_covariance = {},
                       .test_variance = {},
                       .tangent = {}};
  out.test_response.assign(steps.size(), Matrix::Zero(problem.test_root.rows(), places));
  Matrix residual(points, last + 1), unit(sample.readout.size(), places);
  std::vector<UnitsInTime> at;  // before each step
  std::vector<Matrix> tests;
  UnitsInTime units(problem, sample);
  for (Index t = 0; t <= last; ++t) {
    residual.col(t) = problem.label - units.output();
    if (has_diverged(residual.col(t), problem.label)) return {};
    unit.middleCols(t * points, points) = units.unit_outputs();
    if (place_of(steps, t) >= 0) {
      tests.push_back(units.unit_test_outputs());
      out.tangent.push_back(units.state().tangent);
    }
    at.push_back(units);
    if (t < last) units.step(residual.col(t));
  }
  for (Index s = 0; s < last; ++s)
    for (Index nu = 0; nu < points; ++nu)
      for (const double sign : {1.0, -1.0})
        add_response(at[static_cast<std::size_t>(s)], problem, residual, s, nu, sign * shift, steps, sign / (2 * shift),
                     out);
  out.covariance = covariance_of(unit, unit, sample.weight);
  for (const Matrix& test : tests) {
    out.test_covariance.push_back(covariance_of(unit, test, sample.weight));
    const Vector mean = test.transpose() * sample.weight;
    out.test_variance.push_back(test.cwiseAbs2().transpose() * sample.weight - mean.cwiseAbs2());
  }
  return out;
}

Vector scaled_variance(const UnitFluctuations& fluctuations, std::size_t k) {
  const Index places = fluctuations.response.rows();
  const Matrix field = Matrix::Identity(places, places) + fluctuations.response;
  // X = D* (1 + D)⁻¹ as its transpose; 1 + D is unit lower triangular.
  const Matrix carried =
      field.transpose().triangularView<Eigen::UnitUpper>().solve(fluctuations.test_response[k].transpose());
  const Matrix spread = fluctuations.covariance * carried - 2 * fluctuations.test_covariance[k];
  return fluctuations.test_variance[k] + carried.cwiseProduct(spread).colwise().sum().transpose();
}

UnitFluctuations average_of(const std::vector<const UnitFluctuations*>& parts) {
  UnitFluctuations out = *parts.front();
  const auto each = [&](auto&& add) {
    for (std::size_t b = 1; b < parts.size(); ++b) add(*parts[b]);
  };
  const double share = 1 / static_cast<double>(parts.size());
  each([&](const UnitFluctuations& one) { out.response += one.response, out.covariance += one.covariance; });
  out.response *= share, out.covariance *= share;
  for (std::size_t k = 0; k < out.test_response.size(); ++k) {
    each([&](const UnitFluctuations& one) {
      out.test_response[k] += one.test_response[k];
      out.test_covariance[k] += one.test_covariance[k];
      out.test_variance[k] += one.test_variance[k];
      out.tangent[k] += one.tangent[k];
    });
    out.test_response[k] *= share, out.test_covariance[k] *= share, out.test_variance[k] *= share;
    out.tangent[k] *= share;
  }
  return out;
}

}  // namespace fieldscan::theory
