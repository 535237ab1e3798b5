#include "records.hpp"

#include <algorithm>

#include "../quantity/observed.hpp"

namespace fieldscan::analysis {
namespace {

void add_times(std::vector<double>& times, const Series& series) {
  for (const Member& member : series.members) {
    for (const Row& row : member.rows) times.push_back(row.time);
    for (const Array& array : member.arrays) times.push_back(array.time);
  }
}

}  // namespace

Records records_of(const Table& table) {
  Records records;
  for (const TablePoint& point : table.points) {
    std::vector<double> times;
    add_times(times, point.measured);
    for (const auto& [name, series] : point.theories) add_times(times, *series);
    std::ranges::sort(times);
    times.erase(std::ranges::unique(times, same_time).begin(), times.end());
    records.most = std::max(records.most, times.size());
    records.times.push_back(std::move(times));
  }
  return records;
}

bool has_several_times(const Table& table, const std::string& source, Observable observable) {
  return std::ranges::any_of(table.points, [&](const TablePoint& point) {
    const Series* series = series_of(point, source);
    return series && times_of(*series, observable).size() > 1;
  });
}

std::optional<std::size_t> record_at(const std::vector<double>& times, double time) {
  const auto at = std::ranges::find_if(times, [&](double t) { return same_time(t, time); });
  return at == times.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - times.begin()));
}

}  // namespace fieldscan::analysis
