#include "fieldscan/theory/droplet/droplet.hpp"

#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/droplet/droplet_state.hpp"
#include "fieldscan/theory/droplet/modular_addition.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

SingleIndex single_index(double dimension, double points, double kappa_eff, double c1, double c3) {
  return {.dimension = dimension, .points = points, .kappa_eff = kappa_eff, .coefficient = Vector{{c1, c3, 0, 0, 0}}};
}

/// One hidden layer at χ = N.
Setting mean_field(int dimension, int points, double ridge, std::vector<double> coefficients, int width) {
  Setting s;
  s.data.input = data::Gaussian{.dim = dimension};
  s.data.target = data::Hermite{.coefficients = std::move(coefficients)};
  s.data.train_size = points;
  s.network.width = width;
  s.network.chi = width;
  s.ridge = ridge;
  s.dynamics = dynamics::Equilibrium{};
  s.asked.beyond = 0.5;
  return s;
}

Result predicted(const Setting& s, const Droplet& theory = {}) { return theory.predict(theory.inputs(s)); }

std::optional<double> found(const Result& result, Observable observable, double coordinate = 0) {
  for (const Row& row : result.rows)
    if (row.observable == observable && row.coordinate == coordinate) return row.value;
  return std::nullopt;
}
double value(const Result& result, Observable observable, double coordinate = 0) {
  const auto at = found(result, observable, coordinate);
  CAPTURE(info(observable).name);
  REQUIRE(at.has_value());
  return *at;
}

}  // namespace

TEST_CASE("what an erf unit makes of Hermite polynomials") {
  // Two normals with Var h = 1.5 and covariance 0.7, at 30 digits.
  const Vector at = hermite_projections(0.7, 1.5, 1, 3);
  CHECK(at[0] == Approx(0.3949327084834294).epsilon(1e-13));
  CHECK(at[1] == Approx(-0.039501497756222685).epsilon(1e-13));
  CHECK(at[2] == Approx(0.0064921105134037455).epsilon(1e-13));
  // ⟨erf²⟩ is the sum of their squares at s = m².
  const Vector all = hermite_projections(0.8, 0.64, 1, 33);
  const double s = 2 * 0.64;
  CHECK(all.squaredNorm() == Approx(2 / M_PI * std::asin(s / (1 + s))).epsilon(1e-9));
}

TEST_CASE("the ridge that the modes of the target see") {
  Spectrum spectrum = normal_erf_spectrum(20, 1, 1, 1);
  CHECK(effective_ridge(spectrum, 66, 0.1) == Approx(0.1908144608168035).epsilon(1e-9));
  spectrum.tail = 0;
  CHECK(effective_ridge(spectrum, 66, 0.1) == Approx(0.19081410762303447).epsilon(1e-10));
}

TEST_CASE("droplets at given kappa_eff, against a dense grid of (m, ρ)") {
  struct Known {
    double dimension, points, kappa_eff, c1, c3, learned1, learned3, moment, outer;  // outer 0: none
  };
  // An independent program on 2001 × 36 to 2001 × 400 nodes; of d = 400 with ρ followed down 140 nats.
  for (const Known& k : {Known{20, 66, 0.19, 1, -0.3, 0.9930535796, 0.6413729377, 8.11806, 0.983},
                         Known{100, 251, 0.21, 1, -0.3, 0.9975355849, 0.6869974231, 17.32650, 1.019},
                         Known{100, 100, 1.364, 1, -0.3, 0.8018162738, 0.2032678834, 12.87756, -1},
                         Known{50, 500, 0.2, 1, 0.3, 0.9815009123, 0.4863145645, 14.95871, -1},
                         Known{100, 50, 0.423, 0.3, -0.1, 0.6347409556, 0.0495886422, 3.45965, 0},
                         Known{100, 125, 0.29, 0.3, -0.1, 0.9092790490, 0.2173997041, 4.97463, 0.82},
                         Known{100, 200, 0.231, 0.3, -0.1, 0.9630436422, 0.4319541454, 5.41731, 1.024},
                         Known{400, 200, 0.423, 0.3, -0.1, 0.8028537700, 0.0538005900, 8.00108, 0},
                         Known{400, 300, 0.368, 0.3, -0.1, 0.8926209000, 0.2583783200, 9.02541, 0.892},
                         Known{400, 600, 0.265, 0.3, -0.1, 0.9705631600, 0.5309554300, 10.11285, 1.022}}) {
    CAPTURE(k.dimension, k.points);
    const SingleIndex problem = single_index(k.dimension, k.points, k.kappa_eff, k.c1, k.c3);
    const DropletState state = droplet_state(problem);
    CHECK(state.learned[0] / k.c1 == Approx(k.learned1).epsilon(3e-4));
    CHECK(state.learned[1] / k.c3 == Approx(k.learned3).epsilon(3e-4));
    const OverlapLaw law(problem, state.multipliers);
    CHECK(law.second_moment() * k.dimension == Approx(k.moment).epsilon(2e-3));
    const OverlapShape shape = shape_of(law);
    if (k.outer == 0) CHECK_FALSE(shape.outer.has_value());
    if (k.outer > 0) CHECK(shape.outer.value_or(0) == Approx(k.outer).margin(3e-3));
  }
}

