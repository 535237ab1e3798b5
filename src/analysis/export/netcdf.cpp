#include <fmt/format.h>
#include <netcdf.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "../formula.hpp"
#include "../observe.hpp"
#include "export.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

void require(int status, const char* what) {
  if (status != NC_NOERR) throw EnvironmentError(fmt::format("NetCDF: {}: {}", what, nc_strerror(status)));
}

/// An open file, closed at the end of its scope.
class File {
 public:
  explicit File(const std::filesystem::path& path) {
    require(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &id_), path.c_str());
  }
  ~File() { nc_close(id_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int id() const { return id_; }
  void text(int variable, const char* name, const std::string& value) const {
    require(nc_put_att_text(id_, variable, name, value.size(), value.c_str()), name);
  }

 private:
  int id_ = -1;
};

/// One dimension with its labels (an axis of words) or values.
struct Dimension {
  std::string name;
  std::vector<std::string> labels;  ///< empty for numbers
  std::vector<double> values;
  int id = -1;
  std::size_t size() const { return labels.empty() ? values.size() : labels.size(); }
};

std::string safe_name(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') c = '_';
  return name;
}

Dimension axis_dimension(const Table& table, const Axis& axis) {
  Dimension d{.name = safe_name(axis.short_name), .labels = {}, .values = {}, .id = -1};
  std::set<double> numbers;
  std::vector<std::string> words;
  bool all_numbers = true;
  for (const TablePoint& point : table.points) {
    const scan::AxisValue* value = scan::find_value(point.point, axis.path);
    const std::string label = axis_label(table, point, axis.path);
    if (value && std::holds_alternative<double>(*value) && label == text_of(*value))
      numbers.insert(std::get<double>(*value));
    else
      all_numbers = false;
    if (std::ranges::find(words, label) == words.end()) words.push_back(label);
  }
  if (all_numbers)
    d.values.assign(numbers.begin(), numbers.end());
  else
    d.labels = words;
  return d;
}

std::size_t position(const Table& table, const TablePoint& point, const Axis& axis, const Dimension& d) {
  const std::string label = axis_label(table, point, axis.path);
  if (!d.labels.empty()) return static_cast<std::size_t>(std::ranges::find(d.labels, label) - d.labels.begin());
  const double value = std::get<double>(*scan::find_value(point.point, axis.path));
  return static_cast<std::size_t>(std::ranges::lower_bound(d.values, value) - d.values.begin());
}

void define(const File& file, Dimension& d) {
  require(nc_def_dim(file.id(), d.name.c_str(), d.size(), &d.id), d.name.c_str());
  int variable = -1;
  require(nc_def_var(file.id(), d.name.c_str(), d.labels.empty() ? NC_DOUBLE : NC_STRING, 1, &d.id, &variable),
          d.name.c_str());
  if (d.labels.empty()) {
    if (!d.values.empty()) require(nc_put_var_double(file.id(), variable, d.values.data()), d.name.c_str());
    return;
  }
  std::vector<const char*> texts;
  for (const std::string& label : d.labels) texts.push_back(label.c_str());
  require(nc_put_var_string(file.id(), variable, texts.data()), d.name.c_str());
}

/// What one variable is about.
struct Quantities {
  std::string source;  ///< empty: measured
  Observable observable{};
  std::set<double> times, coordinates;
};

const Series* series_of(const TablePoint& point, const std::string& source) {
  if (source.empty()) return &point.measured;
  const auto found = point.theories.find(source);
  return found == point.theories.end() ? nullptr : found->second.get();
}

std::map<std::string, Quantities> gather(const Table& table) {
  std::map<std::string, Quantities> all;
  const auto add = [&](const std::string& source, const Series& series) {
    for (const Member& member : series.members)
      for (const Row& row : member.rows) {
        const std::string name =
            (source.empty() ? "" : safe_name(source) + "_") + std::string(info(row.observable).name);
        Quantities& q = all[name];
        q.source = source;
        q.observable = row.observable;
        q.times.insert(row.time);
        q.coordinates.insert(row.coordinate);
      }
  };
  for (const TablePoint& point : table.points) {
    add("", point.measured);
    for (const auto& [name, series] : point.theories) add(name, *series);
  }
  return all;
}

struct Grid {
  const Table& table;
  std::vector<Dimension> axes;
  std::vector<Dimension> others;  ///< time, mode …: variables with the same values share one
};

/// The dimension of a name and values; the first of a name has the plain name, others a number behind it.
int shared_dimension(const File& file, Grid& grid, const std::string& base, const std::set<double>& values) {
  const std::vector<double> wanted(values.begin(), values.end());
  std::size_t same_name = 0;
  for (const Dimension& d : grid.others) {
    if (d.labels.empty() && d.values == wanted && (d.name == base || d.name.starts_with(base + "_"))) return d.id;
    same_name += d.name == base || d.name.starts_with(base + "_") ? 1 : 0;
  }
  grid.others.push_back({.name = same_name == 0 ? base : fmt::format("{}_{}", base, same_name + 1),
                         .labels = {},
                         .values = wanted,
                         .id = -1});
  define(file, grid.others.back());
  return grid.others.back().id;
}

void write_variable(const File& file, Grid& grid, const std::string& name, const Quantities& q) {
  std::vector<int> ids;
  std::size_t cells = 1;
  for (const Dimension& d : grid.axes) ids.push_back(d.id), cells *= d.size();
  const std::string own = safe_name(std::string(info(q.observable).dimension));
  if (q.times.size() > 1) ids.push_back(shared_dimension(file, grid, "time", q.times));
  if (!own.empty()) ids.push_back(shared_dimension(file, grid, own, q.coordinates));
  const std::vector<double> times(q.times.begin(), q.times.end()),
      coordinates(q.coordinates.begin(), q.coordinates.end());
  const std::size_t inner = times.size() * coordinates.size();
  std::vector<double> means(cells * inner, nan_value), errors(cells * inner, nan_value);
  for (const TablePoint& point : grid.table.points) {
    const Series* series = series_of(point, q.source);
    if (!series || series->members.empty()) continue;
    std::size_t at = 0;
    for (std::size_t a = 0; a < grid.axes.size(); ++a)
      at = at * grid.axes[a].size() + position(grid.table, point, grid.table.axes[a], grid.axes[a]);
    for (std::size_t t = 0; t < times.size(); ++t)
      for (std::size_t c = 0; c < coordinates.size(); ++c) {
        const Quantity number = mean_of_rows(*series, q.observable, times[t], coordinates[c]);
        if (!number.has_value()) continue;
        means[at * inner + t * coordinates.size() + c] = number.value;
        errors[at * inner + t * coordinates.size() + c] = estimate(number).standard_error;
      }
  }
  for (const auto& [suffix, values] :
       {std::pair{std::string(), &means}, std::pair{std::string("_standard_error"), &errors}}) {
    int variable = -1;
    require(
        nc_def_var(file.id(), (name + suffix).c_str(), NC_DOUBLE, static_cast<int>(ids.size()), ids.data(), &variable),
        name.c_str());
    require(nc_def_var_fill(file.id(), variable, NC_FILL, &nan_value), name.c_str());
    file.text(variable, "long_name",
              std::string(info(q.observable).sentence) + (suffix.empty() ? "" : " (standard error)"));
    file.text(variable, "source", q.source.empty() ? "measured" : q.source);
    require(nc_put_var_double(file.id(), variable, values->data()), name.c_str());
  }
}

}  // namespace

void write_netcdf(const Table& table, const std::string& name, const std::filesystem::path& path) {
  const File file(path);
  file.text(NC_GLOBAL, "title", name);
  file.text(NC_GLOBAL, "Conventions", "CF-1.8");
  Grid grid{table, {}, {}};
  for (const Axis& axis : table.axes) grid.axes.push_back(axis_dimension(table, axis));
  for (Dimension& d : grid.axes) define(file, d);
  for (const auto& [variable, q] : gather(table)) write_variable(file, grid, variable, q);
}

}  // namespace fieldscan::analysis
