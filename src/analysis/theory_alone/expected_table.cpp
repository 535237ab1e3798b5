#include "expected_table.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "../table/load.hpp"
#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/scan/task/run_task.hpp"

namespace fieldscan::analysis {
namespace expected {
namespace {

/// Expectations need no more: what draws differ by is part of what single networks vary by.
scan::PredictionMembers few(const scan::TheoryUse& use, const scan::Ensemble& ensemble) {
  constexpr std::int64_t most_draws = 4, most_initialisations = 2;
  const scan::PredictionMembers all = scan::prediction_members(use, ensemble);
  return {.draws = std::min(all.draws, most_draws),
          .initialisations = std::min(all.initialisations, most_initialisations)};
}

/// One member that is given nothing, with the means over all; where none has numbers, it says why.
Series mean_series(std::vector<Result> results) {
  struct Sum {
    Row row;
    double total = 0, count = 0;
  };
  Member mean{.outcome = results.front().outcome, .reason = results.front().reason};
  std::map<std::tuple<Observable, double, double>, Sum> sums;
  for (Result& result : results) {
    for (const Row& row : result.rows) {
      Sum& sum = sums[{row.observable, row.time, row.coordinate}];
      sum.row = row;
      sum.total += row.value;
      sum.count += 1;
    }
    if (!result.rows.empty()) mean.outcome = result.outcome;
    if (&result == results.data()) mean.arrays = std::move(result.arrays);  // of one draw for all theories
  }
  for (auto& [key, sum] : sums) {
    sum.row.value = sum.total / sum.count;
    sum.row.standard_error = 0;
    mean.rows.push_back(sum.row);
  }
  Series series{.level = Level::nothing, .members = {std::move(mean)}};
  sort_series(series);
  return series;
}

Series evaluated(const scan::Scan& scan, const scan::Point& point, const scan::TheoryUse& use, scan::Kept& kept) {
  const auto position = static_cast<std::uint64_t>(&use - point.theories.data());
  scan::Task task{.kind = scan::Task::Kind::prediction, .block = point.block, .index = point.index, .theory = position};
  const scan::PredictionMembers members = few(use, point.ensemble);
  for (std::int64_t r = 0; r < members.draws; ++r)
    for (std::int64_t i = 0; i < members.initialisations; ++i) task.members.push_back({r, i});
  return mean_series(scan::run_task(scan, task, kept));
}

/// What a theory of the scan would take.
struct Cost {
  std::string name;
  double seconds = 0;
  bool describes = true;
};

std::vector<Cost> costs_of(const scan::Scan& scan) {
  std::vector<Cost> costs;
  std::set<Id> seen;
  scan.for_each_point([&](const scan::Point& point) {
    for (std::size_t k = 0; k < point.theories.size() && scan::trains(point.spec); ++k) {
      const scan::TheoryUse& use = point.theories[k];
      auto cost = std::ranges::find(costs, use.name, &Cost::name);
      if (cost == costs.end())
        cost = costs.insert(cost, {.name = use.name, .describes = use.role == scan::Role::description});
      if (!seen.insert(scan::prediction_id(use, point)).second) continue;
      cost->seconds += static_cast<double>(few(use, point.ensemble).count()) *
                       scan::estimated_seconds(point, scan::Task::Kind::prediction, k);
    }
    return true;
  });
  return costs;
}

}  // namespace
}  // namespace expected

Affordable affordable_theories(const scan::Scan& scan, double seconds) {
  Affordable found;
  for (const expected::Cost& cost : expected::costs_of(scan)) {
    if (cost.seconds > seconds) {
      if (cost.describes) {
        found.dear.push_back(cost.name);
        found.dear_seconds += cost.seconds;
      }
      continue;
    }
    seconds -= cost.seconds;
    found.all.insert(cost.name);
    if (cost.describes) found.describing.push_back(cost.name);
  }
  return found;
}

Table expected_table(const scan::Scan& scan, const std::set<std::string>& theories) {
  scan::Kept kept;
  const auto predicted = [&](const scan::Point& point, const scan::TheoryUse& use) {
    const bool wanted = scan::trains(point.spec) && theories.contains(use.name);
    return wanted ? expected::evaluated(scan, point, use, kept) : Series{.level = Level::nothing, .members = {}};
  };
  Table table = make_table(scan, {.measured = [](const scan::Point&) { return Series{}; }, .predicted = predicted});
  std::erase_if(table.points, [](const TablePoint& point) { return !scan::trains(point.point.spec); });
  return table;
}

}  // namespace fieldscan::analysis
