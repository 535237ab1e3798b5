#include "fieldscan/scan/points/field_values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/points/names.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::size_t most_kept = 1000, most_shown = 6;

std::string shown_value(const AxisValue& value) {
  const double* number = std::get_if<double>(&value);
  return number ? shortest(*number) : fmt::format("'{}'", std::get<std::string>(value));
}

/// "16, 32 or 64"; of many "16, 32, 48, … or 1024".
std::string shown_values(const std::vector<AxisValue>& values) {
  std::vector<std::string> words;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const bool hidden = values.size() > most_shown && k >= most_shown / 2 && k + 1 < values.size();
    if (!hidden) words.push_back(shown_value(values[k]));
    if (hidden && k == most_shown / 2) words.emplace_back("…");
  }
  return join_or(std::vector<std::string_view>(words.begin(), words.end()));
}

}  // namespace

FieldValues::FieldValues(const std::vector<std::string>& paths) {
  for (const std::string& path : paths)
    if (std::ranges::find(fields_, path, &Field::path) == fields_.end()) fields_.push_back({.path = path});
}

void FieldValues::see(const Point& point) {
  for (Field& field : fields_) {
    const AxisValue* value = find_value(point, field.path);
    if (!value) continue;
    const auto at = std::ranges::lower_bound(field.values, *value);
    if (at != field.values.end() && *at == *value) continue;
    if (field.values.size() < most_kept) field.values.insert(at, *value);
  }
}

std::string FieldValues::text() const {
  std::string text;
  for (const Field& field : fields_) {
    const std::string values = field.values.empty() ? "at no point" : shown_values(field.values);
    text += fmt::format("{}{} is {}", text.empty() ? "" : "; ", field.path, values);
  }
  return text;
}

}  // namespace fieldscan::scan
