#include "fieldscan/theory/finite_width/kernel_renormalisation.hpp"

#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/finite_width/deep_linear.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/finite_width/draws.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using namespace fieldscan::testing;

namespace fieldscan::theory::laws {

namespace {
Setting narrow(int depth, const network::ActivationChoice& activation = network::Erf{}) {
  return with(sampler(), [&](Setting& s) {
    s.network.activation = activation;
    s.network.depth = depth;
    s.network.width = 20;
  });
}
}  // namespace

template <>
std::vector<Example> examples<KernelRenormalisation>() {
  return {{KernelRenormalisation{}, narrow(1)},
          {KernelRenormalisation{.method = Renormalisation::student_t}, narrow(2)},
          {KernelRenormalisation{.closure = Closure::nested}, narrow(2)},
          {KernelRenormalisation{.closure = Closure::wishart}, narrow(3)},
          {KernelRenormalisation{}, narrow(1, network::Relu{})}};
}

template <>
std::vector<Counterexample> counterexamples<KernelRenormalisation>() {
  const KernelRenormalisation student{.method = Renormalisation::student_t};
  return {{KernelRenormalisation{}, narrow(2, network::Relu{}), "have a mean"},
          {student, narrow(1, network::Relu{}), "averages over one scale"},
          {KernelRenormalisation{.method = Renormalisation::student_t, .closure = Closure::nested}, narrow(2),
           "averages over one scale"},
          {KernelRenormalisation{.closure = Closure::wishart}, narrow(50), "2^49 kernels"},
          {KernelRenormalisation{}, descent(), "describes the posterior"},
          {KernelRenormalisation{}, with(narrow(1), [](Setting& s) { s.network.train = network::Trained::readout; }),
           "keep their initial values"},
          {KernelRenormalisation{}, online(narrow(1)), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws

namespace {

KernelRenormalisation::Inputs inputs_of(const network::ActivationChoice& activation, const std::vector<int>& widths,
                                        double ridge, double chi) {
  return {.kernel = {.depth = static_cast<int>(widths.size()), .activation = activation},
          .width = widths,
          .ridge = ridge,
          .chi = chi};
}

/// The action of a kernel, from its matrix.
double energy(const Matrix& kernel, const Vector& y, double ridge, double chi) {
  const Factor f = factor(kernel, ridge);
  return 0.5 * (chi * y.dot(f.solve(y)) + f.log_determinant());
}

}  // namespace

TEST_CASE("one hidden layer: the reference scales, means and variances, and the published ones") {
  for (const auto& entry : reference::entries("kernel_scale_erf")) {
    CAPTURE(entry.name);
    const data::Draw draw = draw_of(entry);
    const auto inputs =
        inputs_of(network::Erf{}, {static_cast<int>(entry.number("N"))}, entry.number("kappa"), entry.number("chi"));
    const Result result = KernelRenormalisation{}.predict(inputs, draw);
    CHECK(reference::agrees(entry, row_of(result, Observable::kernel_scale), entry.out.at("Q")[0]));
    CHECK(relative_difference(array_of(result, Observable::predictor), reference::vector(entry.out.at("mean"))) < 1e-9);
    CHECK(row_of(result, Observable::variance_posterior) ==
          Approx(reference::vector(entry.out.at("var")).mean()).epsilon(1e-9));
  }
  for (const auto& entry : reference::entries("kernel_scale_published")) {
    CAPTURE(entry.name);
    const auto points = static_cast<Index>(entry.number("P")), d = static_cast<Index>(entry.number("d"));
    const Vector mean = reference::vector(entry.out.at("mean"));
    Vector w(d);
    for (Index i = 0; i < d; ++i) w[i] = std::sin(1.1 * static_cast<double>(i + 1));
    w.normalize();
    const Matrix x = table(points, d, 1.3), test = table(mean.size(), d, 1.3 * 1.7, points + 1, 0.37 * 1.7);
    data::Draw draw = draw_of(x, x * w, test);
    draw.test.target = test * w;
    const auto inputs = inputs_of(reference::activation(entry.words.at("activation")),
                                  {static_cast<int>(entry.number("N"))}, entry.number("kappa"), 1);
    const Result result = KernelRenormalisation{}.predict(inputs, draw);
    CHECK(reference::agrees(entry, row_of(result, Observable::kernel_scale), entry.out.at("Q")[0]));
    CHECK(relative_difference(array_of(result, Observable::predictor), mean) < 1e-6);
  }
}

TEST_CASE("several layers: the reference scales of all closures") {
  for (const auto& entry : reference::entries("kernel_scale_deep")) {
    CAPTURE(entry.name);
    const data::Draw draw = draw_of(entry);
    const KernelSpec spec{.depth = 2, .activation = network::Erf{}};
    const double ridge = entry.number("kappa"), chi = entry.number("chi");
    const auto& widths = entry.in.at("widths");
    const ScaledKernel kernel = scaled_kernel(problem_of(spec, draw), draw.train.label, ridge, chi);
    const ScaleSaddle saddle = scale_saddle(kernel, widths, TraceTerm::kept);
    Vector layer = reference::vector(saddle.layer);
    double action = saddle.action;
    if (entry.name.ends_with("nested")) {
      const auto found = renormalised_deep(spec, draw, kernel, widths, Closure::nested);
      layer = found.layer;
      action = found.action;
    }
    CHECK(relative_difference(layer, reference::vector(entry.out.at("Q"))) < 1e-6);
    CHECK(reference::agrees(entry, action, entry.out.at("S")[0]));
  }
  for (const auto& entry : reference::entries("kernel_scale_wishart")) {
    CAPTURE(entry.name);
    const Matrix all = table(7, 6, 1.3);
    const Vector y = (2 * all.col(0).head(5) - all.col(3).head(5)) / std::sqrt(6.0);
    const data::Draw draw = draw_of(all.topRows(5), y, all.bottomRows(2));
    const auto widths = testing::widths_of(entry);
    const auto inputs = inputs_of(network::Erf{}, widths, entry.number("kappa"), entry.number("chi"));
    const auto terms = multilinear_terms(inputs.kernel, draw);
    for (std::size_t a = 0; a < terms.size(); ++a)
      CHECK(terms[a].train(0, 1) == Approx(entry.out.at("terms_01")[a]).epsilon(1e-7));
    const Result result = KernelRenormalisation{.closure = Closure::wishart}.predict(inputs, draw);
    CHECK(reference::agrees(entry, row_of(result, Observable::kernel_scale), entry.out.at("q").back()));
    CHECK(relative_difference(array_of(result, Observable::predictor), reference::vector(entry.out.at("mean"))) < 1e-6);
    CHECK(row_of(result, Observable::variance_posterior) ==
          Approx(reference::vector(entry.out.at("variance")).mean()).epsilon(1e-6));
    const ScaledKernel kernel =
        scaled_kernel(problem_of(inputs.kernel, draw), draw.train.label, inputs.ridge, inputs.chi);
    const auto found = renormalised_deep(inputs.kernel, draw, kernel, entry.in.at("widths"), Closure::wishart);
    CHECK(reference::agrees(entry, found.action, entry.out.at("action")[0]));
    CHECK(relative_difference(found.layer, reference::vector(entry.out.at("q"))) < 1e-6);
  }
}

TEST_CASE("units with a mean: stationary in both parameters, and odd units have the one of one scale") {
  const data::Draw draw = random_draw(4);
  const double ridge = 0.3, chi = 2, width = 15;
  const Vector y = draw.train.label;
  for (const network::ActivationChoice& activation :
       {network::ActivationChoice(network::Relu{}), network::ActivationChoice(network::Quadratic{}),
        network::ActivationChoice(network::Polynomial{.coefficients = {0.4, 1}})}) {
    const KernelSpec spec{.activation = activation};
    const auto found = renormalised_with_mean(spec, draw, ridge, chi, width, 1);
    // The mean of φ from its own definition: K at correlation zero.
    const Matrix kernel = nngp_kernel(spec, draw.train.x);
    Matrix mean(12, 12);
    const Vector variance = draw.train.x.rowwise().squaredNorm() / 5;
    for (Index i = 0; i < 12; ++i)
      for (Index j = 0; j < 12; ++j) mean(i, j) = network::average(activation, variance[i], variance[j], 0).value;
    const auto action = [&](double q, double s) {
      return width / 2 * (std::log1p(s) - q * s) + energy(q * (kernel - mean) + mean / (1 + s), y, ridge, chi);
    };
    const double q = found.layer[0], s = 1 / found.layer[1] - 1, h = 1e-4;
    CHECK(found.action == Approx(action(q, s)).epsilon(1e-10));
    CHECK(std::abs(action(q + h, s) - action(q - h, s)) / (2 * h) < 1e-5);
    CHECK(std::abs(action(q, s + h) - action(q, s - h)) / (2 * h) < 1e-5);
    CHECK(std::abs(action(1.1 * q, s) - action(0.9 * q, s)) > 1e-6);  // it can fail
    CHECK(near::largest_difference(found.problem.train, q * (kernel - mean) + mean / (1 + s)) < 1e-12);
  }
  const KernelSpec odd{.activation = network::Erf{}};
  const ScaleSaddle one = scale_saddle(scaled_kernel(problem_of(odd, draw), y, ridge, chi), {width}, TraceTerm::kept);
  const auto two = renormalised_with_mean(odd, draw, ridge, chi, width, 1);
  CHECK(two.layer[0] == Approx(one.scale).epsilon(1e-10));
  CHECK(near::largest_difference(two.problem.train, one.scale * nngp_kernel(odd, draw.train.x)) < 1e-10);
}

TEST_CASE("oddness is seen") {
  using namespace network;
  for (const ActivationChoice& odd :
       {ActivationChoice(Linear{}), ActivationChoice(Erf{}), ActivationChoice(Tanh{}), ActivationChoice(Sin{}),
        ActivationChoice(Polynomial{.coefficients = {0, 1, 0, 2}})})
    CHECK(is_odd(odd));
  for (const ActivationChoice& other : {ActivationChoice(Relu{}), ActivationChoice(Gelu{}), ActivationChoice(Cos{}),
                                        ActivationChoice(Polynomial{.coefficients = {1e-3, 1}})})
    CHECK_FALSE(is_odd(other));
}

TEST_CASE("linear units: renormalisation is deep_linear, by every closure") {
  for (std::uint64_t r = 0; r < 4; ++r) {
    const data::Draw draw = random_draw(r);
    for (const std::vector<int>& widths : {std::vector{9}, std::vector{9, 14}, std::vector{20, 8, 13}}) {
      const auto ours = inputs_of(network::Linear{}, widths, 0.2, 1.0 + static_cast<double>(r));
      const DeepLinear::Inputs theirs{.kernel = ours.kernel, .width = widths, .ridge = ours.ridge, .chi = ours.chi};
      const Result saddle = DeepLinear{.method = ScaleMethod::saddle}.predict(theirs, draw);
      const auto off = [&](const KernelRenormalisation& theory, const Result& other) {
        const Result result = theory.predict(ours, draw);
        return relative_difference(array_of(result, Observable::predictor), array_of(other, Observable::predictor)) +
               std::abs(row_of(result, Observable::error_test) / row_of(other, Observable::error_test) - 1) +
               std::abs(row_of(result, Observable::error_train) / row_of(other, Observable::error_train) - 1) +
               std::abs(row_of(result, Observable::kernel_scale) / row_of(other, Observable::kernel_scale) - 1);
      };
      CAPTURE(r, widths);
      for (const Closure closure : {Closure::vanilla, Closure::nested, Closure::wishart})
        CHECK(off({.closure = closure}, saddle) < 1e-8);
      const Result exact = DeepLinear{}.predict(theirs, draw);
      CHECK(off({.method = Renormalisation::student_t}, exact) < 1e-10);
      CHECK(off({}, exact) > 1e-4);  // negative control
    }
  }
}

TEST_CASE("limits of renormalised kernels over random problems") {
  for (std::uint64_t r = 0; r < 3; ++r) {
    const data::Draw draw = random_draw(r);
    for (const auto& [theory, activation, depth] :
         {std::tuple<KernelRenormalisation, network::ActivationChoice, int>{{}, network::Erf{}, 1},
          {{.method = Renormalisation::student_t}, network::Tanh{}, 1},
          {{}, network::Relu{}, 1},
          {{.closure = Closure::nested}, network::Erf{}, 2},
          {{.closure = Closure::wishart}, network::Erf{}, 2}}) {
      CAPTURE(r, depth, kind_of(activation));
      const auto at = [&, &theory = theory, &activation = activation, depth = depth](int width, double ridge) {
        const std::vector<int> widths(static_cast<std::size_t>(depth), width);
        return theory.predict(inputs_of(activation, widths, ridge, 2), draw);
      };
      const Problem problem = problem_of({.depth = depth, .activation = activation}, draw);
      const Vector nngp = problem.cross.transpose() * factor(problem.train, 0.2).solve(Vector(draw.train.label));
      const Result wide = at(1'000'000, 0.2), narrow = at(8, 0.2);
      CHECK(relative_difference(array_of(wide, Observable::predictor), nngp) < 1e-4);
      CHECK(relative_difference(array_of(narrow, Observable::predictor), nngp) > 1e-3);
      CHECK(row_of(wide, Observable::kernel_scale) == Approx(1).margin(1e-4));
      CHECK(row_of(narrow, Observable::variance_posterior) > 0);
      CHECK(array_of(at(8, 1e9), Observable::predictor).norm() < 1e-6);
    }
  }
}
