#include "../../../src/analysis/report/traces.hpp"

#include <cmath>

#include "../../../src/analysis/report/report_chains.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

constexpr int kept = 200, watched = 3;

double sample(std::int64_t draw, std::int64_t chain, int what, int s) {
  return syn::normal(31, "trace" + std::to_string(what), draw, chain, static_cast<std::uint64_t>(s));
}

/// Two widths, two draws, some chains of independent normal samples; at width 128 the error_test of chain 1 of draw 1
/// is moved aside. Of 400 samples every second is kept.
Table table_of(int chains, double aside) {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 2, .initialisations = chains});
  for (TablePoint& point : table.points)
    for (Member& member : point.measured.members) {
      const bool is_last = member.draw == 1 && member.initialisation == chains - 1;
      const bool moved = is_last && std::get<double>(point.point.names[0].value) == 128;
      Array trace{.observable = listed("chain_trace"), .shape = {watched, kept}, .data = {}};
      for (int what = 0; what < watched; ++what)
        for (int s = 0; s < kept; ++s)
          trace.data.push_back(sample(member.draw, member.initialisation, what, s) + (moved && what == 1 ? aside : 0));
      member.arrays.push_back(std::move(trace));
      member.rows.push_back({.observable = Observable::rhat, .value = moved ? 1.05 : 1.01, .count = 2 * kept});
    }
  return table;
}

std::vector<double> counts_of(const DrawnFigure& figure, std::size_t chain) {
  return figure.panels.at(0).curves.at(chain).y;
}

}  // namespace

TEST_CASE("the worst chains are those of the draw with the largest R-hat, and what they agree in least") {
  const Table table = table_of(3, 1.5);
  const auto worst = worst_chains(table);
  REQUIRE(worst);
  CHECK(worst->point == &table.points[1]);
  CHECK(worst->draw == 1);
  CHECK(worst->watched == "error_test");
  CHECK(worst->names == std::vector<std::string>{"chain 0", "chain 1", "chain 2"});
  CHECK(worst->rhat == Approx(diagnose(worst->samples).rhat));
  CHECK(worst->rhat > 1.15);
  CHECK(worst->every == 2);
  const DrawnFigure trace = trace_of(*worst);
  REQUIRE(trace.panels.at(0).curves.size() == 3);
  CHECK(trace.panels[0].curves[2].x[7] == 14);
  CHECK(trace.panels[0].curves[0].y[7] == sample(1, 0, 1, 7));
  CHECK(trace.panels[0].curves[2].y[7] == sample(1, 2, 1, 7) + 1.5);
  const std::string html = section_chains(table);
  for (const char* part : {"trace of the worst chains", "ranks of the worst chains", "data draw 1"})
    CHECK(html.find(part) != std::string::npos);
  CHECK(html.find("No traces are stored") == std::string::npos);
}

TEST_CASE("ranks of chains that sample the same are even, those of one aside are not") {
  const auto apart = worst_chains(table_of(3, 1.5)), same = worst_chains(table_of(3, 0));
  REQUIRE(apart);
  REQUIRE(same);
  const DrawnFigure uneven = ranks_of(*apart), even = ranks_of(*same);
  // 20 of 200 samples in each of ten bins; 30 numbers beyond 4.5 standard deviations: once in 5000 such tests.
  const double reach = 4.5 * std::sqrt(20 * 0.9);
  for (std::size_t chain = 0; chain < 3; ++chain) {
    double all = 0;
    for (const double n : counts_of(even, chain)) {
      CHECK(std::abs(n - 20) < reach);
      all += n;
    }
    CHECK(all == kept);
  }
  CHECK(counts_of(uneven, 2).back() > 20 + 3 * std::sqrt(20 * 0.9));  // some 53
  CHECK(counts_of(uneven, 2).front() < 20 - 2.5 * std::sqrt(20 * 0.9));
  CHECK(even.panels[0].levels.at(0).second == 20);
}

TEST_CASE("a chain alone is compared with itself, and without traces the page says how to ask for them") {
  const auto alone = worst_chains(table_of(1, 1.5));
  REQUIRE(alone);
  CHECK(alone->names == std::vector<std::string>{"first half", "second half"});
  CHECK(alone->samples.rows() == kept / 2);
  const int what = alone->watched == "error_train" ? 0 : alone->watched == "error_test" ? 1 : 2;
  CHECK(alone->samples(3, 1) - alone->samples(0, 1) == Approx(sample(1, 0, what, 103) - sample(1, 0, what, 100)));
  Table none = table_of(2, 1);
  for (TablePoint& point : none.points)
    for (Member& member : point.measured.members) member.arrays.clear();
  CHECK_FALSE(worst_chains(none));
  CHECK(section_chains(none).find("chain_trace in `observe`") != std::string::npos);
}
