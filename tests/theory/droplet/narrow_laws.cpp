#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/droplet/droplet.hpp"
#include "fieldscan/theory/droplet/droplet_state.hpp"
#include "theory/examples.hpp"

/// Droplets where the law of the overlaps is narrow beside its range, and at the ends of what the theory is about.
namespace fieldscan::theory {

namespace narrow_laws {

SingleIndex small_weights(double variance, double kappa_eff) {
  return {.dimension = 50,
          .points = 400,
          .weight_variance = variance,
          .kappa_eff = kappa_eff,
          .coefficient = Vector{{0.3, -0.1, 0, 0, 0}}};
}

/// κ_eff t − c + P σ_a² ⟨φ (P Σ t φ)⟩/P on all nodes up to |m| = 2, none left out, other ones than the solver's.
Vector residual(const SingleIndex& problem, const Vector& t) {
  const Transverse transverse = transverse_rule(problem.dimension, problem.weight_variance);
  const double spacing = 0.19 * std::sqrt(problem.weight_variance / problem.dimension);
  std::vector<double> exponent;
  std::vector<Vector> force;
  double top = -INFINITY;
  for (double m = spacing / 2; m < 2; m += spacing)
    for (Index j = 0; j < transverse.square.size(); ++j) {
      const Vector phi = hermite_projections(m, m * m + transverse.square[j], problem.scale, t.size());
      const double field = problem.points * phi.dot(t);
      exponent.push_back(transverse.log_weight[j] + problem.richness / 2 * field * field -
                         problem.dimension * m * m / (2 * problem.weight_variance));
      force.emplace_back(problem.readout_variance * field * phi);
      top = std::max(top, exponent.back());
    }
  double norm = 0;
  Vector sum = Vector::Zero(t.size());
  for (std::size_t k = 0; k < force.size(); ++k) {
    norm += std::exp(exponent[k] - top);
    sum += std::exp(exponent[k] - top) * force[k];
  }
  return problem.kappa_eff * t - problem.coefficient + sum / norm;
}

Droplet::Inputs inputs_of(double dimension, double width) {
  return {
      .dimension = dimension, .train_size = 500, .coefficients = {1, -0.3}, .width = width, .chi = width, .ridge = 1};
}

double value_of(const Result& result, Observable observable) {
  for (const Row& row : result.rows)
    if (row.observable == observable) return row.value;
  return std::nan("");
}

TEST_CASE("droplets many widths of the prior away are found, and nothing is left out", "[slow]") {
  for (const auto& [variance, kappa_eff] : {std::pair{1.0, 0.5}, {1e-2, 0.03}, {1e-3, 0.1}}) {
    CAPTURE(variance, kappa_eff);
    const SingleIndex problem = small_weights(variance, kappa_eff);
    const DropletState state = droplet_state(problem);
    CHECK(residual(problem, state.multipliers).cwiseAbs().maxCoeff() < 1e-9);
    CHECK(residual(problem, 1.001 * state.multipliers).cwiseAbs().maxCoeff() > 1e-6);  // negative control
    const OverlapLaw law(problem, state.multipliers);
    CHECK(law.mass(-INFINITY, INFINITY) == Approx(1).epsilon(1e-8));
    // From the state of a larger ridge the same minimum.
    SingleIndex other = problem;
    other.kappa_eff *= 1.5;
    const DropletState near = droplet_state(problem, droplet_state(other));
    CHECK((near.learned - state.learned).cwiseAbs().maxCoeff() < 1e-9);
  }
  // Three quarters of the way out there is nothing, and the outer maximum is still seen.
  const SingleIndex problem = small_weights(1e-3, 0.05);
  const OverlapLaw law(problem, droplet_state(problem).multipliers);
  const OverlapShape shape = shape_of(law);
  REQUIRE(shape.outer.has_value());
  REQUIRE(shape.edge.has_value());
  CHECK(*shape.outer > 50 * std::sqrt(1e-3 / 50));
  CHECK(law.log_density(*shape.edge) < law.log_density(*shape.outer) - 20);
}

TEST_CASE("few inputs and few units are flagged, and only those") {
  const auto flag = [](double dimension, double width) {
    return Droplet{}.predict(inputs_of(dimension, width)).rows.at(0).flag;
  };
  CHECK(flag(10, 40) == Flag::none);
  CHECK(flag(3, 3) == Flag::none);
  for (const auto& [dimension, width] : {std::pair{1, 40}, {2, 40}, {10, 1}, {10, 2}}) {
    CAPTURE(dimension, width);
    CHECK(flag(dimension, width) == Flag::outside_validity);
  }
}

TEST_CASE("where all units have left the centre the onset of droplets is not below") {
  Droplet::Inputs inputs = inputs_of(50, 50);
  inputs.coefficients = {1, 0.3};
  inputs.ridge = 0.05;
  const Result result = Droplet{}.predict(inputs);
  CHECK(value_of(result, listed("phase")) == 4);
  CHECK(value_of(result, listed("mixed_phase_begin")) > inputs.ridge / inputs.chi);
  CHECK(value_of(result, listed("droplet_onset")) > inputs.ridge / inputs.chi);
}

}  // namespace narrow_laws

}  // namespace fieldscan::theory
