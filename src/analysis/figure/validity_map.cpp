#include "validity_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "../test/shared.hpp"
#include "../text/axis_words.hpp"
#include "compared.hpp"
#include "map_cells.hpp"
#include "slug.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t most_maps = 6;

/// What varies among the comparisons, most values first.
std::vector<std::string> varying(const std::vector<Compared>& all) {
  std::map<std::string, std::set<std::string>> values;
  for (const Compared& c : all)
    for (const auto& [name, label] : c.labels) values[name].insert(label);
  std::vector<std::string> names;
  for (const auto& [name, labels] : values)
    if (labels.size() > 1) names.push_back(name);
  std::ranges::stable_sort(names, std::greater{}, [&](const std::string& name) { return values[name].size(); });
  return names;
}

std::string short_of(const std::string& name) { return name.substr(name.rfind('.') + 1); }

std::vector<Map> maps_of(const std::vector<Compared>& all, const std::vector<std::string>& names) {
  std::vector<Map> maps;
  for (const Compared& compared : all) {
    std::string title;
    for (std::size_t k = 2; k < names.size(); ++k)
      if (const auto label = compared.labels.find(names[k]); label != compared.labels.end())
        title += fmt::format("{}{} = {}", title.empty() ? "" : ", ", short_of(names[k]), label->second);
    auto map = std::ranges::find(maps, title, &Map::title);
    if (map == maps.end()) map = maps.insert(maps.end(), {.title = title, .xs = {}, .ys = {}, .cells = {}});
    MapCell cell = compared.cell;
    const auto x = compared.labels.find(names[0]), y = compared.labels.find(names[1]);
    if (x == compared.labels.end() || y == compared.labels.end()) continue;
    cell.x = x->second;
    cell.y = y->second;
    put(*map, std::move(cell));
  }
  std::erase_if(maps, [](const Map& map) { return map.cells.size() < 2; });
  for (Map& map : maps) finish(map);
  // Learning rates at all times share few of them: such a map would be diagonals among empty cells.
  std::erase_if(maps, [](const Map& map) { return 2 * map.cells.size() < map.xs.size() * map.ys.size(); });
  return maps;
}

std::string tally(const std::vector<Compared>& all) {
  const auto count = [&](const char* word) {
    return std::ranges::count_if(all, [&](const Compared& c) { return c.cell.word == word; });
  };
  const auto without = count("");
  return fmt::format("Of {} comparisons {} hold, {} fail, {} are open{}; those of the test as it says, others alike.",
                     std::ssize(all) - without, count("holds"), count("fails"), count("open"),
                     without == 0 ? "" : fmt::format(", {} more have no number", without));
}

/// Whether two tests compare the same, whatever they select.
bool same_comparison(const Comparison& a, const Comparison& b) {
  return a.test.of[0].text == b.test.of[0].text && a.kind.with.text == b.kind.with.text &&
         a.kind.within == b.kind.within && a.kind.at == b.kind.at;
}

/// The agreement of a measurement with a reference, within a margin; nullptr for other tests.
const scan::Agreement* agreement_of(const Context& context, const scan::Test& test) {
  const auto* kind = std::get_if<scan::Agreement>(&test.kind);
  const bool compares = kind && !kind->with.empty() && kind->within;
  return compares && mentions_measurement(context.resolve(test.of[0].text)) ? kind : nullptr;
}

DrawnFigure validity_map(const Comparison& c, const std::vector<Compared>& all, const std::vector<std::string>& names) {
  DrawnFigure figure;
  figure.name =
      fmt::format("where {} agrees with {} within {}", c.test.of[0].text, c.kind.with.text, text_of(*c.kind.within));
  figure.x_label = axis_words(names[0]);
  figure.y_label = axis_words(names[1]);
  figure.maps = maps_of(all, names);
  figure.caption =
      tally(all) + (c.kind.within->relative ? " Numbers: difference in per cent." : " Numbers: difference.");
  if (figure.maps.size() > most_maps) {
    figure.caption += fmt::format(" {} more maps are not drawn.", figure.maps.size() - most_maps);
    figure.maps.resize(most_maps);
  }
  for (Map& map : figure.maps) {
    if (c.kind.within->relative) map.values = Map::Values::change_in_percent;
    map.numbers = c.kind.within->relative ? "difference in %" : "difference";
  }
  if (const std::string remark = remark_on_cells(figure.maps); !remark.empty()) figure.caption += " " + remark;
  return figure;
}

}  // namespace

std::vector<DrawnFigure> validity_maps(const Context& context, const std::vector<scan::Test>& tests,
                                       std::vector<std::string>& taken) {
  struct Chosen {
    const scan::Test* test;
    const scan::Agreement* kind;
    std::vector<Compared> all;
    Comparison comparison() const { return {*test, *kind}; }
  };
  std::vector<Chosen> chosen;
  for (const scan::Test& test : tests) {
    const scan::Agreement* kind = agreement_of(context, test);
    if (!kind) continue;
    std::vector<Compared> all = compare_all(context, {test, *kind});
    const auto same = std::ranges::find_if(chosen, [&](const Chosen& other) {
      return same_comparison(other.comparison(), {test, *kind});
    });
    if (same == chosen.end())
      chosen.push_back({&test, kind, std::move(all)});
    else if (all.size() > same->all.size())  // at all times rather than at the end
      *same = {&test, kind, std::move(all)};
  }
  std::vector<DrawnFigure> figures;
  for (const Chosen& one : chosen) {
    const std::vector<std::string> names = varying(one.all);
    if (names.size() < 2) continue;
    DrawnFigure figure = validity_map(one.comparison(), one.all, names);
    if (figure.empty()) continue;
    figure.slug = slug_of(figure.name, taken);
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace fieldscan::analysis
