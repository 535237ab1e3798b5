#include "../../../src/analysis/quantity/droplet_share.hpp"

#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace {

constexpr Bins bins{.count = 4, .low = -2, .high = 2};

/// Networks whose four bins have these shares.
Series histograms(const std::vector<std::array<double, 4>>& shares) {
  Series series{.level = Level::replica, .members = {}};
  for (std::size_t r = 0; r < shares.size(); ++r) {
    Member member{
        .draw = static_cast<std::int64_t>(r), .outcome = Outcome::done, .reason = {}, .rows = {}, .arrays = {}};
    for (int bin = 0; bin < bins.count; ++bin)
      member.rows.push_back({.observable = Observable::overlap_histogram,
                             .coordinate = bins.centre(bin),
                             .value = shares[r][static_cast<std::size_t>(bin)]});
    series.members.push_back(member);
  }
  sort_series(series);
  return series;
}

TablePoint predicting(std::vector<double> edges) {
  TablePoint point;
  for (const double edge : edges) {
    Series series{.level = Level::replica, .members = {}};
    Member member{.outcome = Outcome::done, .reason = {}, .rows = {}, .arrays = {}};
    member.rows.push_back({.observable = listed("droplet_edge"), .value = edge});
    series.members.push_back(member);
    point.theories["droplet" + std::to_string(point.theories.size())] = std::make_shared<Series>(series);
  }
  return point;
}

}  // namespace

TEST_CASE("the share beyond an edge is that of the bins beyond it") {
  const Series series = histograms({{0.1, 0.4, 0.3, 0.2}, {0.2, 0.3, 0.3, 0.2}});
  const Quantity at_one = share_beyond(series, bins, 1, equilibrium);
  CHECK(at_one.value == Approx((0.3 + 0.4) / 2));
  CHECK(at_one.influence.size() == 2);
  // A quarter of the inner bins and all of the outer ones.
  CHECK(share_beyond(series, bins, 0.75, equilibrium).value == Approx((0.3 + 0.4) / 2 + 0.25 * (0.7 + 0.6) / 2));
  CHECK_FALSE(share_beyond(series, bins, 2.5, equilibrium).problem.empty());
}

TEST_CASE("the edge is that of the point's theory, where there is one") {
  CHECK(droplet_edge(predicting({0.7})).value == 0.7);
  CHECK(droplet_edge(predicting({0.7, 0.7})).value == 0.7);
  CHECK_FALSE(droplet_edge(predicting({})).value.has_value());
  CHECK_FALSE(droplet_edge(predicting({0.7, 0.6})).value.has_value());
  CHECK(droplet_edge(predicting({0.7, 0.6})).problem.find("different") != std::string::npos);
}
