#include "dressed.hpp"

#include <algorithm>
#include <cmath>

#include "fieldscan/data/components.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index test_tile = 128;    ///< test points at a time
constexpr Index tile_values = 2e7;  ///< features of them at most, where there are many nodes

Index tile_of(const Adaptation& adaptation) {
  return std::clamp<Index>(tile_values / std::max<Index>(adaptation.population.feature.rows(), 1), 8, test_tile);
}

/// What the nodes say of numbers (x, c): with ρ = δ_cc′ φ(x) − B·φ, B = (D + κ)⁻¹D_*,
///
///     variance = σ_a² (⟨Σ_c′ ρ_c′²⟩ + b Var(Σ_c′ s_c′ ρ_c′)) + κ |B|²
///
/// is least at this B, so that its derivative is that of the averages at fixed B. σ_a² Σ_c′ s_c′ ρ_c′ is the derivative
/// of f̄_c(x).
struct Residuals {
  std::vector<Matrix> rho;  ///< by c′ [M × n]
};

/// Adds `scale` times the derivative of the sum of the variances; errors of f̄ at these points [n].
Vector add_variances(const SaddleProblem& problem, const Adaptation& adaptation, const Residuals& residuals,
                     double scale, Functional& out) {
  const Saddle& saddle = adaptation.saddle;
  const double readout = problem.readout, b = problem.strength;
  const Index outputs = saddle.score.cols();
  Matrix projected = Matrix::Zero(residuals.rho[0].rows(), residuals.rho[0].cols());  // Σ s ρ
  for (Index c = 0; c < outputs; ++c) {
    const Matrix& rho = residuals.rho[static_cast<std::size_t>(c)];
    projected += saddle.score.col(c).asDiagonal() * rho;
    out.of_node += scale * readout * rho.rowwise().squaredNorm();
  }
  const Vector mean = projected.transpose() * saddle.weight;
  out.of_node += scale * readout * b * (projected.rowwise().squaredNorm() - 2 * projected * mean);
  for (Index c = 0; c < outputs; ++c) {
    const Matrix& rho = residuals.rho[static_cast<std::size_t>(c)];
    const Vector moved = rho.cwiseProduct(projected).rowwise().sum() - rho * mean;
    out.of_t.col(c) +=
        2 * scale * readout * b * (adaptation.population.feature.transpose() * saddle.weight.cwiseProduct(moved));
  }
  projected.rowwise() -= mean.transpose();
  return error_over_chains(adaptation, readout * (saddle.weight.asDiagonal() * projected));
}

/// The test points of one test_tile.
struct TestTile {
  Matrix feature;  ///< φ* [M × n]
  Matrix kernel;   ///< σ_a²⟨φ φ*⟩ [P × n]
  Matrix pull;     ///< ⟨s φ*⟩ [n × C]
};

/// D_* and D_** of output c: columns [P C × n], diagonal [n].
struct DressedTile {
  Matrix cross;
  Vector diagonal;
};
DressedTile dressed(const SaddleProblem& problem, const Adaptation& adaptation, const TestTile& at, Index c) {
  const Saddle& saddle = adaptation.saddle;
  const Matrix& feature = adaptation.population.feature;
  const Index points = feature.cols(), outputs = saddle.t.cols();
  const double strength = problem.strength * problem.readout;
  DressedTile out{.cross = Matrix(points * outputs, at.feature.cols()), .diagonal = {}};
  for (Index e = 0; e < outputs; ++e) {
    const Vector product = saddle.weight.cwiseProduct(saddle.score.col(c).cwiseProduct(saddle.score.col(e)));
    out.cross.middleRows(e * points, points) = strength * (feature.transpose() * (product.asDiagonal() * at.feature) -
                                                           saddle.pull.col(e) * at.pull.col(c).transpose());
  }
  out.cross.middleRows(c * points, points) += at.kernel;
  const Vector weight = saddle.weight.array() * (problem.readout + strength * saddle.score.col(c).array().square());
  out.diagonal = at.feature.cwiseAbs2().transpose() * weight - strength * at.pull.col(c).cwiseAbs2();
  return out;
}

struct Derivatives {
  Functional error, variance, train;
  std::vector<Functional> learnability;
  Matrix share;  ///< how they are linear in f̄ [test points × components]
};

/// c [n × C]: the derivative of a number by f̄ at these points.
void add_linear(const SaddleProblem& problem, const Adaptation& adaptation, const TestTile& at, const Matrix& weight,
                Functional& out) {
  out.of_node += problem.readout *
                 (at.feature * weight).cwiseProduct(adaptation.saddle.score.leftCols(weight.cols())).rowwise().sum();
  out.of_t.leftCols(weight.cols()) += at.kernel * weight;
}

