#include "../../../src/training/observe/order_parameters.hpp"

#include <algorithm>
#include <numeric>

#include "../../../src/training/observe/overlap.hpp"
#include "../support.hpp"
#include "fieldscan/network/order_parameters.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

/// Orthogonal unit vectors, the rows [count × d].
Matrix orthonormal_rows(Index count, Index dimension, std::uint64_t key) {
  const Matrix q = Eigen::HouseholderQR<Matrix>(normals(dimension, dimension, key)).householderQ();
  return q.leftCols(count).transpose();
}

/// A student of five units in d = 8: units 4, 0, 2 lie along directions 1, 2, 3 with these overlaps, the others and the
/// noise are small.
struct Planted {
  network::Network network{{.depth = 1, .width = 5, .weight_variance = 2.25}, 8};
  Matrix directions = orthonormal_rows(3, 8, 70);
  Vector theta = Vector::Zero(network.parameter_count());
  std::vector<Index> unit_of{4, 0, 2};
  std::vector<double> strength{0.9, -1.2, 0.7};

  Planted() {
    Matrix w = 0.05 * normals(5, 8, 71);
    const double scale = 1.5 / std::sqrt(8.0);
    for (std::size_t n = 0; n < 3; ++n)
      w.row(unit_of[n]) += strength[n] / scale * directions.row(static_cast<Index>(n));
    Eigen::Map<Matrix>(theta.data(), 5, 8) = w;
  }
};

Array order_parameters_of(const network::Network& network, const Vector& theta, const Matrix& directions) {
  std::vector<Array> arrays;
  read_order_parameters(network, theta, directions, plan_of({order_parameters}), arrays);
  REQUIRE(arrays.size() == 1);
  return arrays[0];
}

double entry(const Array& array, Index row, Index column) {
  return array.data[static_cast<std::size_t>(row * array.shape[1] + column)];
}

std::vector<Array> arrays_of(const Result& result) {
  std::vector<Array> found;
  for (const Array& array : result.arrays)
    if (array.observable == order_parameters) found.push_back(array);
  return found;
}

}  // namespace

TEST_CASE("order parameters are R and Q of explicit sums, before and after units are ordered") {
  const Planted p;
  const Eigen::Map<const Matrix> w(p.theta.data(), 5, 8);
  std::vector<Array> arrays{order_parameters_of(p.network, p.theta, p.directions)};
  CHECK(arrays[0].shape == std::vector<std::int64_t>{5, 8});
  const auto check = [&](const std::vector<Index>& order) {
    for (Index i = 0; i < 5; ++i) {
      const Index unit = order[static_cast<std::size_t>(i)];
      for (Index n = 0; n < 3; ++n) {
        double r = 0;
        for (Index x = 0; x < 8; ++x) r += w(unit, x) * p.directions(n, x);
        CHECK(entry(arrays[0], i, n) == Approx(1.5 * r / std::sqrt(8.0)));
      }
      for (Index k = 0; k < 5; ++k) {
        double q = 0;
        for (Index x = 0; x < 8; ++x) q += w(unit, x) * w(order[static_cast<std::size_t>(k)], x);
        CHECK(entry(arrays[0], i, 3 + k) == Approx(2.25 * q / 8));
      }
    }
  };
  check({0, 1, 2, 3, 4});
  network::order_units(arrays);
  check({4, 0, 2, 1, 3});
}

TEST_CASE("planted units are found, whatever the order of units and the signs") {
  const Planted p;
  const Matrix overlaps = overlaps_of(p.network, p.theta, p.directions);
  const auto match = network::match_units(overlaps);
  for (std::size_t n = 0; n < 3; ++n) CHECK(match[n] == p.unit_of[n]);
  double matched = 0, others = 0;
  for (Index i = 0; i < 5; ++i)
    for (Index n = 0; n < 3; ++n)
      (p.unit_of[static_cast<std::size_t>(n)] == i ? matched : others) += std::abs(overlaps(i, n));
  CHECK(network::specialisation_of(overlaps) == Approx(matched / 3 - others / 12));
  CHECK(network::specialisation_of(overlaps) > 0.8);

  // The same network with its units in another order, one of them turned round.
  const std::vector<Index> shuffled{3, 4, 1, 0, 2};
  Matrix turned = overlaps(shuffled, std::vector<Index>{0, 1, 2});
  turned.row(1) *= -1;
  CHECK(network::specialisation_of(turned) == Approx(network::specialisation_of(overlaps)));
  for (std::size_t n = 0; n < 3; ++n)
    CHECK(shuffled[static_cast<std::size_t>(*network::match_units(turned)[n])] == p.unit_of[n]);

  // Negative control: without the planted parts nothing specialises.
  const Vector noise = 0.05 * normals(p.network.parameter_count(), 1, 72);
  CHECK(network::specialisation_of(overlaps_of(p.network, noise, p.directions)) < 0.1);
}

