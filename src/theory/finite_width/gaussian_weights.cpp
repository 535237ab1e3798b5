#include "gaussian_weights.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/core/solve/minimum.hpp"

namespace fieldscan::theory {

namespace {

constexpr double variance_step = 3e-6;  ///< of a variance, relative
constexpr std::array random_starts = {0.3, 1.0, 2.0};

std::span<double> numbers_of(Matrix& matrix) { return {matrix.data(), static_cast<std::size_t>(matrix.size())}; }

/// ⟨φφ′⟩ of all pairs with its derivatives by the variance of the first and by the covariance.
struct PairAverages {
  Matrix value, by_first, by_covariance;
};

/// The derivative by the first variance: of erf in closed form, of others by differences.
Matrix by_first_variance(const network::ActivationChoice& activation, const Matrix& first, const Matrix& covariance,
                         const Matrix& by_covariance) {
  const Index points = first.rows();
  if (const auto* erf = std::get_if<network::Erf>(&activation)) {
    const double square = erf->scale * erf->scale;
    return -square * by_covariance.array() * covariance.array() / (1 + 2 * square * first.array());
  }
  const Matrix second = first.transpose();
  Matrix shifted = (1 + variance_step) * first, up(points, points), down(points, points), unused(points, points);
  network::averages_value(activation, numbers_of(shifted), {second.data(), numbers_of(up).size()},
                          {covariance.data(), numbers_of(up).size()}, numbers_of(up), numbers_of(unused));
  shifted = (1 - variance_step) * first;
  network::averages_value(activation, numbers_of(shifted), {second.data(), numbers_of(up).size()},
                          {covariance.data(), numbers_of(up).size()}, numbers_of(down), numbers_of(unused));
  return (up - down).array() / (2 * variance_step * first.array());
}

PairAverages pair_averages(const network::ActivationChoice& activation, const Matrix& points) {
  const Index count = points.rows();
  Matrix covariance = points * points.transpose();
  Matrix first = covariance.diagonal().replicate(1, count), second = first.transpose();
  PairAverages out{Matrix(count, count), {}, Matrix(count, count)};
  network::averages(activation, numbers_of(first), numbers_of(second), numbers_of(covariance), numbers_of(out.value),
                    numbers_of(out.by_covariance));
  for (Index i = 0; i < count; ++i) {
    const auto equal = network::average_equal(activation, covariance(i, i));
    out.value(i, i) = equal.value;
    out.by_covariance(i, i) = equal.derivative;
  }
  out.by_first = by_first_variance(activation, first, covariance, out.by_covariance);
  for (Index i = 0; i < count; ++i) {  // of u = v all three variances move
    const double a = covariance(i, i), step = variance_step * a;
    const double slope =
        (network::average_equal(activation, a + step).value - network::average_equal(activation, a - step).value) /
        (2 * step);
    out.by_first(i, i) = 0.5 * (slope - out.by_covariance(i, i));
  }
  return out;
}

}  // namespace

double free_energy(const GaussianWeights& problem, const Matrix& root, Matrix& derivative) {
  const double outside = std::numeric_limits<double>::infinity();
  if (!root.allFinite()) return outside;
  const Eigen::PartialPivLU<Matrix> lu(root);
  const double log_determinant = lu.matrixLU().diagonal().cwiseAbs().array().log().sum();
  if (!std::isfinite(log_determinant)) return outside;
  const PairAverages pairs = pair_averages(problem.activation, problem.inputs * root);
  if (!pairs.value.allFinite() || !pairs.by_first.allFinite()) return outside;
  const Factor f = factor(problem.readout * pairs.value, problem.ridge);
  const Vector t = f.solve(problem.labels);
  const Index points = t.size();
  const bool whole = problem.method == VariationalMethod::saddle;
  Matrix slope = -problem.chi * t * t.transpose();
  if (whole) slope += f.solve(Matrix(Matrix::Identity(points, points)));
  slope *= problem.readout / (2 * problem.width);
  Matrix weight = slope.cwiseProduct(pairs.by_covariance);
  weight.diagonal() += 2 * slope.cwiseProduct(pairs.by_first).rowwise().sum();
  derivative = root - lu.inverse().transpose() + 2 * problem.inputs.transpose() * (weight * (problem.inputs * root));
  const double fluctuations = whole ? f.log_determinant() : 0.0;
  return 0.5 * (root.squaredNorm() - static_cast<double>(root.rows())) - log_determinant +
         (problem.chi * problem.labels.dot(t) + fluctuations) / (2 * problem.width);
}

GaussianAdaptation adapt_gaussian(const GaussianWeights& problem) {
  const Index rank = problem.inputs.cols();
  const auto energy = [&](const Vector& x, Vector& gradient) {
    Matrix derivative = Matrix::Zero(rank, rank);
    const double value = free_energy(problem, x.reshaped(rank, rank), derivative);
    gradient = derivative.reshaped();
    return value;
  };
  std::optional<GaussianAdaptation> best;
  solve::Solved<Vector> first;
  for (std::size_t k = 0; k <= random_starts.size(); ++k) {
    Matrix root = Matrix::Identity(rank, rank);
    if (k > 0) {
      const Stream stream(0, Purpose::theory, "variational adaptation", 0, k);
      stream.normals(numbers_of(root));
      root *= random_starts[k - 1] / std::sqrt(static_cast<double>(rank));
    }
    const auto found = solve::minimum(energy, root.reshaped(), {.tolerance = 1e-8});
    if (k == 0) first = found;
    if (!found.converged) continue;
    Vector unused(found.value.size());
    const double action = problem.width * energy(found.value, unused);
    const Matrix at = found.value.reshaped(rank, rank);
    if (!best || action < best->action) best = GaussianAdaptation{at * at.transpose(), action};
  }
  if (!best) solve::give_up("the free energy of variational adaptation, from any start", first.residual, first.steps);
  return *best;
}

}  // namespace fieldscan::theory