TEST_CASE("a law of overlaps is one: its mass, its moment, its shape") {
  const SingleIndex problem = single_index(50, 1000, 1.0883, 0.3, -0.1);
  const OverlapLaw law(problem, droplet_state(problem).multipliers);
  CHECK(law.mass(-INFINITY, INFINITY) == Approx(1).epsilon(1e-9));
  CHECK(law.mass(-0.3, 0.7) == Approx(law.mass(0, 0.3) + law.mass(0, 0.7)).epsilon(1e-9));
  CHECK(law.beyond(0.4) == Approx(2 * law.mass(0.4, INFINITY)).epsilon(1e-9));
  const OverlapShape shape = shape_of(law);
  REQUIRE(shape.edge.has_value());
  for (const double sign : {-1.0, 1.0}) {
    CHECK(law.log_density(*shape.edge + 0.02 * sign) > law.log_density(*shape.edge));
    CHECK(law.log_density(*shape.outer + 0.02 * sign) < law.log_density(*shape.outer));
  }
  // Nothing learned: the prior, whose moments are known.
  const OverlapLaw prior(problem, Vector::Zero(5));
  CHECK(prior.second_moment() == Approx(1.0 / 50).epsilon(1e-10));
  CHECK(prior.beyond(0.3) == Approx(std::erfc(0.3 * 5)).epsilon(1e-9));
}

TEST_CASE("N → ∞ at fixed χ is the equivalent kernel with kappa_eff; κ → ∞ learns nothing") {
  SingleIndex problem = single_index(60, 400, 1.1, 0.3, -0.1);
  problem.richness = 1e-9;
  const DropletState state = droplet_state(problem);
  // ⟨φφᵀ⟩ over the prior, whose modes mix as |w|² fluctuates, on other nodes than those of the solver.
  const Transverse transverse = transverse_rule(60, 1);
  Matrix second = Matrix::Zero(5, 5);
  double norm = 0;
  for (double m = -1.5; m <= 1.5; m += 0.018)
    for (Index j = 0; j < transverse.square.size(); ++j) {
      const double weight = std::exp(transverse.log_weight[j] - 30 * m * m);
      const Vector phi = hermite_projections(m, m * m + transverse.square[j], 1, 5);
      second += weight * phi * phi.transpose();
      norm += weight;
    }
  const Matrix operation = 1.1 * Matrix::Identity(5, 5) + 400 / norm * second;
  const Vector learned = problem.coefficient - 1.1 * operation.llt().solve(problem.coefficient);
  CHECK((state.learned - learned).cwiseAbs().maxCoeff() < 1e-7);
  // λ_1 of the kernel is ⟨φ_1²⟩ but for that.
  const double power = 400 * normal_erf_spectrum(60, 1, 1, 1).eigenvalue[0];
  CHECK(state.learned[0] / 0.3 == Approx(power / (power + 1.1)).epsilon(0.02));
  problem.richness = 1;
  problem.kappa_eff = 1e5;
  CHECK(droplet_state(problem).learned.cwiseAbs().maxCoeff() < 1e-3);
}

TEST_CASE("a steeper erf is a larger weight") {
  SingleIndex wide = single_index(30, 200, 0.8, 0.5, -0.2), steep = wide;
  wide.weight_variance = 1.44;
  steep.scale = 1.2;
  const double gap = (droplet_state(wide).learned - droplet_state(steep).learned).cwiseAbs().maxCoeff();
  CHECK(gap < 1e-9);
}

