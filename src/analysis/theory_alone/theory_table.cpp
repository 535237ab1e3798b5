#include "fieldscan/analysis/theory_alone/theory_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/scan/task/run_task.hpp"

namespace fieldscan::analysis {
namespace {

/// What is kept of one prediction: its rows and problems.
struct Evaluated {
  std::vector<PredictedRow> rows;
  std::vector<std::string> problems;
  bool failed = false;
};

/// Mean and standard error over draws of the rows with equal observable, time and coordinate, in order of first appearance.
std::vector<PredictedRow> average(const std::vector<Result>& results, bool given_nothing) {
  struct Sum {
    PredictedRow row;
    std::vector<double> values;
  };
  std::map<std::tuple<Observable, double, double>, std::size_t> position;
  std::vector<Sum> sums;
  for (const Result& result : results)
    for (const Row& row : result.rows) {
      const auto [found, is_new] = position.try_emplace({row.observable, row.time, row.coordinate}, sums.size());
      if (is_new) sums.push_back({{.observable = row.observable, .time = row.time, .coordinate = row.coordinate}, {}});
      Sum& sum = sums[found->second];
      sum.values.push_back(row.value);
      if (given_nothing) sum.row.standard_error = row.standard_error;
      if (row.flag != Flag::none) sum.row.flag = row.flag;
    }
  std::vector<PredictedRow> rows;
  for (Sum& sum : sums) {
    const auto count = static_cast<double>(sum.values.size());
    double total = 0, square = 0;
    for (const double v : sum.values) total += v;
    sum.row.value = total / count;
    for (const double v : sum.values) square += (v - sum.row.value) * (v - sum.row.value);
    sum.row.draws = static_cast<std::int64_t>(sum.values.size());
    if (!given_nothing)
      sum.row.standard_error =
          sum.values.size() > 1 ? std::sqrt(square / (count - 1) / count) : std::numeric_limits<double>::quiet_NaN();
    rows.push_back(sum.row);
  }
  return rows;
}

Evaluated evaluate(const scan::Scan& scan, const scan::Point& point, std::size_t theory, scan::Kept& kept) {
  const scan::TheoryUse& use = point.theories[theory];
  scan::Task task{.kind = scan::Task::Kind::prediction, .block = point.block, .index = point.index, .theory = theory};
  for (std::int64_t r = 0; r < scan::prediction_draws(use, point.ensemble); ++r) task.members.push_back({r, 0});
  Evaluated out;
  const std::vector<Result> results = scan::run_task(scan, task, kept);
  for (const Result& result : results) {
    if (result.outcome == Outcome::done && result.reason.empty()) continue;
    out.failed = out.failed || result.outcome == Outcome::numerical_error || result.outcome == Outcome::not_converged;
    std::string text = result.outcome == Outcome::not_applicable || result.outcome == Outcome::done
                           ? result.reason
                           : fmt::format("{}: {}", word_of(result.outcome), result.reason);
    if (std::ranges::find(out.problems, text) == out.problems.end()) out.problems.push_back(std::move(text));
  }
  out.rows = average(results, theory::given_of(use.theory) == theory::Given::nothing);
  return out;
}

/// A prediction, from those evaluated before where it is the same. A theory that fails leaves its reason: the others are asked for too.
Evaluated evaluate_once(const scan::Scan& scan, const scan::Point& point, std::size_t theory, scan::Kept& kept,
                        std::unordered_map<Id, Evaluated>& done) {
  try {
    // Points that share a prediction may ask for different numbers of draws.
    const scan::TheoryUse& use = point.theories[theory];
    const Id prediction = hash128(
        fmt::format("{} {}", scan::prediction_id(use, point).hex(), scan::prediction_draws(use, point.ensemble)));
    auto found = done.find(prediction);
    if (found == done.end()) found = done.emplace(prediction, evaluate(scan, point, theory, kept)).first;
    return found->second;
  } catch (const data::DataLost&) {
    throw;  // of every theory
  } catch (const std::exception& error) {
    kept = {};  // may hold half of something
    const bool memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
    return {.rows = {}, .problems = {memory ? "ran out of memory" : error.what()}, .failed = true};
  }
}

std::vector<std::string> axes_of(const scan::Scan& scan) {
  std::vector<std::string> axes;
  for (const auto& block : scan.blocks())
    for (const auto& axis : block.axes)
      if (std::ranges::find(axes, axis.path) == axes.end()) axes.push_back(axis.path);
  return axes;
}

std::string text_at(const scan::Point& point, const std::string& path) {
  const scan::AxisValue* value = scan::find_value(point, path);
  if (!value) return "";
  const double* number = std::get_if<double>(value);
  return number ? shortest(*number) : std::get<std::string>(*value);
}

bool selected(const PointSelection& selection, const std::string& id) {
  return selection.prefixes.empty() ||
         std::ranges::any_of(selection.prefixes, [&](const std::string& prefix) { return id.starts_with(prefix); });
}

}  // namespace

bool TheoryTable::any_failed() const { return std::ranges::any_of(points, &PredictedPoint::failed); }

TheoryTable evaluate_theories(const scan::Scan& scan, const PointSelection& selection) {
  set_linear_algebra_threads(1);  // numbers do not depend on the environment
  TheoryTable table{.axes = axes_of(scan), .points = {}};
  std::unordered_map<Id, Evaluated> done;
  std::vector<bool> used(selection.prefixes.size(), false);
  scan::Kept kept;
  std::size_t count = 0;
  scan.for_each_point([&](const scan::Point& point) {
    const std::string id = point.id.hex();
    if (!selected(selection, id)) return true;
    for (std::size_t k = 0; k < used.size(); ++k) used[k] = used[k] || id.starts_with(selection.prefixes[k]);
    if (selection.limit > 0 && count++ >= selection.limit) return false;
    std::vector<std::string> coordinates;
    for (const auto& axis : table.axes) coordinates.push_back(text_at(point, axis));
    for (std::size_t k = 0; k < point.theories.size(); ++k) {
      const Evaluated e = evaluate_once(scan, point, k, kept, done);
      table.points.push_back({point.id, coordinates, point.theories[k].name, e.rows, e.problems, e.failed});
    }
    return true;
  });
  for (std::size_t k = 0; k < used.size(); ++k)
    if (!used[k])
      throw EnvironmentError(fmt::format("the scan has no point whose id begins with '{}'", selection.prefixes[k]));
  return table;
}

}  // namespace fieldscan::analysis
