#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>

#include "../master/tally.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/points/field_values.hpp"
#include "fieldscan/scan/points/names.hpp"

namespace fieldscan::campaign {

namespace point_list {
namespace {

using Condition = std::function<bool(const scan::Point&)>;

Condition condition_of(const scan::Scan& scan, const std::string& text) {
  if (text.empty()) return [](const scan::Point&) { return true; };
  try {
    const scan::Mentions mentions = scan::condition(scan, text);
    for (const scan::ResolvedName& name : mentions.atoms)
      if (name.kind != scan::ResolvedName::Kind::field)
        throw EnvironmentError(fmt::format(
            "'{}' is no field of a point: conditions are of fields, \"width == 32 && train_size == 16\"", name.text));
    return [mentions](const scan::Point& point) {
      std::vector<scan::AxisValue> values;
      for (const scan::ResolvedName& name : mentions.atoms) {
        const scan::AxisValue* value = scan::find_value(point, name.name);
        if (!value) return false;
        values.push_back(*value);
      }
      return mentions.expression.evaluate(std::span<const scan::AxisValue>(values)) == 1;
    };
  } catch (const scan::ExpressionError& error) {
    throw EnvironmentError(
        fmt::format("'{}': {}{}{}", text, error.what(), error.help().empty() ? "" : "; ", error.help()));
  }
}

std::vector<std::string> paths_of(const scan::Mentions& condition) {
  std::vector<std::string> paths;
  for (const scan::ResolvedName& name : condition.atoms) paths.push_back(name.name);
  return paths;
}

/// The values of the fields of a condition.
scan::FieldValues values_of(const scan::Scan& scan, const scan::Mentions& condition) {
  scan::FieldValues values(paths_of(condition));
  scan.for_each_point([&](const scan::Point& point) {
    values.see(point);
    return true;
  });
  return values;
}

/// A misspelt word under != is true of every point.
void refuse_misspelt(const scan::Scan& scan, const std::string& text) {
  if (text.find('\'') == std::string::npos) return;
  const scan::Mentions condition = scan::mentions(scan, text);
  const auto unknown =
      values_of(scan, condition).unknown(scan::compared_words(condition.expression, paths_of(condition)));
  if (unknown && unknown->misspelt)
    throw EnvironmentError(fmt::format("'{}': {}; {}", text, unknown->message, unknown->help));
}

std::string value_text(const scan::AxisValue& value) {
  const auto* number = std::get_if<double>(&value);
  return number ? shortest(*number) : std::get<std::string>(value);
}

/// "96/96 done", "3/96 done, 2 diverged, 91 left".
std::string state_text(const Tally& tally) {
  if (tally.wanted == 0) return "nothing to compute";
  std::string text = fmt::format("{}/{} done", tally.done(), tally.wanted);
  for (std::size_t k = 1; k < tally.by_outcome.size(); ++k)
    if (tally.by_outcome[k] > 0) text += fmt::format(", {} {}", tally.by_outcome[k], word_of(static_cast<Outcome>(k)));
  if (tally.missing > 0) text += fmt::format(", {} left", tally.missing);
  return text;
}

/// So many letters of the ids that no two are the same, eight at least.
std::size_t letters_of(const std::vector<PointTally>& points) {
  std::vector<std::string> ids;
  for (const PointTally& point : points) ids.push_back(point.point.id.hex());
  std::ranges::sort(ids);
  std::size_t letters = 8;
  for (std::size_t k = 1; k < ids.size(); ++k) {
    const auto differ = std::ranges::mismatch(ids[k - 1], ids[k]).in1 - ids[k - 1].begin();
    letters = std::max(letters, static_cast<std::size_t>(differ) + 1);
  }
  return letters;
}

/// Columns that are as wide as what stands in them.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t k = 0; k < row.size(); ++k)
      text += k + 1 < row.size() ? fmt::format("{:<{}}  ", row[k], widths[k]) : row[k];
    text += "\n";
  }
  return text;
}

}  // namespace
}  // namespace point_list

std::vector<Id> points_where(const scan::Scan& scan, const std::string& condition) {
  const auto holds = point_list::condition_of(scan, condition);
  std::vector<Id> ids;
  try {
    scan.for_each_point([&](const scan::Point& point) {
      if (holds(point)) ids.push_back(point.id);
      return true;
    });
  } catch (const scan::ExpressionError& error) {
    throw EnvironmentError(
        fmt::format("'{}': {}{}{}", condition, error.what(), error.help().empty() ? "" : "; ", error.help()));
  }
  point_list::refuse_misspelt(scan, condition);
  if (!ids.empty()) return ids;
  const std::string values = point_list::values_of(scan, scan::mentions(scan, condition)).text();
  throw EnvironmentError(fmt::format("no point fulfils '{}'{}{}", condition, values.empty() ? "" : ": ", values));
}

std::string points_text(const scan::Scan& scan, const store::Store& store, const std::string& condition) {
  const std::vector<Id> chosen = points_where(scan, condition);
  const std::vector<PointTally> points = tally_points(scan, store);
  const std::size_t letters = point_list::letters_of(points);
  std::vector<std::string> paths;
  for (const scan::BlockInfo& block : scan.blocks())
    for (const auto& axis : block.axes)
      if (std::ranges::find(paths, axis.path) == paths.end()) paths.push_back(axis.path);
  std::vector<std::vector<std::string>> rows(1);
  rows[0].emplace_back("id");
  for (const std::string& path : paths) rows[0].push_back(path);
  rows[0].emplace_back("state");
  for (const auto& [point, members] : points) {
    if (std::ranges::find(chosen, point.id) == chosen.end()) continue;
    std::vector<std::string> row{point.id.hex().substr(0, letters)};
    for (const std::string& path : paths) {
      const scan::AxisValue* value = scan::find_value(point, path);
      row.push_back(value ? point_list::value_text(*value) : "-");
    }
    row.push_back(point_list::state_text(members));
    rows.push_back(std::move(row));
  }
  return printable(point_list::aligned(rows));
}

}  // namespace fieldscan::campaign
