#include "fieldscan/analysis/theory_alone/theory_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "../table/table.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/core/two_level.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/scan/task/redrawn.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/scan/task/test_members.hpp"
#include "limited.hpp"

namespace fieldscan::analysis {
namespace {

/// What is kept of one prediction: its rows and problems.
struct Evaluated {
  std::vector<PredictedRow> rows;
  std::vector<std::string> problems;
  bool failed = false;
};

Bytes bytes_of(const Evaluated& evaluated) {
  FlatWriter out;
  out.put(evaluated.failed);
  out.put(static_cast<std::uint64_t>(evaluated.problems.size()));
  for (const std::string& problem : evaluated.problems) out.put(std::string_view(problem));
  out.put(static_cast<std::uint64_t>(evaluated.rows.size()));
  for (const PredictedRow& row : evaluated.rows) {
    out.put(row.observable);
    for (const double number : {row.time, row.coordinate, row.value, row.standard_error}) out.put(number);
    out.put(row.draws);
    out.put(row.flag);
  }
  return out.take();
}

Evaluated evaluated_of(const Bytes& bytes) {
  FlatReader in(bytes);
  Evaluated evaluated{.rows = {}, .problems = {}, .failed = in.get<bool>()};
  evaluated.problems.resize(in.length(1));
  for (std::string& problem : evaluated.problems) problem = in.text();
  evaluated.rows.resize(in.length(1));
  for (PredictedRow& row : evaluated.rows) {
    row.observable = in.get<Observable>();
    for (double* number : {&row.time, &row.coordinate, &row.value, &row.standard_error}) *number = in.get<double>();
    row.draws = in.get<std::int64_t>();
    row.flag = in.get<Flag>();
  }
  return evaluated;
}

/// The standard error of a mean over draws, or over draws crossed with initialisations.
double error_of_mean(const std::vector<Cell>& cells, double mean, theory::Given given) {
  if (given == theory::Given::replica) return two_level_estimate(cells).standard_error;
  const auto count = static_cast<double>(cells.size());
  double square = 0;
  for (const Cell& cell : cells) square += (cell.value - mean) * (cell.value - mean);
  return cells.size() > 1 ? std::sqrt(square / (count - 1) / count) : std::numeric_limits<double>::quiet_NaN();
}

/// Mean and standard error over the members of the rows with equal observable, time and coordinate, in order of first
/// appearance; of what does not differ between data draws that of one.
std::vector<PredictedRow> average(const std::vector<Result>& results, theory::Given given, const scan::SameRows& same) {
  struct Sum {
    PredictedRow row;
    std::vector<Cell> cells;
  };
  std::map<std::tuple<Observable, double, double>, std::size_t> position;
  std::vector<Sum> sums;
  for (const Result& result : results)
    for (const Row& row : result.rows) {
      const auto [found, is_new] = position.try_emplace({row.observable, row.time, row.coordinate}, sums.size());
      if (is_new) sums.push_back({{.observable = row.observable, .time = row.time, .coordinate = row.coordinate}, {}});
      Sum& sum = sums[found->second];
      sum.cells.push_back({result.data_draw, result.initialisation, row.value});
      if (given == theory::Given::nothing) sum.row.standard_error = row.standard_error;
      if (row.flag != Flag::none) sum.row.flag = row.flag;
    }
  std::vector<PredictedRow> rows;
  for (Sum& sum : sums) {
    if (scan::redrawn(same, sum.row.observable, sum.row.time) == scan::Redrawn::nothing)
      keep_one_each(sum.cells, [](const Cell& cell) { return cell.initialisation; });
    double total = 0;
    for (const Cell& cell : sum.cells) total += cell.value;
    sum.row.value = total / static_cast<double>(sum.cells.size());
    sum.row.draws = static_cast<std::int64_t>(sum.cells.size());
    if (given != theory::Given::nothing) sum.row.standard_error = error_of_mean(sum.cells, sum.row.value, given);
    rows.push_back(sum.row);
  }
  return rows;
}

Evaluated evaluate(const scan::Scan& scan, const scan::Point& point, std::size_t theory, scan::Kept& kept) {
  const scan::TheoryUse& use = point.theories[theory];
  scan::Task task{.kind = scan::Task::Kind::prediction, .block = point.block, .index = point.index, .theory = theory};
  scan::PredictionMembers members = scan::prediction_members(use, point.ensemble);
  const bool copies = members.draws > 1 && scan::draws_are_one(point, scan::Side::predicted);
  if (copies) members.draws = 1;
  for (std::int64_t r = 0; r < members.draws; ++r)
    for (std::int64_t i = 0; i < members.initialisations; ++i) task.members.push_back({r, i});
  Evaluated out;
  if (copies) out.problems.emplace_back("all data draws are the same rows: one is evaluated, and has no error");
  const std::vector<Result> results = scan::run_task(scan, task, kept);
  for (const Result& result : results) {
    if (result.outcome == Outcome::done && result.reason.empty()) continue;
    out.failed = out.failed || result.outcome == Outcome::numerical_error || result.outcome == Outcome::not_converged;
    std::string text = result.outcome == Outcome::not_applicable || result.outcome == Outcome::done
                           ? result.reason
                           : fmt::format("{}: {}", word_of(result.outcome), result.reason);
    if (std::ranges::find(out.problems, text) == out.problems.end()) out.problems.push_back(std::move(text));
  }
  out.rows = average(results, theory::given_of(use.theory), scan::same_rows(point, scan::Side::predicted));
  const auto numbers = std::ranges::count_if(results, [](const Result& result) { return !result.rows.empty(); });
  if (numbers > 0 && numbers < std::ssize(results))
    out.problems.push_back(
        fmt::format("means are over {} of {} data draws: the others have no number", numbers, results.size()));
  return out;
}

/// A theory that fails leaves its reason: the others are asked for too.
Evaluated failure(const std::exception& error) {
  const bool memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  return {.rows = {}, .problems = {memory ? "ran out of memory" : error.what()}, .failed = true};
}

/// In a process of its own where there is a limit of time.
Evaluated evaluate_within(double seconds, const scan::Scan& scan, const scan::Point& point, std::size_t theory,
                          scan::Kept& kept) {
  if (!(seconds > 0)) return evaluate(scan, point, theory, kept);
  const auto bytes = compute_within(seconds, [&] {
    try {
      return bytes_of(evaluate(scan, point, theory, kept));
    } catch (const std::exception& error) {
      return bytes_of(failure(error));
    }
  });
  if (bytes) return evaluated_of(*bytes);
  return {.rows = {},
          .problems = {fmt::format("given up after {:g} s of processor time (--limit)", seconds)},
          .failed = true};
}

/// What this machine can not hold, said before it fails; nothing where it can.
std::optional<Evaluated> too_large(const scan::Point& point, std::size_t theory, double memory) {
  const double bytes = memory > 0 ? scan::estimated_bytes(point, scan::Task::Kind::prediction, theory) : 0;
  if (bytes <= memory) return std::nullopt;
  return Evaluated{.rows = {},
                   .problems = {fmt::format("needs about {:.1f} GB of memory, this machine has {:.1f} GB", bytes * 1e-9,
                                            memory * 1e-9)},
                   .failed = true};
}

/// A prediction, from those evaluated before where it is the same.
Evaluated evaluate_once(const scan::Scan& scan, const scan::Point& point, std::size_t theory,
                        const PointSelection& selection, scan::Kept& kept, std::unordered_map<Id, Evaluated>& done) {
  try {
    if (const auto failed = too_large(point, theory, selection.memory)) return *failed;
    // Points that share a prediction may ask for different numbers of draws.
    const scan::TheoryUse& use = point.theories[theory];
    const scan::PredictionMembers members = scan::prediction_members(use, point.ensemble);
    const Id prediction =
        hash128(fmt::format("{} {} {}", scan::prediction_id(use, point).hex(), members.draws, members.initialisations));
    auto found = done.find(prediction);
    if (found == done.end())
      found = done.emplace(prediction, evaluate_within(selection.seconds, scan, point, theory, kept)).first;
    return found->second;
  } catch (const data::DataLost&) {
    throw;  // of every theory
  } catch (const std::exception& error) {
    kept = {};  // may hold half of something
    return failure(error);
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

/// Predictions at all points of a selection.
std::size_t count_predictions(const scan::Scan& scan, const PointSelection& selection) {
  std::size_t points = 0, predictions = 0;
  scan.for_each_point([&](const scan::Point& point) {
    if (!selected(selection, point.id.hex())) return true;
    if (selection.limit > 0 && points++ >= selection.limit) return false;
    predictions += point.theories.size();
    return true;
  });
  return predictions;
}

}  // namespace

bool TheoryTable::without_numbers() const {
  return !points.empty() && std::ranges::all_of(points, [](const PredictedPoint& p) { return p.rows.empty(); });
}

bool TheoryTable::any_failed() const { return std::ranges::any_of(points, &PredictedPoint::failed); }

TheoryTable evaluate_theories(const scan::Scan& scan, const PointSelection& selection) {
  set_linear_algebra_threads(1);  // numbers do not depend on the environment
  TheoryTable table{.axes = axes_of(scan), .points = {}};
  std::unordered_map<Id, Evaluated> done;
  std::vector<bool> used(selection.prefixes.size(), false);
  scan::Kept kept;
  std::size_t count = 0;
  NextPrediction next{.all = selection.before ? count_predictions(scan, selection) : 0, .theory = {}, .point = {}};
  scan.for_each_point([&](const scan::Point& point) {
    const std::string id = point.id.hex();
    if (!selected(selection, id)) return true;
    for (std::size_t k = 0; k < used.size(); ++k) used[k] = used[k] || id.starts_with(selection.prefixes[k]);
    if (selection.limit > 0 && count++ >= selection.limit) return false;
    std::vector<std::string> coordinates;
    for (const auto& axis : table.axes) coordinates.push_back(text_at(point, axis));
    for (std::size_t k = 0; k < point.theories.size(); ++k) {
      next = {next.number + 1, next.all, point.theories[k].name, point.id};
      if (selection.before) selection.before(next);
      const Evaluated e = evaluate_once(scan, point, k, selection, kept, done);
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
