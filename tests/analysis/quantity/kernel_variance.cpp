#include "../../../src/analysis/quantity/kernel_variance.hpp"

#include <cmath>
#include <map>
#include <numbers>

#include "../../../src/analysis/formula/formula.hpp"
#include "../../../src/analysis/quantity/observed.hpp"
#include "catch.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/network/empirical_kernel.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace {

constexpr int points = 4, dimension = 6;

Matrix normals(Index rows, Index cols, const std::string& what, int key) {
  Matrix out(rows, cols);
  Stream(31, Purpose::test, what, static_cast<std::uint64_t>(key), 0)
      .normals({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}
Matrix inputs(int draw) { return normals(points, dimension, "inputs", draw); }

/// Kernels of networks at initialisation; initialisation i is the same on all draws, as in a campaign.
Series networks(const network::Spec& spec, int draws, int initialisations) {
  const network::Network network(spec, dimension);
  Series series;
  for (int r = 0; r < draws; ++r)
    for (int i = 0; i < initialisations; ++i) {
      const Vector theta = network.initial(Stream(32, Purpose::test, "weights", 0, static_cast<std::uint64_t>(i)));
      const Matrix kernel = network::empirical_ntk(network, theta, inputs(r));
      Member member{.draw = r, .initialisation = i, .outcome = Outcome::done, .reason = {}, .rows = {}, .arrays = {}};
      member.arrays.push_back({.observable = Observable::ntk_empirical,
                               .time = 0,
                               .shape = {points, points},
                               .data = {kernel.data(), kernel.data() + kernel.size()}});
      series.members.push_back(std::move(member));
    }
  return series;
}

/// The standard error at fixed data draws: √Σ_i (Σ_r U_ri)².
double error_of_initialisations(const Quantity& quantity) {
  std::map<std::int64_t, double> own;
  for (const Cell& cell : quantity.influence) own[cell.initialisation] += cell.value;
  double sum = 0;
  for (const auto& [i, influence] : own) sum += influence * influence;
  return std::sqrt(sum);
}

/// N times the value in its limit of many initialisations: one hidden layer has Θ = (1/N) Σ_i θ_i with independent
/// units, so that N Var(Θ) = Var(θ_1) at any N. θ_1 = σ_a² (φφ′ + a² φ̇φ̇′ σ_w² x·x′/d), sampled unit by unit without a
/// network.
double by_units(int draws, double (*phi)(double), double (*slope)(double), int samples) {
  double variance = 0, square = 0;
  for (int r = 0; r < draws; ++r) {
    const Matrix x = inputs(r);
    Matrix sum = Matrix::Zero(points, points), squares = sum;
    const Matrix unit = normals(samples, dimension + 1, "unit", r);
    for (int s = 0; s < samples; ++s) {
      const double a = unit(s, dimension);
      const Vector h = x * unit.row(s).head(dimension).transpose() / std::sqrt(dimension);
      for (int p = 0; p < points; ++p)
        for (int q = 0; q < points; ++q) {
          const double theta =
              phi(h[p]) * phi(h[q]) + a * a * slope(h[p]) * slope(h[q]) * x.row(p).dot(x.row(q)) / dimension;
          sum(p, q) += theta / samples;
          squares(p, q) += theta * theta / samples;
        }
    }
    variance += (squares.array() - sum.array().square()).sum();
    square += sum.squaredNorm();
  }
  return variance / square;
}

/// The same for φ = id: Var(hh′ + a²K) = K_11 K_22 + 3 K_12², mean 2 K_12, with K = x·x′/d.
double of_linear(int draws) {
  double variance = 0, square = 0;
  for (int r = 0; r < draws; ++r) {
    const Matrix k = inputs(r) * inputs(r).transpose() / dimension;
    for (int p = 0; p < points; ++p)
      for (int q = 0; q < points; ++q) {
        variance += k(p, p) * k(q, q) + 3 * k(p, q) * k(p, q);
        square += 4 * k(p, q) * k(p, q);
      }
  }
  return variance / square;
}

}  // namespace

TEST_CASE("the variance of the kernel is that of explicit sums") {
  const int draws = 3, n = 5;
  const Series series = networks({.width = 7}, draws, n);
  double variance = 0, square = 0;
  for (int r = 0; r < draws; ++r)
    for (std::size_t pair = 0; pair < points * points; ++pair) {
      double mean = 0, sum = 0;
      for (int i = 0; i < n; ++i) mean += series.members[static_cast<std::size_t>(r * n + i)].arrays[0].data[pair] / n;
      for (int i = 0; i < n; ++i)
        sum += std::pow(series.members[static_cast<std::size_t>(r * n + i)].arrays[0].data[pair] - mean, 2);
      const double v = sum / (n - 1);
      variance += v;
      square += mean * mean - v / n;
    }
  const Quantity found = relative_variance_of_ntk(series, 0);
  CHECK(found.value == Approx(variance / square).epsilon(1e-12));
  CHECK(found.influence.size() == draws * n);
  double total = 0;
  for (const Cell& cell : found.influence) total += cell.value;
  CHECK(std::abs(total) < 1e-12);
}

TEST_CASE("N times the variance of the kernel at initialisation does not depend on N, and is that of one unit",
          "[slow]") {
  const int draws = 4;
  const auto erf = [](double z) { return std::erf(z); };
  const auto slope = [](double z) { return 2 / std::sqrt(std::numbers::pi) * std::exp(-z * z); };
  const double expected_erf = by_units(draws, erf, slope, 40000), expected_linear = of_linear(draws);
  // The sampler of units itself, on the case that is known.
  const auto id = [](double z) { return z; };
  const auto one = [](double) { return 1.0; };
  CHECK(by_units(draws, id, one, 40000) == Approx(expected_linear).epsilon(0.03));
  for (const int width : {8, 32, 128}) {
    INFO("N = " << width);
    const auto check = [&](const network::ActivationChoice& activation, double expected, double allowed) {
      const Quantity found =
          relative_variance_of_ntk(networks({.width = width, .activation = activation}, draws, 1000), 0);
      // The expectation is that of the same draws. |z| < 4: a false alarm in 16000 per comparison; `allowed` is the
      // sampled expectation's.
      const double error = std::hypot(4 * width * error_of_initialisations(found), allowed * expected);
      INFO("N · ntk_variance = " << width * found.value << ", expected " << expected << ", allowed " << error);
      CHECK(std::abs(width * found.value - expected) < error);
      CHECK(std::abs(width * found.value - 2 * expected) > error);  // a factor of two would be found
    };
    check(network::Linear{}, expected_linear, 0);
    check(network::Erf{}, expected_erf, 0.03);
  }
}

TEST_CASE("the standard error of the kernel's variance is that of repetitions") {
  // 60 campaigns of 2 draws with 10 initialisations each, made of one long list of initialisations: the draws do not
  // vary.
  const Series all = networks({.width = 16}, 2, 600);
  double sum = 0, square = 0, claimed = 0;
  for (int k = 0; k < 60; ++k) {
    Series part;
    for (const Member& member : all.members)
      if (member.initialisation / 10 == k) part.members.push_back(member);
    const Quantity found = relative_variance_of_ntk(part, 0);
    sum += found.value / 60;
    square += found.value * found.value / 60;
    claimed += std::pow(error_of_initialisations(found), 2) / 60;
  }
  const double spread = square - sum * sum;
  // A sample variance of 60 has a relative error of √(2/60) = 0.18 or more (heavy tails), influence sums of ten are low
  // by a tenth.
  CHECK(claimed > 0.4 * spread);
  CHECK(claimed < 1.8 * spread);
}

TEST_CASE("one network on a draw has no variance; draws with one alone do not enter") {
  CHECK_FALSE(relative_variance_of_ntk(networks({.width = 7}, 3, 1), 0).has_value());
  CHECK_FALSE(relative_variance_of_ntk(networks({.width = 7}, 2, 3), 5).has_value());  // nothing at this time
  Series series = networks({.width = 7}, 2, 3);
  const double both = relative_variance_of_ntk(networks({.width = 7}, 1, 3), 0).value;
  series.members.resize(4);
  CHECK(relative_variance_of_ntk(series, 0).value == Approx(both));
  TablePoint point;
  point.measured = networks({.width = 7}, 1, 3);
  CHECK(observe(point, "", Observable::ntk_variance, 0, {}, std::nullopt).value == Approx(both));
}
