#include "gaussian_weights.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/core/solve/minimum.hpp"
#include "pair_averages.hpp"

namespace fieldscan::theory {

namespace {

constexpr std::array random_starts = {0.3, 1.0, 2.0};

/// How far the best of what starts led to is from the others.
std::optional<double> farthest(const std::vector<Matrix>& found, const Matrix& best) {
  if (found.size() < 2) return std::nullopt;
  double most = 0;
  for (const Matrix& one : found) most = std::max(most, (one - best).norm());
  return most / best.norm();
}

}  // namespace

double free_energy(const GaussianWeights& problem, const Matrix& root, Matrix& derivative) {
  const double outside = std::numeric_limits<double>::infinity();
  if (!root.allFinite()) return outside;
  const Eigen::PartialPivLU<Matrix> lu(root);
  const double log_determinant = lu.matrixLU().diagonal().cwiseAbs().array().log().sum();
  if (!std::isfinite(log_determinant)) return outside;
  const Matrix at = problem.inputs * root;
  const PairAverages pairs = pair_averages(problem.activation, at * at.transpose());
  if (!pairs.value.allFinite() || !pairs.by_first.allFinite()) return outside;
  const Factor f = factor(problem.readout * pairs.value, problem.ridge);
  const Index points = problem.labels.rows();
  const auto outputs = static_cast<double>(problem.labels.cols());
  const bool whole = problem.method == VariationalMethod::saddle;
  Matrix slope = Matrix::Zero(points, points);
  double pull = 0;  // yᵀ(K_Σ + κ)⁻¹y, over the outputs
  for (const auto& label : problem.labels.colwise()) {
    const Vector t = f.solve(Vector(label));
    slope += -problem.chi * t * t.transpose();
    pull += label.dot(t);
  }
  if (whole) slope += outputs * f.solve(Matrix(Matrix::Identity(points, points)));
  slope *= problem.readout / (2 * problem.width);
  derivative = root - lu.inverse().transpose() + 2 * problem.inputs.transpose() * (pairs.backward(slope) * at);
  const double fluctuations = whole ? outputs * f.log_determinant() : 0.0;
  return 0.5 * (root.squaredNorm() - static_cast<double>(root.rows())) - log_determinant +
         (problem.chi * pull + fluctuations) / (2 * problem.width);
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
  std::vector<Matrix> covariances;
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
    covariances.emplace_back(at * at.transpose());
    if (!best || action < best->action) best = GaussianAdaptation{covariances.back(), action, found.residual};
  }
  if (!best)
    solve::give_up(
        "the least free energy of variational adaptation, from any start (lower chi/width, raise the ridge, or `method: mean_field`),",
        first.residual, first.steps);
  best->start_difference = farthest(covariances, best->covariance);
  return *best;
}

}  // namespace fieldscan::theory