/// The training set: (κ²|t|² + Σ variance/χ)/P.
SampledNumber train_error(const SaddleProblem& problem, const Adaptation& adaptation, double chi) {
  const Saddle& saddle = adaptation.saddle;
  const Index points = saddle.t.rows(), outputs = saddle.t.cols();
  const double ridge = problem.ridge, per_point = 1 / static_cast<double>(points);
  Functional derivative = no_functional(adaptation);
  derivative.of_t = 2 * ridge * ridge * per_point * saddle.t;
  if (adaptation.population.chain > 0) {
    const Matrix inverse = saddle.hessian.solve(Matrix(Matrix::Identity(points * outputs, points * outputs)));
    for (Index first = 0; first < points * outputs; first += test_tile) {
      const Index count = std::min(test_tile, points * outputs - first);
      Residuals residuals;
      for (Index c = 0; c < outputs; ++c)
        residuals.rho.emplace_back(ridge *
                                   (adaptation.population.feature * inverse.block(c * points, first, points, count)));
      add_variances(problem, adaptation, residuals, per_point / chi, derivative);
    }
  }
  const double variance =
      ridge * (static_cast<double>(outputs) - ridge * saddle.hessian.inverse_diagonal().sum() * per_point);
  return {.value = ridge * ridge * saddle.t.squaredNorm() * per_point + variance / chi,
          .standard_error = standard_error(problem, adaptation, derivative)};
}

/// One test_tile of test points, first … : what they are, and what they add to the derivatives.
void add_tile(const network::ActivationChoice& activation, const SaddleProblem& problem, const Adaptation& adaptation,
              const MatrixView& test, Index first, const data::Draw& draw, AdaptedOutputs& out, Derivatives& sums,
              double& square_error) {
  const Saddle& saddle = adaptation.saddle;
  const Index outputs = saddle.t.cols(), count = test.rows();
  const double per_point = 1 / static_cast<double>(out.mean.rows());
  TestTile at{.feature = features(activation, adaptation.population.z, test), .kernel = {}, .pull = {}};
  at.kernel = problem.readout * (adaptation.population.feature.transpose() * (saddle.weight.asDiagonal() * at.feature));
  at.pull = at.feature.transpose() * (saddle.weight.asDiagonal() * saddle.score);
  out.mean.middleRows(first, count) = problem.readout * at.pull;
  const MatrixView target = draw.test.target;
  add_linear(problem, adaptation, at,
             2 * per_point * (out.mean.middleRows(first, count) - target.middleRows(first, count)), sums.error);
  for (Index k = 0; k < sums.share.cols(); ++k)
    add_linear(problem, adaptation, at, sums.share.col(k).segment(first, count),
               sums.learnability[static_cast<std::size_t>(k)]);
  for (Index c = 0; c < outputs; ++c) {
    const DressedTile d = dressed(problem, adaptation, at, c);
    const Matrix half = saddle.hessian.half_solve(d.cross);
    out.variance.segment(first, count) += d.diagonal - half.colwise().squaredNorm().transpose();
    if (adaptation.population.chain == 0) continue;
    const Matrix response = saddle.hessian.solve(d.cross);
    Residuals residuals;
    for (Index e = 0; e < outputs; ++e) {
      residuals.rho.emplace_back(-adaptation.population.feature *
                                 response.middleRows(e * saddle.t.rows(), saddle.t.rows()));
      if (e == c) residuals.rho.back() += at.feature;
    }
    square_error += add_variances(problem, adaptation, residuals, per_point, sums.variance).squaredNorm();
  }
}

Functional sum_of(const Functional& a, const Functional& b, double factor) {
  return {.of_node = a.of_node + factor * b.of_node, .of_t = a.of_t + factor * b.of_t};
}

}  // namespace

AdaptedOutputs adapted_outputs(const network::ActivationChoice& activation, const SaddleProblem& problem,
                               const Adaptation& adaptation, const Matrix& test, const data::Draw& draw, double chi) {
  const Index points = test.rows(), outputs = adaptation.saddle.t.cols();
  const Index modes = outputs == 1 ? draw.test.modes.cols() : 0;  // components over several outputs: no derivatives
  AdaptedOutputs out{.mean = Matrix(points, outputs), .variance = Vector::Zero(points)};
  const Functional none = no_functional(adaptation);
  Derivatives sums{none, none, none, std::vector<Functional>(static_cast<std::size_t>(modes), none),
                   modes > 0 ? data::component_weights(draw) : Matrix(points, 0)};
  double square_error = 0;
  const Index tile = tile_of(adaptation);
  for (Index first = 0; first < points; first += tile) {
    const Index count = std::min(tile, points - first);
    add_tile(activation, problem, adaptation, test.middleRows(first, count), first, draw, out, sums, square_error);
  }
  const auto error_of = [&](const Functional& f) { return standard_error(problem, adaptation, f); };
  const Index chain = adaptation.population.chain;
  if (chain > 0) out.chains = static_cast<double>(adaptation.population.feature.rows() / chain);
  out.predictor_error = std::sqrt(square_error / static_cast<double>(out.mean.size()));
  const MatrixView target = draw.test.target;
  out.error_mean = {(out.mean - target).squaredNorm() / static_cast<double>(points), error_of(sums.error)};
  out.variance_mean = {out.variance.mean(), error_of(sums.variance)};
  out.error_test = {out.error_mean.value + out.variance_mean.value / chi,
                    error_of(sum_of(sums.error, sums.variance, 1 / chi))};
  out.error_train = train_error(problem, adaptation, chi);
  for (const Functional& f : sums.learnability) out.learnability.push_back({0, error_of(f)});
  return out;
}

}  // namespace fieldscan::theory