TEST_CASE("droplets against sampled networks, inside the regime and outside of it", "[slow]") {
  // Hamiltonian Monte Carlo of whole networks, N = χ: learnability of he_3 with its standard error.
  struct Sampled {
    int dimension, points, width;
    double ridge, c1, c3, learned3, error, allowed;
  };
  for (const Sampled& s :
       {Sampled{50, 150, 60, 1, 0.3, -0.1, 0.101, 0.001, 0.01}, Sampled{50, 400, 60, 1, 0.3, -0.1, 0.278, 0.044, 0.02},
        Sampled{50, 1000, 60, 1, 0.3, -0.1, 0.503, 0.029, 0.02}, Sampled{10, 300, 50, 1, 1, -0.3, 0.682, 0.023, 0.03},
        Sampled{20, 300, 50, 1, 1, -0.3, 0.586, 0.016, 0.03}}) {
    CAPTURE(s.dimension, s.points);
    const Result result = predicted(mean_field(s.dimension, s.points, s.ridge, {0, s.c1, 0, s.c3}, s.width));
    CHECK(std::abs(value(result, Observable::learnability, 3) - s.learned3) < 2 * s.error + s.allowed);
    CHECK(result.rows.at(0).flag == Flag::none);
    // What the kernel at initialisation makes of it is far from that.
    const Result wide = predicted(mean_field(s.dimension, s.points, s.ridge, {0, s.c1, 0, s.c3}, 1 << 30));
    Setting fixed = mean_field(s.dimension, s.points, s.ridge, {0, s.c1, 0, s.c3}, 1 << 30);
    fixed.network.chi = 1;
    CHECK(value(predicted(fixed), Observable::learnability, 3) < 0.5 * s.learned3);
    CHECK(value(wide, Observable::learnability, 3) == Approx(value(result, Observable::learnability, 3)).epsilon(1e-9));
  }
  // P = d: 0.204(14) was sampled.
  const Result outside = predicted(mean_field(20, 20, 0.1, {0, 1, 0, -0.3}, 50));
  CHECK(value(outside, Observable::learnability, 3) > 0.204 + 10 * 0.014);
  CHECK(outside.rows.at(0).flag == Flag::outside_validity);
  CHECK(value(outside, Observable::validity) == 1);
}

TEST_CASE("the numbers of the transition, its phases, and its histogram") {
  const auto at = [](int points) { return predicted(mean_field(50, points, 1, {0, 0.3, 0, -0.1}, 60)); };
  const Result below = at(150), middle = at(400), above = at(1000);
  CHECK(value(below, Observable::learnability, 3) == Approx(0.102).margin(6e-4));
  CHECK(value(middle, Observable::learnability, 3) == Approx(0.253).margin(6e-4));
  CHECK(value(above, Observable::learnability, 3) == Approx(0.498).margin(6e-4));
  CHECK(value(below, listed("phase")) == 2);
  CHECK(value(below, listed("droplet_share")) == 0);
  CHECK_FALSE(found(below, listed("droplet_edge")).has_value());
  CHECK(value(above, listed("phase")) == 3);
  CHECK(above.reason.find("GMFL-I") == 0);
  CHECK(value(above, listed("droplet_share")) > 0.01);
  CHECK(value(above, listed("mixed_phase_begin")) > 1.0 / 60);
  CHECK(value(below, listed("mixed_phase_begin")) < 1.0 / 60);
  double sum = 0, moment = 0, beyond = 0;
  for (const Row& row : above.rows) {
    if (row.observable != Observable::overlap_histogram) continue;
    sum += row.value;
    moment += row.value * row.coordinate * row.coordinate;
    if (std::abs(row.coordinate) > 0.5) beyond += row.value;
  }
  CHECK(sum == Approx(1).epsilon(1e-9));
  CHECK(value(above, Observable::overlap_moment) == Approx(moment).epsilon(0.02));
  CHECK(value(above, Observable::droplet_fraction) == Approx(beyond).epsilon(0.1));
  Setting lazy = mean_field(50, 400, 1, {0, 0.3, 0, -0.1}, 1 << 30);
  lazy.network.chi = 1;
  CHECK(value(predicted(lazy), listed("phase")) == 1);
  CHECK(value(predicted(mean_field(50, 500, 0.05, {0, 1, 0, 0.3}, 50)), listed("phase")) == 4);
}

