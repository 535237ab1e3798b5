#include "../../../src/analysis/quantity/products.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/random.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace {

Distances make_distances(int draws, int initialisations, int points, double bias, double a, double b, double e,
                         std::uint64_t seed) {
  Distances d;
  for (int r = 0; r < draws; ++r)
    for (int i = 0; i < initialisations; ++i) {
      std::vector<double> v;
      for (int x = 0; x < points; ++x) {
        const auto s = [&](const char* text, int p, int q) {
          return Stream(seed, Purpose::test, text, static_cast<std::uint64_t>(p), static_cast<std::uint64_t>(q))
              .normal(static_cast<std::uint64_t>(x));
        };
        v.push_back(bias + a * s("a", r, 0) + b * s("b", 0, i) + e * s("e", r, i));
      }
      d.items.push_back({r, i, v});
    }
  return d;
}

double product(const Distances::Item& a, const Distances::Item& b) {
  double sum = 0;
  for (std::size_t x = 0; x < a.distance.size(); ++x) sum += a.distance[x] * b.distance[x];
  return sum / static_cast<double>(a.distance.size());
}

template <class Wanted>
double brute_force(const Distances& d, Wanted wanted) {
  double sum = 0, count = 0;
  for (const auto& p : d.items)
    for (const auto& q : d.items)
      if (wanted(p, q)) sum += product(p, q), ++count;
  return sum / count;
}

}  // namespace

TEST_CASE("products of independent networks equal the sums over pairs") {
  const Distances d = make_distances(5, 4, 7, 0.3, 0.5, 0.7, 1, 2);
  CHECK(same_draw_product(d).value == Approx(brute_force(d, [](auto& p, auto& q) {
          return p.draw == q.draw && p.initialisation != q.initialisation;
        })));
  CHECK(same_initialisation_product(d).value == Approx(brute_force(d, [](auto& p, auto& q) {
          return p.draw != q.draw && p.initialisation == q.initialisation;
        })));
  CHECK(independent_product(d).value == Approx(brute_force(d, [](auto& p, auto& q) {
          return p.draw != q.draw && p.initialisation != q.initialisation;
        })));
  CHECK(mean_square(d).value == Approx(brute_force(d, [](auto& p, auto& q) { return &p == &q; })));
}

TEST_CASE("influences sum to zero and predict what happens when a member is left out") {
  const Distances d = make_distances(12, 6, 9, 0.3, 0.5, 0.7, 1, 3);
  for (const auto of : {same_draw_product, independent_product, same_initialisation_product, mean_square}) {
    const Quantity q = of(d);
    double sum = 0;
    for (const Cell& c : q.influence) sum += c.value;
    CHECK(std::abs(sum) < 1e-12);
    Distances less = d;
    less.items.erase(less.items.begin() + 20);
    const Cell& left_out = q.influence[20];
    CHECK(of(less).value - q.value == Approx(-left_out.value).margin(0.3 * std::abs(left_out.value) + 5e-4));
  }
}

TEST_CASE("the decomposition finds its parts without bias", "[slow]") {
  // Truth: bias² 0.09, data 0.25, initialisation 0.49, interaction 1.
  double bias = 0, data = 0, init = 0, bias_square = 0;
  constexpr int campaigns = 200;
  for (int k = 0; k < campaigns; ++k) {
    const Distances d = make_distances(4, 4, 20, 0.3, 0.5, 0.7, 1, static_cast<std::uint64_t>(50 + k));
    const double b = independent_product(d).value;
    bias += b / campaigns;
    bias_square += b * b / campaigns;
    data += (same_draw_product(d).value - b) / campaigns;
    init += (same_initialisation_product(d).value - b) / campaigns;
  }
  const double error = std::sqrt((bias_square - bias * bias) / campaigns);
  CHECK(std::abs(bias - 0.09) < 4 * error);
  CHECK(std::abs(data - 0.25) < 0.04);
  CHECK(std::abs(init - 0.49) < 0.05);
  CHECK(std::abs(bias + 1.0 / 16 - 0.09) >
        4 * error);  // negative control: the square of the plain mean would hold the noise too
}

TEST_CASE("one network on a draw has no partner") {
  CHECK_FALSE(same_draw_product(make_distances(5, 1, 3, 0, 1, 1, 1, 1)).has_value());
  CHECK_FALSE(independent_product(make_distances(1, 4, 3, 0, 1, 1, 1, 1)).has_value());
}

TEST_CASE("the same two networks on every draw tell no error; two chains on each do") {
  Distances d = make_distances(12, 2, 30, 0.3, 0.2, 0.2, 0.1, 5);
  CHECK(std::isnan(estimate(same_draw_product(d)).standard_error));
  d.sampler = true;
  CHECK(estimate(same_draw_product(d)).standard_error > 0);
  CHECK(estimate(same_draw_product(make_distances(12, 3, 30, 0.3, 0.2, 0.2, 0.1, 5))).standard_error > 0);
}

TEST_CASE("a sampled reference's own noise is no deviation") {
  // 200 draws of two networks each that agree with the theory, whose predictor has an error of 0.4 at every test point.
  Distances d = make_distances(200, 2, 30, 0, 0.4, 0, 0.2, 11);
  d.sampler = true;
  const Quantity untold = same_draw_product(d);
  CHECK(untold.value > 20 * estimate(untold).standard_error);  // the control: taken for a deviation
  for (auto& item : d.items) item.noise = 0.4 * 0.4;
  const Quantity told = same_draw_product(d);
  CHECK(std::abs(told.value) < 4 * estimate(told).standard_error);
  CHECK(told.value == Approx(untold.value - 0.16));
  CHECK(told.variance == Approx(2 * 0.16 * 0.16 / 200).epsilon(0.5));
  CHECK(same_draw_product(make_distances(5, 4, 7, 0.3, 0, 0, 1, 2)).variance == 0);
}

TEST_CASE("squares of several outputs are summed over them, and averaged over test points alone") {
  // Two networks on a draw, two test points and three outputs, by hand; and the same numbers as six test points.
  const std::vector<double> target{1, 0, 0, 0, 1, 0}, first{2, 1, 0, 0, 3, 1}, second{0, 2, 0, 1, 2, -1};
  const auto product_of = [&](const std::vector<std::int64_t>& shape) {
    Series measured;
    for (const auto& [number, values] : {std::pair(0, first), {1, second}}) {
      Member member{.draw = 0, .initialisation = number};
      member.arrays.push_back({.observable = Observable::predictor, .shape = shape, .data = values});
      if (number == 0) member.arrays.push_back({.observable = Observable::target, .shape = shape, .data = target});
      measured.members.push_back(member);
    }
    return same_draw_product(distances_from_target(measured, equilibrium)).value;
  };
  const double sum = (2 - 1) * (0 - 1) + 1 * 2 + 0 + 0 + (3 - 1) * (2 - 1) + 1 * -1;
  CHECK(product_of({2, 3}) == Approx(sum / 2));
  CHECK(product_of({6}) == Approx(sum / 6));
}
