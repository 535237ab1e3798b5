#include "fieldscan/analysis/verdict/validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <set>

#include "../text/number.hpp"

namespace fieldscan::analysis {
namespace {

using Key = std::map<std::string, std::string>;
using Part = TestResult::Part;

std::optional<double> value_of(const std::string& label) {
  double value = 0;
  const char* end = label.data() + label.size();
  return std::from_chars(label.data(), end, value).ptr == end ? std::optional(value) : std::nullopt;
}

/// The last word of an axis' path, where no other axis ends with it.
std::string short_name(const std::string& path, const std::vector<std::string>& axes) {
  const std::string word = path.substr(path.rfind('.') + 1);
  const auto ends_so = [&](const std::string& axis) { return axis.substr(axis.rfind('.') + 1) == word; };
  return std::ranges::count_if(axes, ends_so) > 1 ? path : word;
}

/// Contradicted beats undecided beats supported: a cell holds where all of its statements do.
Verdict worse(Verdict a, Verdict b) {
  const auto rank = [](Verdict v) { return v == Verdict::contradicted ? 2 : v == Verdict::undecided ? 1 : 0; };
  return rank(a) >= rank(b) ? a : b;
}

/// The axes along which the parts differ: the numeric ones first, of these the one with the most values.
std::vector<std::string> varying_axes(const std::vector<Part>& parts) {
  std::map<std::string, std::set<std::string>> labels;
  for (const Part& part : parts)
    for (const auto& [axis, label] : part.key) labels[axis].insert(label);
  std::vector<std::string> axes;
  for (const auto& [axis, values] : labels)
    if (values.size() > 1) axes.push_back(axis);
  std::ranges::stable_sort(axes, std::greater{}, [&](const std::string& axis) { return labels[axis].size(); });
  std::stable_partition(axes.begin(), axes.end(), [&](const std::string& axis) {
    return std::ranges::all_of(labels[axis], [](const std::string& label) { return value_of(label).has_value(); });
  });
  return axes;
}

using VerdictLine = std::map<double, Verdict>;

/// "width ≥ 512", "width ≤ 64", "width = 128, 256", "all width": where along one axis a verdict was given.
std::string range_of(const std::string& axis, const VerdictLine& line, Verdict verdict) {
  std::vector<double> values;
  for (const auto& [x, v] : line)
    if (v == verdict) values.push_back(x);
  if (values.empty()) return "";
  if (values.size() == line.size()) return "all " + axis;
  const auto position = [&](double x) { return std::distance(line.begin(), line.find(x)); };
  const bool together =
      position(values.back()) - position(values.front()) + 1 == static_cast<std::ptrdiff_t>(values.size());
  if (together && values.back() == line.rbegin()->first) return fmt::format("{} ≥ {}", axis, number(values.front()));
  if (together && values.front() == line.begin()->first) return fmt::format("{} ≤ {}", axis, number(values.back()));
  std::string text = axis + " = ";
  for (std::size_t k = 0; k < values.size(); ++k) text += (k ? ", " : "") + number(values[k]);
  return text;
}

std::string sentence(const std::string& axis, const VerdictLine& line) {
  std::string text;
  for (const auto& [verdict, word] : {std::pair{Verdict::supported, "holds for"},
                                      {Verdict::contradicted, "fails for"},
                                      {Verdict::undecided, "open for"}})
    if (const std::string range = range_of(axis, line, verdict); !range.empty())
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", word, range);
  return text;
}

}  // namespace

std::string validity_domain(const TestResult& result) {
  constexpr std::size_t most_lines = 4;
  const std::vector<std::string> axes = varying_axes(result.parts);
  if (axes.empty()) return "";
  const std::string& along = axes.front();
  std::map<Key, VerdictLine> lines;
  for (const Part& part : result.parts) {
    Key rest;
    for (const std::string& axis : axes)
      if (axis != along)
        if (const auto found = part.key.find(axis); found != part.key.end())
          rest[short_name(axis, axes)] = found->second;
    const auto label = part.key.find(along);
    const auto x = label == part.key.end() ? std::nullopt : value_of(label->second);
    if (!x) return "";
    const auto [entry, is_new] = lines[rest].try_emplace(*x, part.verdict);
    if (!is_new) entry->second = worse(entry->second, part.verdict);
  }
  if (lines.size() > most_lines) return "";
  std::string text;
  for (const auto& [rest, line] : lines) {
    std::string at;
    for (const auto& [axis, label] : rest) at += fmt::format("{}{} = {}", at.empty() ? "at " : ", ", axis, label);
    text += (text.empty() ? "" : "; ") + at + (at.empty() ? "" : " ") + sentence(short_name(along, axes), line);
  }
  return text;
}

ValidityMap validity_map(const TestResult& result, const std::string& x_axis, const std::string& y_axis) {
  ValidityMap map{.x_axis = x_axis, .y_axis = y_axis, .x = {}, .y = {}, .cells = {}};
  std::map<std::pair<std::string, std::string>, Verdict> cells;
  for (const Part& part : result.parts) {
    const auto x = part.key.find(x_axis), y = part.key.find(y_axis);
    if (x == part.key.end() || y == part.key.end()) continue;
    const auto [entry, is_new] = cells.try_emplace({x->second, y->second}, part.verdict);
    if (!is_new) entry->second = worse(entry->second, part.verdict);
    for (auto [list, label] : {std::pair{&map.x, x->second}, {&map.y, y->second}})
      if (std::ranges::find(*list, label) == list->end()) list->push_back(label);
  }
  const auto by_value = [](const std::string& label) {
    return value_of(label).value_or(std::numeric_limits<double>::infinity());
  };
  std::ranges::stable_sort(map.x, {}, by_value);
  std::ranges::stable_sort(map.y, {}, by_value);
  for (const std::string& y : map.y) {
    map.cells.emplace_back();
    for (const std::string& x : map.x) {
      const auto found = cells.find({x, y});
      map.cells.back().push_back(found == cells.end() ? std::nullopt : std::optional(found->second));
    }
  }
  return map;
}

}  // namespace fieldscan::analysis
