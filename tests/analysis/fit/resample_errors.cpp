#include "../../../src/analysis/fit/resample_errors.hpp"

#include "../../../src/analysis/fit/collapse_law.hpp"
#include "../../../src/analysis/fit/leave_out.hpp"
#include "../../../src/analysis/fit/line.hpp"
#include "../heavy_tails.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace studies = fieldscan::analysis::studies;

namespace {

double slack(double share, int trials) { return 3 * std::sqrt(share * (1 - share) / trials); }

/// A mean over given members, draws × initialisations.
Quantity mean_of(const std::vector<Cell>& members) {
  Quantity q = exact_quantity(0);
  const auto n = static_cast<double>(members.size());
  for (const Cell& m : members) q.value += m.value / n;
  for (const Cell& m : members) q.influence.push_back({m.draw, m.initialisation, (m.value - q.value) / n});
  return q;
}

/// 23 draws that are alike, and draw 7 with a large signal that falls with another exponent.
studies::Measured with_one_loud_draw() {
  studies::Measured m = studies::measure_heavy(3, {.common = 0.3, .rest = 0.02}, 24);
  for (std::size_t k = 0; k < m.x.size(); ++k) {
    Quantity& q = m.y[k];
    const double added = 120 * std::pow(m.x[k], -1.1), before = q.value;
    q.value += added / 24;
    for (Cell& cell : q.influence) cell.value += (cell.draw == 7 ? added / 24 : 0) - (q.value - before) / 24;
  }
  return m;
}

}  // namespace

TEST_CASE("a mean without a draw, or without an initialisation, is the mean of the others") {
  std::vector<Cell> members;
  for (std::int64_t r = 0; r < 5; ++r)
    for (std::int64_t i = 0; i < 3; ++i)
      if (r != 2 || i != 1) members.push_back({r, i, synthetic::normal(1, "member", r, i)});
  const Quantity q = mean_of(members);
  CHECK(origins_of(std::array{q}).size() == 8);
  for (const Origin origin : {Origin{Origin::Level::draw, 3}, Origin{Origin::Level::initialisation, 1}}) {
    std::vector<Cell> rest = members;
    std::erase_if(rest, [&](const Cell& cell) { return number_at(cell, origin.level) == origin.number; });
    const Quantity expected = mean_of(rest), found = without(q, origin);
    CHECK(found.value == Approx(expected.value).epsilon(1e-12));
    REQUIRE(found.influence.size() == expected.influence.size());
    for (std::size_t k = 0; k < rest.size(); ++k)
      CHECK(found.influence[k].value == Approx(expected.influence[k].value).margin(1e-14));
  }
}

TEST_CASE("the chains of a sampler are left out with their draws") {
  Quantity q = mean_of({{0, 0, 1}, {0, 1, 2}, {1, 0, 4}, {1, 1, 3}});
  CHECK(origins_of(std::array{q}).size() == 4);
  q.sampler = true;
  CHECK(origins_of(std::array{q}).size() == 2);
  CHECK(origins_of(std::array{exact_quantity(1)}).empty());
}

TEST_CASE("the error of an exponent is that of leaving draws out, by hand") {
  const studies::Measured m = studies::measure_heavy(11, {.own = 1.2}, 24);
  const Quantity found = fit_power_law(m.x, m.y).exponent;
  double mean = 0, square = 0;
  for (std::int64_t r = 0; r < 24; ++r) {
    std::vector<Quantity> rest;
    for (const Quantity& q : m.y) rest.push_back(without(q, {Origin::Level::draw, r}));
    const double left = fit_power_law_to_anything(m.x, rest).exponent.value;
    mean += left / 24;
    square += left * left / 24;
  }
  const double jackknife = std::sqrt(23 * (square - mean * mean));
  REQUIRE(jackknife > 1.1 * estimate(fit_power_law_to_anything(m.x, m.y).exponent).standard_error);
  CHECK(estimate(found).standard_error == Approx(jackknife).epsilon(1e-6));
}

TEST_CASE("where all draws are alike the linear error stays, and none is said to carry the signal") {
  int carried = 0, larger = 0;
  for (std::uint64_t k = 0; k < 60; ++k) {
    const auto m = studies::measure_curve(k, CurveForm::power, {24, 1, {0.1, 0, 0.1}}, 5);
    const Quantity q = fit_power_law(m.x, m.y).exponent, linear = fit_power_law_to_anything(m.x, m.y).exponent;
    carried += !q.carried.empty();
    larger += estimate(q).standard_error > 1.2 * estimate(linear).standard_error;
    CHECK(q.value == linear.value);
  }
  CHECK(carried == 0);
  CHECK(larger <= 3);
}

