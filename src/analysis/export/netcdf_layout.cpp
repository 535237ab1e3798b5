#include "netcdf_layout.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "fieldscan/scan/points/names.hpp"

namespace fieldscan::analysis {
namespace {

/// An axis whose labels are its values becomes a dimension of numbers, ascending; others are words in the order of the
/// plan.
void add_dimension(Cells& cells, const std::string& name, const std::string& long_name,
                   const std::vector<std::string>& labels, const std::vector<std::optional<double>>& numbers) {
  Dimension d{.name = safe_name(name), .labels = {}, .values = {}, .long_name = long_name};
  const bool all_numbers = std::ranges::all_of(numbers, [](const auto& n) { return n.has_value(); });
  if (all_numbers) {
    std::set<double> values;
    for (const auto& n : numbers) values.insert(*n);
    d.values.assign(values.begin(), values.end());
  } else {
    for (const std::string& label : labels)
      if (std::ranges::find(d.labels, label) == d.labels.end()) d.labels.push_back(label);
  }
  for (std::size_t p = 0; p < labels.size(); ++p)
    cells.positions[p].push_back(
        static_cast<std::size_t>(all_numbers ? std::ranges::lower_bound(d.values, *numbers[p]) - d.values.begin()
                                             : std::ranges::find(d.labels, labels[p]) - d.labels.begin()));
  cells.dimensions.push_back(std::move(d));
}

/// Whether a short name belongs to another dimension: time (training.time has it too), an observable's own, those of
/// the arrays.
bool is_taken(const std::string& name) {
  constexpr std::array<std::string_view, 8> own{"time",  "step",      "steps",          "epochs",
                                                "block", "data_draw", "initialisation", "outcome"};
  return std::ranges::find(own, name) != own.end() ||
         std::ranges::any_of(all_observables(),
                             [&](const ObservableInfo& o) { return safe_name(std::string(o.dimension)) == name; });
}

void add_axis(Cells& cells, const Table& table, const Axis& axis) {
  std::vector<std::string> labels;
  std::vector<std::optional<double>> numbers;
  for (const TablePoint& point : table.points) {
    labels.push_back(axis_label(table, point, axis.path));
    const scan::AxisValue* value = scan::find_value(point.point, axis.path);
    const bool is_number = value && std::holds_alternative<double>(*value) && labels.back() == text_of(*value);
    numbers.push_back(is_number ? std::optional(std::get<double>(*value)) : std::nullopt);
  }
  add_dimension(cells, is_taken(axis.short_name) ? axis.path : axis.short_name, axis.path, labels, numbers);
}

}  // namespace

Cells make_cells(const NetcdfFile& file, const Table& table, const std::vector<std::string>& block_names) {
  Cells cells;
  cells.positions.resize(table.points.size());
  for (const Axis& axis : table.axes) add_axis(cells, table, axis);
  const std::set<std::vector<std::size_t>> places(cells.positions.begin(), cells.positions.end());
  if (places.size() < table.points.size()) {
    std::vector<std::string> labels;
    for (const TablePoint& point : table.points) labels.push_back(block_names.at(point.point.block));
    add_dimension(cells, "block", "block of the scan", labels, std::vector<std::optional<double>>(labels.size()));
  }
  for (const Dimension& d : cells.dimensions) {
    cells.count *= d.size();
    cells.ids.push_back(file.define(d));
  }
  return cells;
}

void collect(Inner& inner, const std::string& name, const std::set<double>& values) {
  inner.values[name].insert(values.begin(), values.end());
}

void define(Inner& inner, const NetcdfFile& file) {
  for (const auto& [name, values] : inner.values)
    inner.ids[name] = file.define(
        {.name = safe_name(name), .labels = {}, .values = {values.begin(), values.end()}, .long_name = name});
}

}  // namespace fieldscan::analysis
