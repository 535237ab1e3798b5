#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// A cell without blanks around it, and without quotes: spreadsheets quote numbers too.
std::string_view content(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = trimmed(cell.substr(1, cell.size() - 2));
  return cell;
}

std::optional<double> number(std::string_view cell) {
  cell = content(cell);
  if (!cell.empty() && cell.front() == '+') cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t from = 0; from <= line.size();) {
    const std::size_t to = std::min(line.find(',', from), line.size());
    cells.push_back(line.substr(from, to - from));
    from = to + 1;
  }
  return cells;
}

// 0,1,2,…: what pandas writes where columns have no names.
bool counts_columns(const std::vector<std::string_view>& cells) {
  for (std::size_t k = 0; k < cells.size(); ++k)
    if (content(cells[k]) != std::to_string(k)) return false;
  return true;
}

[[noreturn]] void ask(const std::string& path, std::size_t line, const std::string& why) {
  throw EnvironmentError(
      fmt::format("{}:{}: {}; say which: `data.input.header: true` (its first line names the columns) "
                  "or `false` (it is a row)",
                  path, line, why));
}

// Whether the first line of a table names its columns; refused where that can be meant either way.
bool is_header(const std::vector<std::string_view>& cells, std::string_view line, const std::string& path,
               std::size_t line_number) {
  if (line.front() == '#') return true;  // a comment, as numpy.savetxt writes it
  const auto numbers = std::ranges::count_if(cells, [](std::string_view cell) { return number(cell).has_value(); });
  const auto all = static_cast<std::ptrdiff_t>(cells.size());
  if (numbers == 0) {
    if (cells.size() == 1 || std::ranges::any_of(cells, [](std::string_view c) { return !content(c).empty(); })) {
      if (cells.size() > 1 && content(cells[0]).empty())
        ask(path, line_number,
            "the first column has no name: is it an index that was written with the table? (leave it out: pandas' "
            "index=False, R's row.names=FALSE)");
      return true;
    }
    ask(path, line_number, "the line has no content");
  }
  if (numbers < all) {
    const auto bad = std::ranges::find_if(cells, [](std::string_view cell) { return !number(cell); });
    ask(path, line_number,
        fmt::format("column {} ('{}') is not a finite number, and others are", bad - cells.begin() + 1,
                    shown(content(*bad))));
  }
  if (line.find('"') != std::string_view::npos) ask(path, line_number, "its numbers are in quotes");
  if (cells.size() > 1 && counts_columns(cells))
    ask(path, line_number,
        fmt::format("the line counts 0, 1, … {}: names that pandas gives to columns, or a row?", cells.size() - 1));
  return false;
}

// The numbers of a row are appended.
void parse_row(std::string_view line, const std::string& path, std::size_t line_number, std::size_t columns,
               std::vector<double>& row) {
  row.clear();
  const auto cells = cells_of(line);
  if (cells.size() != columns || columns < 2) {
    const bool other = cells.size() == 1 && line.find_first_of("; \t") != std::string_view::npos;
    throw EnvironmentError(fmt::format(
        "{}:{}: {} columns where {} are expected (every row: the inputs, then the label){}", path, line_number,
        cells.size(), std::max<std::size_t>(columns, 2), other ? "; separate numbers by commas" : ""));
  }
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const auto value = number(cells[k]);
    if (!value)
      throw EnvironmentError(
          fmt::format("{}:{}: column {} ('{}') is not a finite number; leave such rows out or replace them, and "
                      "separate numbers by commas",
                      path, line_number, k + 1, shown(content(cells[k]))));
    row.push_back(*value);
  }
}

void check_encoding(std::string_view text, const std::string& path) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw EnvironmentError(path + ": is a text in UTF-16; save it as UTF-8");
}

}  // namespace

CsvTable parse_csv(std::string_view text, const std::string& path, Header header) {
  check_encoding(text, path);
  CsvTable out;
  const bool marked = text.starts_with(byte_order_mark);
  if (marked) text.remove_prefix(byte_order_mark.size());
  std::vector<double> values, row;
  std::size_t columns = 0, names = 0;
  bool first = true;
  for (std::size_t from = 0, line_number = 1; from < text.size(); ++line_number) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    const std::string_view line = trimmed(text.substr(from, to - from));
    from = to + 1;
    if (line.empty()) continue;
    if (std::exchange(first, false)) {
      const auto cells = cells_of(line);
      if (header == Header::yes || (header == Header::automatic && is_header(cells, line, path, line_number))) {
        out.header = shown(line);
        out.header_line = line_number;
        if (header == Header::automatic && cells.size() > 1 && line.front() != '#') names = cells.size();
        continue;
      }
      out.marked_row = marked && header == Header::automatic;
    }
    if (columns == 0) columns = cells_of(line).size();
    if (names != 0 && names != columns)
      ask(path, out.header_line, fmt::format("the line has {} cells where the rows have {}", names, columns));
    parse_row(line, path, line_number, columns, row);
    values.insert(values.end(), row.begin(), row.end() - 1);
    out.table.label.push_back(row.back());
  }
  if (out.table.label.empty())
    throw EnvironmentError(path + ": has no rows of numbers" + (out.header.empty() ? "" : " behind its header") +
                           "; check `data.input.path`");
  out.table.rows = static_cast<Index>(out.table.label.size());
  out.table.dimension = static_cast<int>(columns - 1);
  out.table.values = std::move(values);
  return out;
}

}  // namespace fieldscan::data