TEST_CASE("pairs are matched by size, ties by unit; more directions than units; nothing to compare with") {
  Matrix equal = Matrix::Constant(2, 2, 0.5);
  CHECK(network::match_units(equal) == std::vector<std::optional<Index>>{0, 1});
  CHECK(network::specialisation_of(equal) == 0);
  Matrix wide(1, 3);
  wide << 0.1, -0.8, 0.3;
  CHECK(network::match_units(wide) == std::vector<std::optional<Index>>{std::nullopt, 0, std::nullopt});
  CHECK(network::specialisation_of(wide) == Approx(0.8 - 0.2));
  CHECK(network::specialisation_of(Matrix::Constant(1, 1, -0.7)) == Approx(0.7));
  // The largest pair goes first, although the two other ones together are larger.
  Matrix greedy(2, 2);
  greedy << 1, 0.9, 0.9, 0;
  CHECK(network::match_units(greedy) == std::vector<std::optional<Index>>{0, 1});
}

TEST_CASE("a student learns its teacher: units at all times in the order of the match at the end") {
  Case c = make_case(200, 3, 6, {.width = 3, .weight_variance = 1});
  c.data.directions = orthonormal_rows(2, 6, 73);
  const Matrix u = c.data.train.x * c.data.directions.transpose();
  const auto erf = [](double z) { return std::erf(z); };
  c.data.train.label = u.col(0).unaryExpr(erf) + 0.7 * u.col(1).unaryExpr(erf);
  ObservePlan plan = plan_of({order_parameters, specialisation});
  const GradientDescent trainer{.learning_rate = 0.02, .steps = 2000};
  CHECK(arrays_of(train(c.problem(), trainer, plan)).size() == 1);  // of matrices the end alone, if not asked otherwise
  plan.views = {{.observable = order_parameters, .moments = Moments::all}};
  const Result result = train(c.problem(), trainer, plan);
  const std::vector<Array> arrays = arrays_of(result);
  REQUIRE(arrays.size() == 2);
  // At the end: the first row is the unit along the first direction. At the start: the same unit, found among the
  // initial weights.
  const network::Network network(c.network, 6);
  const Matrix start = overlaps_of(network, initial_of(c), c.data.directions);
  const Array& end = arrays.back();
  std::vector<double> specialisations;
  for (const Row& row : result.rows)
    if (row.observable == specialisation) specialisations.push_back(row.value);
  REQUIRE(specialisations.size() == 2);
  CHECK(specialisations[0] == Approx(network::specialisation_of(start)));
  CHECK(specialisations[1] > specialisations[0] + 0.2);
  for (Index n = 0; n < 2; ++n)
    for (Index i = 0; i < 3; ++i)
      if (i != n) CHECK(std::abs(entry(end, n, n)) > std::abs(entry(end, i, n)));
  std::vector<double> as_stored, as_initial(start.data(), start.data() + 3);
  for (Index i = 0; i < 3; ++i) as_stored.push_back(entry(arrays.front(), i, 0));
  CHECK(std::ranges::is_permutation(as_stored, as_initial, [](double a, double b) { return std::abs(a - b) < 1e-12; }));
  c.data.directions.resize(0, 6);
  const Result without = train(c.problem(), GradientDescent{.learning_rate = 0.02, .steps = 3}, plan);
  CHECK(without.rows.empty());
  CHECK(without.arrays.empty());
}

TEST_CASE("of a chain every sample's units are matched before the mean is taken") {
  // Units are exchangeable: without the match their means along a long chain would be the same.
  Case c = make_case(30, 3, 4, {.width = 3, .chi = 3});
  c.ridge = 0.1;
  c.data.directions = orthonormal_rows(1, 4, 74);
  const Vector projection = c.data.train.x * c.data.directions.row(0).transpose();
  c.data.train.label = projection.unaryExpr([](double z) { return std::erf(z); });
  const Result result = train(c.problem(), Hmc{.samples = 60}, plan_of({order_parameters, specialisation, overlap}));
  const std::vector<Array> arrays = arrays_of(result);
  REQUIRE(arrays.size() == 1);
  CHECK(arrays[0].shape == std::vector<std::int64_t>{3, 4});
  CHECK(arrays[0].time == equilibrium);
  for (Index i = 1; i < 3; ++i) CHECK(entry(arrays[0], 0, 1) > 1.2 * entry(arrays[0], i, 1 + i));
  CHECK(value_of(result, specialisation) > 0.1);
  // Sums over units do not depend on their order: Σ_i R_i from the array and from the rows of `overlap`.
  double from_rows = 0, from_array = 0;
  for (Index i = 0; i < 3; ++i) {
    from_rows += value_of(result, overlap, static_cast<double>(i) + 1);
    from_array += entry(arrays[0], i, 0);
  }
  CHECK(from_array == Approx(from_rows));
}

TEST_CASE("Langevin dynamics has order parameters in time and at equilibrium") {
  Case c = make_case(10, 3, 4, {.width = 3});
  c.ridge = 0.5;
  c.data.directions = orthonormal_rows(1, 4, 75);
  ObservePlan plan = plan_of({order_parameters});
  plan.times = {.unit = TimeUnit::steps, .values = {5, 10}};
  const Langevin trainer{.step = 0.01, .steps = 40, .thin = 2};
  CHECK(arrays_of(train(c.problem(), trainer, plan)).size() == 1);
  plan.views = {{.observable = order_parameters, .moments = Moments::all}};
  std::vector<double> times;
  for (const Array& array : arrays_of(train(c.problem(), trainer, plan))) times.push_back(array.time);
  REQUIRE(times.size() >= 4);  // start, two of the grid, equilibrium
  CHECK(std::ranges::count(times, equilibrium) == 1);
  CHECK(std::ranges::count(times, 0.0) == 1);
}
