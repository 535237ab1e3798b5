#include "netcdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../verdict/judge.hpp"
#include "fieldscan/core/error.hpp"
#include "netcdf_arrays.hpp"
#include "netcdf_outcomes.hpp"
#include "netcdf_replicas.hpp"
#include "netcdf_times.hpp"
#include "variables.hpp"

namespace fieldscan::analysis {
namespace {

/// Numbers of a variable over the cells and what lies inside each: beside them their standard errors, how many members
/// each is formed of, of how many, and what it is marked with.
struct Numbers {
  std::vector<double> values, errors;
  std::vector<int> members, asked;
  std::vector<Marks> marks;
  explicit Numbers(std::size_t size)
      : values(size, std::numeric_limits<double>::quiet_NaN()),
        errors(values),
        members(size, 0),
        asked(size, 0),
        marks(size, 0) {}
  void put(std::size_t at, const Quantity& number) {
    marks[at] = marks_of(number);
    asked[at] = static_cast<int>(number.basis.asked);
    if (!number.has_value()) return;
    values[at] = number.value;
    if (const std::optional<Uncertainty> known = uncertainty_of(number)) errors[at] = known->standard_error;
    members[at] = static_cast<int>(number.basis.members);
  }
  bool empty() const {
    return std::ranges::all_of(values, [](double v) { return std::isnan(v); });
  }
};

void write_numbers(const NetcdfFile& file, const std::string& name, const std::vector<int>& ids, const Numbers& numbers,
                   const Variable& v, const std::string& what, const Attributes& more) {
  if (numbers.empty()) return;
  const std::string source = v.source.empty() ? "measured" : v.source;
  const auto said = [&](const std::string& long_name, bool number) {
    Attributes attributes{{"long_name", long_name}, {"source", source}};
    if (number) attributes.emplace_back("units", "1");
    attributes.insert(attributes.end(), more.begin(), more.end());
    return attributes;
  };
  Attributes attributes = said(v.sentence + what, true);
  attributes.emplace_back("ancillary_variables",
                          fmt::format("{0}_standard_error {0}_members {0}_asked {0}_flag", name));
  file.variable(name, ids, numbers.values, attributes);
  file.variable(name + "_standard_error", ids, numbers.errors, said("standard error of " + name, true));
  const std::string_view what_members = v.source.empty() ? "replicas" : "predictions";
  file.counts(name + "_members", ids, numbers.members,
              said(fmt::format("how many {} {} is formed of", what_members, name), true));
  file.counts(
      name + "_asked", ids, numbers.asked,
      said(fmt::format("of how many {} {} would be formed: copies of one data draw count once", what_members, name),
           true));
  file.flags(name + "_flag", ids, numbers.marks, mark_words, said("what to beware of in " + name, false));
}

/// The variable at every record where it has several times, and its last value.
void write_variable(const NetcdfFile& file, const Table& table, const Layout& layout, const Variable& v) {
  const std::vector<double> coordinates =
      v.dimension.empty() ? std::vector<double>{0.0} : layout.inner.in_order(v.dimension);
  const std::size_t steps = v.in_time ? layout.records.most : 0;
  Numbers all(layout.cells.count * steps * coordinates.size()), last(layout.cells.count * coordinates.size());
  for (std::size_t p = 0; p < table.points.size(); ++p)
    for (std::size_t c = 0; c < coordinates.size(); ++c) {
      if (!v.coordinates.contains(coordinates[c])) continue;
      const std::size_t cell = layout.cells.place(p);
      const std::vector<double>& times = layout.records.times[p];
      bool is_last = true;
      for (std::size_t t = times.size(); t-- > 0;) {
        const Quantity number = v.at(table.points[p], times[t], coordinates[c]);
        if (v.in_time) all.put((cell * steps + t) * coordinates.size() + c, number);
        if (!number.has_value()) continue;
        if (is_last) last.put(cell * coordinates.size() + c, number);
        is_last = false;
        if (!v.in_time) break;
      }
      if (is_last)  // none at any time: how all ended
        last.put(cell * coordinates.size() + c,
                 v.at(table.points[p], times.empty() ? equilibrium : times.back(), coordinates[c]));
    }
  std::vector<int> ids = layout.cells.ids;
  if (!v.dimension.empty()) ids.push_back(layout.inner.ids.at(v.dimension));
  write_numbers(file, v.in_time ? v.name + "_end" : v.name, ids, last, v, v.in_time ? "; the last record" : "", {});
  if (!v.in_time) return;
  ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(layout.cells.ids.size()), layout.step);
  write_numbers(file, v.name, ids, all, v, "", {{"coordinates", std::string(time_coordinates)}});
}

}  // namespace

void write_netcdf(const Table& table, const std::vector<std::string>& block_names, const Attributes& attributes,
                  const std::filesystem::path& path) {
  NetcdfFile file;
  for (const auto& [name, value] : attributes) file.attribute(name, value);
  file.attribute("Conventions", "CF-1.8");
  const std::vector<Variable> variables = variables_of(table);
  const std::vector<ArrayVariable> arrays = of_arrays(table);
  const std::vector<ReplicaVariable> replicas = replicas_of(table);
  const std::vector<OutcomeVariable> outcomes = outcomes_of(table);
  Layout layout{.cells = make_cells(file, table, block_names), .records = records_of(table)};
  for (const Variable& v : variables)
    if (!v.dimension.empty()) collect(layout.inner, v.dimension, v.coordinates);
  for (const ArrayVariable& v : arrays) collect(layout.inner, v);
  for (const ReplicaVariable& v : replicas) collect(layout.inner, v);
  for (const OutcomeVariable& v : outcomes) collect(layout.inner, v);
  define(layout.inner, file);
  const int outcome = define_outcomes(file);
  const auto in_time = [](const auto& v) { return v.in_time; };
  if (std::ranges::any_of(variables, in_time) || std::ranges::any_of(arrays, in_time))
    layout.step = write_times(file, table, layout);
  for (const Variable& v : variables) write_variable(file, table, layout, v);
  std::string left_out, means_left_out;
  const auto add = [](std::string& names, const std::string& name) { names += (names.empty() ? "" : " ") + name; };
  for (const ArrayVariable& v : arrays) {
    if (write_array(file, table, layout, v)) continue;
    add(left_out, v.name);
    if (v.of == ArraysOf::draws) add(means_left_out, v.name);
  }
  for (const ReplicaVariable& v : replicas)
    if (!write_replicas(file, table, layout, v)) {
      add(left_out, v.name);
      add(means_left_out, v.name);
    }
  for (const OutcomeVariable& v : outcomes)
    if (!write_outcomes(file, table, layout, outcome, v))
      add(left_out, (v.source.empty() ? "" : safe_name(v.source) + "_") + std::string("outcome_replica"));
  if (!left_out.empty()) file.attribute("left_out_for_size", left_out);
  file.write(path);
  // Whose mean is there is named in the file alone.
  if (means_left_out.empty()) return;
  throw EnvironmentError(fmt::format(
      "{} is written without {}: arrays of more than {} numbers; observe them from fewer replicas or on fewer points "
      "(`replicas`, `on`)",
      path.string(), means_left_out, most_array_numbers));
}

}  // namespace fieldscan::analysis
