#include "methods_settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>

namespace fieldscan::analysis {

namespace methods_settings {
namespace {

std::pair<double, std::string_view> size_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool number = error == std::errc() && end == text.data() + text.size();
  return {number ? value : std::numeric_limits<double>::infinity(), text};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Without "@2": the revision of a kind, which names no number in a paper.
std::string without_revisions(const std::string& text) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '@' && k + 1 < text.size() && is_digit(text[k + 1]))
      while (k + 1 < text.size() && is_digit(text[k + 1])) ++k;
    else
      out += text[k];
  }
  return out;
}

}  // namespace
}  // namespace methods_settings

bool BySize::operator()(const std::string& a, const std::string& b) const {
  return methods_settings::size_of(a) < methods_settings::size_of(b);
}

std::string plain_value(const std::string& canonical) {
  const std::string text = methods_settings::without_revisions(canonical);
  const bool list = text.size() > 1 && text.front() == '[' && text.back() == ']';
  const bool map = text.size() > 1 && text.front() == '{' && text.back() == '}';
  if (!list && !map) return text;
  std::string inside = text.substr(1, text.size() - 2), out;
  if (inside.ends_with(',')) inside.pop_back();
  if (list && inside.find_first_of(",[{") == std::string::npos) return inside;
  for (std::size_t k = 0; k < inside.size(); ++k) {
    out += inside[k];
    const bool parts = inside[k] == ',' || (map && inside[k] == ':');
    if (parts && k + 1 < inside.size() && inside[k + 1] != ' ') out += ' ';
  }
  return text.front() + out + text.back();
}

std::map<std::string, Settings> settings_of(const Table& table, std::map<std::string, std::size_t>& points) {
  std::map<std::string, Settings> by_trainer;
  for (const TablePoint& point : table.points) {
    const std::string trainer(kind_of(point.point.spec.training));
    ++points[trainer];
    std::istringstream lines(scan::point_text(point.point.spec));
    for (std::string line; std::getline(lines, line);) {
      const auto equals = line.find('=');
      if (equals == std::string::npos || line.starts_with("seed")) continue;
      const std::string path = line.substr(0, equals);
      const bool is_axis = std::ranges::any_of(
          table.axes, [&](const Axis& axis) { return path == axis.path || path.starts_with(axis.path + "."); });
      if (!is_axis) by_trainer[trainer][path].insert(plain_value(line.substr(equals + 1)));
    }
    for (const Axis& axis : table.axes)
      if (const std::string label = axis_label(table, point, axis.path); !label.empty())
        by_trainer[trainer][axis.path].insert(plain_value(label));
  }
  return by_trainer;
}

std::string setting_text(const std::string& path, const SettingValues& values) {
  constexpr std::size_t most = 6;
  if (values.size() <= most) return fmt::format("{} = {}", path, fmt::join(values, " | "));
  return fmt::format("{} of {} values from {} to {}", path, values.size(), *values.begin(), *values.rbegin());
}

}  // namespace fieldscan::analysis
