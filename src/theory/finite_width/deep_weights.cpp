#include "deep_weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/branch.hpp"
#include "fieldscan/core/solve/fixed_point.hpp"
#include "pair_averages.hpp"

namespace fieldscan::theory {

namespace {

/// Shares of the energy of the labels, as 1/N: where the whole is not found from infinite width, by steps of it.
constexpr std::array pulls = {0.0, 1.0};
/// Of the step that the map proposes: it overshoots by what the labels pull.
constexpr double mixing = 0.3;
/// Of the equations, relative; more where G = (K_Σ + κ)⁻¹ is rounded to less than that.
constexpr double solved_to = 1e-8, roundings = 32, least_trusted = 1e-5;

/// The fields W: X̃ᵀW_1X̃ [r × r], then W_l [P × P], as one vector and back.
struct Fields {
  std::vector<Matrix> of_layer;

  Vector packed() const {
    Index size = 0, at = 0;
    for (const Matrix& m : of_layer) size += m.size();
    Vector out(size);
    for (const Matrix& m : of_layer) {
      out.segment(at, m.size()) = m.reshaped();
      at += m.size();
    }
    return out;
  }
  static Fields unpacked(const DeepGaussian& problem, const Vector& packed) {
    Fields out;
    Index at = 0;
    for (std::size_t l = 0; l < problem.width.size(); ++l) {
      const Index side = l == 0 ? problem.inputs.cols() : problem.inputs.rows();
      out.of_layer.emplace_back(packed.segment(at, side * side).reshaped(side, side));
      at += side * side;
    }
    return out;
  }
};

/// What the way up leaves for the way down.
struct Passed {
  DeepState state;
  std::vector<PairAverages> averages;  ///< of every layer
  bool positive = true;                ///< all covariances
};

/// (C⁻¹ + B)⁻¹ without an inverse of C, which may be singular.
Matrix tilted_covariance(const Matrix& prior, const Matrix& field) {
  const Index points = prior.rows();
  const Matrix out = (Matrix::Identity(points, points) + prior * field).partialPivLu().solve(prior);
  return 0.5 * (out + out.transpose());
}

/// B − B Σ B = (1 + B C)⁻¹ B.
Matrix pull_of(const Matrix& prior, const Matrix& field) {
  const Index points = prior.rows();
  const Matrix out = (Matrix::Identity(points, points) + field * prior).partialPivLu().solve(field);
  return 0.5 * (out + out.transpose());
}

/// Whether a covariance can be one: no variance is negative and no correlation beyond 1.
bool is_covariance(const Matrix& matrix) {
  if (!matrix.allFinite() || !(matrix.diagonal().minCoeff() >= 0)) return false;
  const Vector root = matrix.diagonal().cwiseSqrt();
  return (matrix.cwiseAbs() - (1 + 1e-9) * root * root.transpose()).maxCoeff() <= 0;
}

Passed forward(const DeepGaussian& problem, const Fields& fields) {
  Passed out;
  Matrix covariance;
  for (std::size_t l = 0; l < problem.width.size(); ++l) {
    const Matrix field = 2 / problem.width[l] * fields.of_layer[l];
    if (l == 0) {
      const Index rank = problem.inputs.cols();
      const Eigen::LLT<Matrix> factorised(Matrix::Identity(rank, rank) + field);
      if (factorised.info() != Eigen::Success) return {.state = {}, .averages = {}, .positive = false};
      out.state.covariance.emplace_back(factorised.solve(Matrix::Identity(rank, rank)));
      out.state.prior.emplace_back();
      covariance = problem.inputs * out.state.covariance[0] * problem.inputs.transpose();
    } else {
      out.state.prior.emplace_back(problem.spec.weight_variance.at(l) * out.averages.back().value);
      out.state.prior.back().array() += problem.spec.bias_variance.at(l);
      covariance = tilted_covariance(out.state.prior.back(), field);
      out.state.covariance.push_back(covariance);
    }
    if (!is_covariance(covariance)) return {.state = {}, .averages = {}, .positive = false};
    out.averages.push_back(pair_averages(problem.spec.activation, covariance));
  }
  for (const PairAverages& averages : out.averages) out.state.feature.push_back(averages.value);
  out.state.kernel = problem.spec.readout_variance * out.averages.back().value;
  return out;
}

/// The fields that the labels, pulling with a share of their strength, make of these covariances.
Fields backward(const DeepGaussian& problem, const Passed& passed, double pull) {
  const std::size_t depth = problem.width.size();
  const Index points = problem.labels.rows();
  const Factor f = factor(passed.state.kernel, problem.ridge);
  Matrix slope = Matrix::Zero(points, points);
  for (const auto& label : problem.labels.colwise()) {
    const Vector t = f.solve(Vector(label));
    slope += -problem.chi * t * t.transpose();
  }
  const double fluctuations = problem.fluctuations * static_cast<double>(problem.labels.cols());
  if (fluctuations > 0) slope += fluctuations * f.solve(Matrix(Matrix::Identity(points, points)));
  slope *= 0.5 * pull * problem.spec.readout_variance;
  Fields out{.of_layer = std::vector<Matrix>(depth)};
  for (std::size_t l = depth; l-- > 0;) {
    const Matrix field = passed.averages[l].backward(slope);
    if (l == 0) {
      out.of_layer[0] = problem.inputs.transpose() * field * problem.inputs;
      break;
    }
    out.of_layer[l] = field;
    const Matrix pulled = pull_of(passed.state.prior[l], 2 / problem.width[l] * field);
    slope = 0.5 * problem.width[l] * problem.spec.weight_variance.at(l) * pulled;
  }
  return out;
}

}  // namespace

DeepState adapt_deep(const DeepGaussian& problem) {
  Fields none;
  for (std::size_t l = 0; l < problem.width.size(); ++l) {
    const Index side = l == 0 ? problem.inputs.cols() : problem.inputs.rows();
    none.of_layer.emplace_back(Matrix::Zero(side, side));
  }
  const double condition = forward(problem, none).state.kernel.trace() / problem.ridge;
  const double reachable =
      std::clamp(roundings * std::numeric_limits<double>::epsilon() * condition, solved_to, least_trusted);
  const auto solved = [&](double pull, const Vector& guess) {
    const auto map = [&](const Vector& packed) -> Vector {
      const Passed passed = forward(problem, Fields::unpacked(problem, packed));
      if (passed.positive) try {
          return backward(problem, passed, pull).packed();
        } catch (const NumericalError&) {  // what no network has
        }
      return Vector::Constant(packed.size(), std::numeric_limits<double>::quiet_NaN());
    };
    return solve::fixed_point(map, guess, {.tolerance = reachable, .largest = 1e300, .steps = 80, .mixing = mixing});
  };
  const auto way = solve::follow<Vector>(pulls, none.packed(), solved).back();
  if (!way.converged) {
    const std::string left = std::isfinite(way.residual)
                                 ? fmt::format("after {} evaluations {:.3g} is left of them", way.steps, way.residual)
                                 : fmt::format("the map leaves what is a covariance after {} evaluations", way.steps);
    throw solve::NotConverged(
        fmt::format("the equations of state of deep adaptation were not solved: {}; the labels pull too strongly for "
                    "normal pre-activations: lower chi/width, or raise the ridge",
                    left));
  }
  const Fields fields = Fields::unpacked(problem, way.value);
  DeepState out = forward(problem, fields).state;
  out.residual = way.residual;
  out.pull.emplace_back();
  for (std::size_t l = 1; l < problem.width.size(); ++l)
    out.pull.push_back(pull_of(out.prior[l], 2 / problem.width[l] * fields.of_layer[l]));
  return out;
}

DeepTest deep_test(const DeepGaussian& problem, const DeepState& state, const Matrix& train_at, const Matrix& test_at) {
  const Index points = train_at.rows(), tests = test_at.rows();
  Matrix cross = train_at * test_at.transpose();
  Vector own = train_at.rowwise().squaredNorm(), other = test_at.rowwise().squaredNorm();
  DeepTest out;
  for (std::size_t l = 0;; ++l) {
    const Matrix first = own.replicate(1, tests), second = other.transpose().replicate(points, 1);
    Matrix value(points, tests), unused(points, tests);
    network::averages_value(problem.spec.activation, numbers_of(first), numbers_of(second),
                            numbers_of(std::as_const(cross)), numbers_of(value), numbers_of(unused));
    const Vector equal =
        other.unaryExpr([&](double a) { return network::average_equal(problem.spec.activation, a).value; });
    if (l + 1 == problem.width.size()) {
      const double readout = problem.spec.readout_variance;
      return {.cross = readout * value, .diagonal = readout * equal};
    }
    const double weight = problem.spec.weight_variance.at(l + 1), bias = problem.spec.bias_variance.at(l + 1);
    const Matrix prior = (weight * value.array() + bias).matrix(), pulled = state.pull[l + 1] * prior;
    cross = prior - state.prior[l + 1] * pulled;
    other = weight * equal.array() + bias - prior.cwiseProduct(pulled).colwise().sum().transpose().array();
    own = state.covariance[l + 1].diagonal();
  }
}

}  // namespace fieldscan::theory
