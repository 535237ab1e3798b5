#include "map_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>

#include "../text/readable.hpp"
#include "../verdict/judge.hpp"
#include "ended_marks.hpp"

namespace fieldscan::analysis {
namespace {

/// Numbers in their order, words behind them as they came.
void sort_labels(std::vector<std::string>& labels) {
  const auto value = [](const std::string& label) {
    double v = std::numeric_limits<double>::infinity();
    std::from_chars(label.data(), label.data() + label.size(), v);
    return v;
  };
  std::ranges::stable_sort(labels, {}, value);
}

void add_once(std::vector<std::string>& labels, const std::string& label) {
  if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
}

int rank_of(const std::string& word) { return word == "fails" || word == "outside" ? 2 : word == "open" ? 1 : 0; }

/// What a mark looks like.
std::string_view look_of(CellNote::Mark mark) {
  if (mark == CellNote::Mark::fewer) return "A dot in a corner";
  return mark == CellNote::Mark::unsettled ? "A crossed circle in a corner" : "A cross";
}

bool lacks_some(const MapCell& cell) { return cell.basis.fewer() && !cell.basis.none(); }
bool lacks_all(const MapCell& cell) { return cell.basis.none(); }

/// A theory's claims are of no chains or networks.
UnsettledMarks unsettled_in(std::span<const Map> maps) {
  UnsettledMarks marks;
  for (const Map& map : maps)
    if (map.kind != Map::Kind::claims)
      for (const MapCell& cell : map.cells) marks.add(cell.unsettled);
  return marks;
}

/// Marked cells may be so many members short of settled ones that no verdict is given on them.
std::string words_of_unsettled(std::span<const Map> maps) {
  bool open = false;
  for (const Map& map : maps)
    open = open || std::ranges::any_of(map.cells, [](const auto& c) { return c.unsettled.any() && c.word == "open"; });
  return unsettled_in(maps).sentence("cell") + (open ? "; where they are too many the cell is open" : "");
}

/// "(2 of 9 cells)", of all maps.
std::string part_of(std::span<const Map> maps, bool (*is_marked)(const MapCell&)) {
  std::size_t count = 0, all = 0;
  for (const Map& map : maps) {
    all += map.cells.size();
    count += static_cast<std::size_t>(std::ranges::count_if(map.cells, is_marked));
  }
  return fmt::format("({})", part_words(count, all, "cell"));
}

/// The marks that maps have together.
std::vector<CellNote> notes_on(std::span<const Map> maps) {
  std::vector<CellNote> notes;
  bool fewer = false, none = false;
  Marks ends = 0;
  for (const Map& map : maps)
    for (const MapCell& cell : map.cells) {
      fewer = fewer || lacks_some(cell);
      none = none || lacks_all(cell);
      if (lacks_all(cell)) ends |= cell.basis.marks;
    }
  if (fewer) notes.push_back({CellNote::Mark::fewer, "fewer replicas than asked"});
  if (const UnsettledMarks marks = unsettled_in(maps); marks.count > 0)
    notes.push_back({CellNote::Mark::unsettled, std::string(marks.words())});
  if (none) notes.push_back({CellNote::Mark::none, std::string(words_of_none(ends))});
  return notes;
}

std::string plain_text(double value) {
  const double size = std::abs(value);
  return size >= 99.5 && size < 1e5 ? fmt::format("{:.0f}", value) : fmt::format("{:.2g}", value);
}

}  // namespace

double cell_unit(const Map& map) { return map.values == Map::Values::plain ? 1 : 100; }

std::string cell_text(const Map& map, double value) {
  if (map.values == Map::Values::plain) return readable(plain_text(value));
  const double shown = 100 * value, size = std::abs(shown);
  if (size < 0.05) return "0";
  const std::string text = size < 9.95 ? fmt::format("{:.1f}", shown) : plain_text(std::round(shown));
  return readable(map.values == Map::Values::change_in_percent && shown > 0 ? "+" + text : text);
}

std::vector<std::string_view> key_words(const Map& map) {
  if (std::ranges::all_of(map.cells, [](const MapCell& cell) { return cell.word.empty(); })) return {};
  if (map.kind == Map::Kind::claims) return {"inside", "outside", "open"};
  return {"holds", "fails", "open"};
}

std::string numbers_text(const Map& map) {
  return map.numbers.empty() || key_words(map).empty() ? map.numbers : "numbers: " + map.numbers;
}

std::string short_label(const std::string& label) {
  double value = 0;
  const char *begin = label.data(), *end = begin + label.size();
  const bool is_number = std::from_chars(begin, end, value).ptr == end;
  return is_number && label.size() > 5 ? fmt::format("{:.2g}", value) : label;
}

std::vector<CellNote> notes_of(const Map& map) { return notes_on({&map, 1}); }

std::string remark_on_cells(const std::vector<Map>& maps) {
  std::string text;
  for (const auto& [mark, words] : notes_on(maps)) {
    const std::string meaning =
        mark == CellNote::Mark::unsettled
            ? words_of_unsettled(maps)
            : part_of(maps, mark == CellNote::Mark::none ? lacks_all : lacks_some) + ": " + words;
    text += fmt::format("{}{} {}.", text.empty() ? "" : " ", look_of(mark), meaning);
  }
  return text;
}

bool is_word(const std::string& label) {
  double number = 0;
  return std::from_chars(label.data(), label.data() + label.size(), number).ec != std::errc{};
}

std::pair<double, double> range_of(const DrawnFigure& figure, const Map& map) {
  std::pair range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const Map& other : figure.maps) {
    if (other.kind != map.kind || other.values != map.values || other.numbers != map.numbers) continue;
    for (const MapCell& cell : other.cells)
      if (std::isfinite(cell.value)) range = {std::min(range.first, cell.value), std::max(range.second, cell.value)};
  }
  return range;
}

void finish(Map& map) {
  for (const MapCell& cell : map.cells) add_once(map.xs, cell.x), add_once(map.ys, cell.y);
  sort_labels(map.xs);
  sort_labels(map.ys);
}

bool is_ended(const Quantity& q) { return !q.has_value() && q.lack == Lack::no_numbers && q.basis.none(); }

MapCell cell_of(const Quantity& q, std::string x, std::string y) {
  const std::optional<Uncertainty> known = uncertainty_of(q);
  const Interval i = known ? known->interval : Interval{q.value, q.value};
  return {.x = std::move(x),
          .y = std::move(y),
          .value = q.value,
          .low = i.low,
          .high = i.high,
          .word = {},
          .basis = marked_basis(q),
          .no_interval = !known,
          .unsettled = unsettled_of(q)};
}

void put(Map& map, MapCell cell) {
  for (MapCell& other : map.cells)
    if (other.x == cell.x && other.y == cell.y) {
      const bool worse =
          std::pair(rank_of(cell.word), std::abs(cell.value)) > std::pair(rank_of(other.word), std::abs(other.value));
      if (worse || (!std::isfinite(other.value) && std::isfinite(cell.value))) other = std::move(cell);
      return;
    }
  map.cells.push_back(std::move(cell));
}

}  // namespace fieldscan::analysis