TEST_CASE("the teacher and student of the grokking paper change between .18 and .19") {
  Setting s = mean_field(150, 3000, 0.15 * 700, {0, 1, 0, -0.3 * std::sqrt(6.0)}, 700);
  s.network.weight_variance = 0.5;
  s.network.readout_variance = 8;
  const Result result = predicted(s);
  CHECK(value(result, listed("phase")) == 3);
  const double begin = value(result, listed("mixed_phase_begin"));
  CHECK((begin > 0.18 && begin < 0.19));
  CHECK(value(result, listed("droplet_onset")) <= begin);
  CHECK(value(result, listed("droplet_onset")) > 0.17);
}

TEST_CASE("addition modulo a large number in closed form") {
  const MixedPhase mixed =
      mixed_phase({.modulus = 401, .prior_strength = 1e-4, .width = 1000, .readout_per_unit = 0.002 / 1000});
  CHECK(mixed.begin == Approx(0.2360).margin(5e-5));
  CHECK(mixed.end == Approx(0.1760).margin(5e-5));
  CHECK(mixed.amplitude == Approx(173.2).margin(0.05));
  CHECK(mixed.end / mixed.begin == Approx(0.746).margin(5e-4));
  Setting s = mean_field(4, 1, 1, {0, 1}, 1000);
  s.dynamics = dynamics::Alone{};
  s.network.activation = network::Quadratic{};
  s.network.readout_variance = 0.002;
  const Droplet theory{.solver = DropletSolver::large_modulus, .modulus = 401, .prior_strength = 1e-4};
  const auto at = [&](double noise) {
    s.ridge = noise * s.network.chi;
    return predicted(s, theory);
  };
  CHECK(value(at(0.3), listed("phase")) == 1);
  CHECK(value(at(0.3), Observable::discrepancy) == 1);
  CHECK(value(at(0.2), listed("phase")) == 3);
  CHECK(value(at(0.2), Observable::discrepancy) == Approx(0.2 / mixed.begin));
  CHECK(value(at(0.1), listed("phase")) == 4);
  CHECK_FALSE(found(at(0.1), Observable::discrepancy).has_value());
  CHECK(theory.problem() == std::nullopt);
  CHECK(Droplet{.solver = DropletSolver::large_modulus}.problem().value_or("").find("above 0") != std::string::npos);
  CHECK(Droplet{.modulus = 7}.problem().has_value());
}

namespace fieldscan::theory::laws {

namespace {

Setting rich() { return mean_field(10, 60, 0.1, {0, 1, 0, -0.3}, 50); }
Setting modular() {
  return with(rich(), [](Setting& s) {
    s.dynamics = dynamics::Alone{};
    s.network.activation = network::Quadratic{};
    s.network.width = 1000;
    s.network.chi = 1000;
    s.network.readout_variance = 0.002;
    s.ridge = 200;
  });
}
const Droplet addition{.solver = DropletSolver::large_modulus, .modulus = 401, .prior_strength = 1e-4};

}  // namespace

template <>
std::vector<Example> examples<Droplet>() {
  return {{Droplet{}, rich()}, {addition, modular()}};
}

template <>
std::vector<Counterexample> counterexamples<Droplet>() {
  const auto other = [](auto change) { return with(rich(), change); };
  return {{Droplet{}, unlike(), "the trainer is"},
          {Droplet{}, online(rich()), "number of training points"},
          {Droplet{}, other([](Setting& s) { s.ridge = 0; }), "without a ridge"},
          {Droplet{}, other([](Setting& s) { s.network.weight_variance = 1e-5; }), "too sharp"},
          {Droplet{}, other([](Setting& s) { s.network.train = network::Trained::readout; }), "hidden layer is frozen"},
          {Droplet{}, other([](Setting& s) { s.network.depth = 2; }), "one hidden layer"},
          {Droplet{}, other([](Setting& s) { s.network.activation = network::Relu{}; }), "closed form for erf"},
          {Droplet{}, other([](Setting& s) { s.network.bias_variance = 0.1; }), "a bias"},
          {Droplet{}, other([](Setting& s) { s.data.input = data::Sphere{.dim = 10}; }), "not normal"},
          {Droplet{}, other([](Setting& s) { s.data.target = data::Random{}; }), "no sum of Hermite"},
          {Droplet{}, other([](Setting& s) {
             s.data.target = data::Hermite{.coefficients = {0, 1, 0.2}};
           }),
           "odd components"},
          {addition, with(modular(), [](Setting& s) { s.dynamics = dynamics::Equilibrium{}; }), "training is none"},
          {addition, with(modular(), [](Setting& s) { s.network.activation = network::Erf{}; }), "quadratic units"}};
}

}  // namespace fieldscan::theory::laws