TEST_CASE("one draw that carries the signal is named, and the statement is undecided") {
  const studies::Measured m = with_one_loud_draw();
  const Quantity linear = fit_power_law_to_anything(m.x, m.y).exponent;
  CHECK(judge(difference(linear, exact_quantity(-1)), {-0.2, 0.2}, members_for_fit).inside);  // negative control
  const Quantity q = fit_power_law(m.x, m.y).exponent;
  INFO(q.carried);
  CHECK(q.value == linear.value);
  CHECK(q.carried.find("one member carries the signal: without data draw 7") == 0);
  CHECK(estimate(q).standard_error > 2 * estimate(linear).standard_error);
  for (const double expected : {-1.0, 5.0}) {
    const Finding f = judge(difference(q, exact_quantity(expected)), {-0.2, 0.2}, members_for_fit);
    CHECK_FALSE(f.inside);
    CHECK(f.p == 1);
    CHECK(f.because.find("one member carries the signal") != std::string::npos);
  }
}

TEST_CASE("floors, joint laws, collapses and lines say so too") {
  const auto loud = [](const auto& truth, const auto& other, std::size_t points) {
    std::vector<Quantity> y;
    for (std::size_t k = 0; k < points; ++k) {
      std::vector<Cell> members;
      for (std::int64_t r = 0; r < 24; ++r) {
        const double factor = 1 + 0.02 * synthetic::normal(5, std::to_string(k), r, 0);
        members.push_back({r, 0, factor * (r == 7 ? 60 * other(k) : truth(k))});
      }
      y.push_back(mean_of(members));
    }
    return y;
  };
  std::vector<double> x;
  std::vector<std::array<double, 2>> grid;
  for (int k = 0; k < 9; ++k) x.push_back(std::pow(2.0, k));
  for (int n = 0; n < 4; ++n)
    for (int p = 0; p < 4; ++p) grid.push_back({std::pow(2.0, n), std::pow(2.0, p)});
  const auto floor = loud([&](std::size_t k) { return 0.1 + 1 / x[k]; },
                          [&](std::size_t k) { return 0.1 + std::pow(x[k], -0.5); }, x.size());
  CHECK(fit_curve(CurveForm::floor, x, floor).exponent.carried.find("data draw 7") != std::string::npos);
  const auto joint = loud([&](std::size_t k) { return 1 / grid[k][0] + 1 / grid[k][1]; },
                          [&](std::size_t k) { return std::pow(grid[k][0], -0.5) + 1 / grid[k][1]; }, grid.size());
  const JointLaw law = fit_joint_law(grid, joint, JointLaw::Form::sum);
  CHECK(law.exponents[0].carried.find("data draw 7") != std::string::npos);
  const auto straight =
      loud([&](std::size_t k) { return 1 + x[k]; }, [&](std::size_t k) { return 1 + 0.5 * x[k]; }, x.size());
  CHECK(fit_line(x, straight).slope.carried.find("data draw 7") != std::string::npos);
  std::vector<ScaledPoint> points;
  const auto scaled_curve =
      loud([&](std::size_t k) { return 1 / (1 + grid[k][0] * grid[k][1]); },
           [&](std::size_t k) { return 1 / (1 + grid[k][0] * std::sqrt(grid[k][1])); }, grid.size());
  for (std::size_t k = 0; k < grid.size(); ++k) points.push_back({grid[k][0], grid[k][1], scaled_curve[k]});
  CHECK(fit_collapse(points).of_abscissa.carried.find("data draw 7") != std::string::npos);
}

TEST_CASE("exponents of heavy tails cover where they are decided", "[slow]") {
  constexpr int repetitions = 150;
  for (const double own : {1.0, 1.5}) {
    const studies::Decided d = studies::heavy_exponents({.own = own}, 24, repetitions);
    INFO(own << ": " << d.covers.value() << " of " << d.covers.trials << ", linear " << d.linear.value());
    CHECK(d.covers.value() >= 0.92 - slack(0.92, d.covers.trials));
    CHECK(d.covers.trials > repetitions / 3);
    if (own == 1.5) CHECK(d.linear.value() < 0.92);  // negative control
  }
  const studies::Decided together = studies::heavy_exponents({.common = 1.5}, 24, repetitions);
  INFO(together.covers.value() << " of " << together.covers.trials);
  CHECK(together.covers.value() >= 0.9 - slack(0.9, together.covers.trials));
}

TEST_CASE("where loud draws have exponents of their own, hardly anything is decided", "[slow]") {
  constexpr int repetitions = 150;
  for (const double common : {1.0, 1.5}) {
    const studies::Decided d = studies::heavy_exponents({.common = common, .slope = 0.2}, 24, repetitions);
    INFO(common << ": abstains in " << d.abstains.value() << ", linear covers in " << d.linear.value());
    CHECK(d.abstains.value() > 0.93);
    CHECK(d.linear.value() < 0.92);  // what was decided before
  }
  // Quiet draws with exponents of their own are decided.
  const studies::Decided quiet = studies::heavy_exponents({.common = 0.3, .slope = 0.2}, 24, repetitions);
  CHECK(quiet.abstains.value() < 0.05);
  CHECK(quiet.covers.value() > 0.92 - slack(0.92, quiet.covers.trials));
}
