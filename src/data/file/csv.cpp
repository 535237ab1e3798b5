#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<double> number(std::string_view cell) {
  cell = trimmed(cell);
  if (!cell.empty() && cell.front() == '+') cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// The numbers of a line; the position of the first cell that is none, counted from 1, in `bad`.
std::vector<double> parse_line(std::string_view line, std::size_t& bad) {
  std::vector<double> values;
  bad = 0;
  for (std::size_t from = 0, column = 1; from <= line.size(); ++column) {
    const std::size_t to = std::min(line.find(',', from), line.size());
    const auto value = number(line.substr(from, to - from));
    if (!value && bad == 0) bad = column;
    values.push_back(value.value_or(0));
    from = to + 1;
  }
  return values;
}

}  // namespace

Table parse_csv(const std::string& text, const std::string& path) {
  Table table;
  std::vector<double> values;
  std::size_t line_number = 0, columns = 0, bad = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    const std::string_view line = trimmed(std::string_view(text).substr(from, to - from));
    from = to + 1;
    if (++line_number; line.empty()) continue;
    const std::vector<double> cells = parse_line(line, bad);
    if (bad == 1 && table.rows == 0 && line_number == 1) continue;  // names of the columns
    if (bad != 0)
      throw EnvironmentError(
          fmt::format("{}:{}: column {} is not a finite number; separate numbers by commas", path, line_number, bad));
    if (columns == 0) columns = cells.size();
    if (cells.size() != columns || columns < 2)
      throw EnvironmentError(
          fmt::format("{}:{}: {} columns where {} are expected (every row: the inputs, then the label)", path,
                      line_number, cells.size(), std::max<std::size_t>(columns, 2)));
    values.insert(values.end(), cells.begin(), cells.end() - 1);
    table.label.push_back(cells.back());
    ++table.rows;
  }
  if (table.rows == 0) throw EnvironmentError(path + ": has no rows of numbers; check `data.input.path`");
  table.dimension = static_cast<int>(columns - 1);
  table.values = std::move(values);
  return table;
}

}  // namespace fieldscan::data
