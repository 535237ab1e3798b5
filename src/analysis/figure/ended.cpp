#include "ended.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "map_cells.hpp"

namespace fieldscan::analysis {

namespace ended {
namespace {

constexpr std::size_t most_abscissas = 8;
constexpr std::string_view anywhere = "anywhere";

/// "3, 4.5, 9"; of many the first, the last and how many.
std::string list_of(const std::set<double>& abscissas) {
  if (abscissas.size() > most_abscissas)
    return fmt::format("{:.4g} … {:.4g} ({} values)", *abscissas.begin(), *abscissas.rbegin(), abscissas.size());
  std::vector<std::string> words;
  for (const double x : abscissas) words.push_back(fmt::format("{:.4g}", x));
  return fmt::format("{}", fmt::join(words, ", "));
}

/// "all 12 replicas diverged" of "no numbers: all 12 replicas diverged".
std::string cause_of(const std::string& problem) {
  constexpr std::string_view head = "no numbers: ";
  return problem.starts_with(head) ? problem.substr(head.size()) : problem;
}

}  // namespace
}  // namespace ended

void Ended::add(const Along& along, const std::string& name) {
  const bool any = std::ranges::any_of(along.numbers, [](const auto& n) { return n.y.has_value(); });
  std::map<std::string, std::set<double>> abscissas;
  for (const Along::Number& number : along.numbers) {
    if (!is_ended(number.y)) continue;
    std::set<double>& xs = abscissas[ended::cause_of(number.y.problem)];
    if (number.placed) xs.insert(number.x);
  }
  for (const auto& [cause, xs] : abscissas) {
    std::string& places = places_[cause];
    if (!places.empty()) places += "; ";
    if (!xs.empty() && (any || abscissas.size() > 1))
      places += fmt::format("{}{}at {} = {}", name, name.empty() ? "" : " ", versus_, ended::list_of(xs));
    else
      places += name.empty() ? std::string(ended::anywhere) : name;  // along time it has no abscissa
  }
}

void Ended::tell(Panel& panel, const std::string& quantity) const {
  for (const auto& [cause, places] : places_) {
    std::string where = panel.title;
    if (where.empty() || places != ended::anywhere) where += (where.empty() ? "" : ": ") + places;
    panel.add_remark(fmt::format("No numbers{}{}: {} ({})", quantity.empty() ? "" : " of ", quantity, where, cause));
  }
}

std::string words_of_no_panel(const Panel& panel) {
  if (panel.remarks.empty()) return "";
  const std::string head = panel.title.empty() ? "" : fmt::format("There is no panel of {}. ", panel.title);
  return fmt::format("{}{}.", head, fmt::join(panel.remarks, ". "));
}

}  // namespace fieldscan::analysis
