#include "table.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/points/names.hpp"

namespace fieldscan::analysis {
namespace {

auto row_key(const Row& row) { return std::tuple(row.observable, row.time, row.coordinate); }

std::vector<double> unique_sorted(std::vector<double> values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end(), same_time), values.end());
  return values;
}

/// Whether an observable, at a time, is one number of each initialisation and coordinate on two data draws at least,
/// but for rounding. Arrays have their points in the order of each draw: before training kernels have seen no labels.
bool is_one_on_all_draws(const Series& series, Observable observable, double time) {
  if (info(observable).form == Form::array) return time == 0 && !series.same.start_on_rows;
  constexpr double rounding = 1e-10;  // inverses and what is left of differences have more than their last bits
  std::map<std::pair<std::int64_t, double>, double> first;
  std::set<std::int64_t> draws;
  for (const Member& member : series.members) {
    if (!usable(member)) continue;
    for (const Row& row : member.rows) {
      if (row.observable != observable || !same_time(row.time, time)) continue;
      draws.insert(member.draw);
      const auto [of, is_new] = first.try_emplace({member.initialisation, row.coordinate}, row.value);
      if (!is_new && !(std::abs(row.value - of->second) <= rounding * std::abs(of->second))) return false;
    }
  }
  return draws.size() > 1;
}

}  // namespace

bool same_time(double a, double b) {
  return a == b ||
         (std::isfinite(a) && std::isfinite(b) && std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)));
}

bool has_numbers(const Member& member) {
  return member.outcome == Outcome::done || member.outcome == Outcome::not_converged ||
         member.outcome == Outcome::not_equilibrated;
}

bool usable(const Member& member) { return has_numbers(member) && !member.copy; }

std::int64_t asked_of(const Series& series) {
  return std::max<std::int64_t>(series.wanted, std::ssize(series.members));
}

scan::Redrawn redrawn(const Series& series, Observable observable, double time) {
  if (!series.same_data) {
    const scan::Redrawn by_rows = scan::redrawn(series.same, observable, time);
    if (by_rows != scan::Redrawn::rows) return by_rows;
    const scan::Redrawn otherwise = scan::redrawn_without_labels(series.same, observable, time);
    const bool rows = otherwise == scan::Redrawn::rows || !is_one_on_all_draws(series, observable, time);
    return rows ? scan::Redrawn::rows : otherwise;
  }
  const bool one = series.level == Level::draw || std::ranges::any_of(series.members, &Member::copy);
  return one || (time == 0 && series.level == Level::replica) ? scan::Redrawn::nothing : scan::Redrawn::noise;
}

void mark_copies(Series& series) {
  std::map<std::int64_t, std::size_t> counts;
  for (const Member& member : series.members) counts[member.draw] += has_numbers(member) ? 1 : 0;
  if (counts.empty()) return;
  const std::int64_t kept = std::ranges::max_element(counts, {}, [](const auto& draw) { return draw.second; })->first;
  for (Member& member : series.members) member.copy = member.draw != kept;
}

const Row* find_row(const Member& member, Observable observable, double time, double coordinate) {
  auto row = std::ranges::lower_bound(member.rows, observable, {}, &Row::observable);
  for (; row != member.rows.end() && row->observable == observable; ++row)
    if (same_time(row->time, time) && row->coordinate == coordinate) return &*row;
  return nullptr;
}

const Array* find_array(const Member& member, Observable observable, double time) {
  for (const Array& array : member.arrays)
    if (array.observable == observable && same_time(array.time, time)) return &array;
  return nullptr;
}

bool is_last(const Member& member, Observable observable, double time) {
  const auto after = std::ranges::upper_bound(member.rows, observable, {}, &Row::observable);
  if (after != member.rows.begin() && std::prev(after)->observable == observable)
    return std::prev(after)->time <= time || same_time(std::prev(after)->time, time);
  return std::ranges::none_of(member.arrays, [&](const Array& array) {
    return array.observable == observable && array.time > time && !same_time(array.time, time);
  });
}

std::vector<double> times_of(const Series& series, Observable observable) {
  std::vector<double> times;
  for (const Member& member : series.members) {
    if (!usable(member)) continue;
    for (const Row& row : member.rows)
      if (row.observable == observable) times.push_back(row.time);
    for (const Array& array : member.arrays)
      if (array.observable == observable) times.push_back(array.time);
  }
  return unique_sorted(std::move(times));
}

std::vector<double> coordinates_of(const Series& series, Observable observable) {
  std::vector<double> coordinates;
  for (const Member& member : series.members) {
    if (!usable(member)) continue;
    for (const Row& row : member.rows)
      if (row.observable == observable) coordinates.push_back(row.coordinate);
  }
  return unique_sorted(std::move(coordinates));
}

void sort_series(Series& series) {
  std::ranges::sort(series.members, {}, [](const Member& m) { return std::pair(m.draw, m.initialisation); });
  for (Member& member : series.members) {
    std::ranges::sort(member.rows, {}, row_key);
    std::ranges::sort(member.arrays, {}, [](const Array& a) { return std::pair(a.observable, a.time); });
  }
}

std::string text_of(const scan::AxisValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  return shortest(std::get<double>(value));
}

std::string axis_label(const Table& table, const TablePoint& point, const std::string& path) {
  const auto block = point.point.block;
  if (block < table.blocks.size()) {
    const auto& axes = table.blocks[block];
    for (std::size_t a = 0; a < axes.size() && a < point.point.positions.size(); ++a)
      if (axes[a].path == path && point.point.positions[a] < axes[a].labels.size())
        return axes[a].labels[point.point.positions[a]];
  }
  const auto* value = scan::find_value(point.point, path);
  return value ? text_of(*value) : std::string();
}

}  // namespace fieldscan::analysis
