#include "validity_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "../formula/sites.hpp"
#include "../formula/groups.hpp"
#include "../test/list.hpp"
#include "../verdict/judge.hpp"
#include "map_cells.hpp"
#include "slug.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t most_maps = 6;

/// The distance of an agreement at a site, as the test forms it: relative to the reference where the margin is.
Quantity distance_at(const Context& context, const scan::Test& test, const scan::Mentions& of,
                     const scan::Mentions& with, const std::string& theory, const Site& site) {
  const Pair pair = evaluate_pair(context, {of, site}, {with, site, theory});
  const std::array<Quantity, 2> parts{pair.a, pair.b};
  if (!test.within->relative) return difference(parts[0], parts[1]);
  if (parts[1].has_value() && parts[1].value == 0) return no_quantity("the reference is zero");
  return propagate([](std::span<const double> v) { return v[0] / v[1] - 1; }, parts, 1e-3);
}

/// One site: its labels along what varies, and its distance.
struct Compared {
  std::map<std::string, std::string> labels;
  MapCell cell;
};

std::vector<Compared> compare_all(const Context& context, const scan::Test& test) {
  scan::Test everywhere = test;
  everywhere.where = {};
  const Selection selection = selection_of(context, everywhere, test.of[0]);
  const bool theory = is_theory(*context.table, test.with.text);
  const scan::Mentions& of = selection.formulas[0];
  const scan::Mentions with = theory ? as_predicted(of, test.with.text) : context.resolve(test.with.text);
  std::vector<Compared> all;
  for (const Group& group : group_sites(context, select_sites(context, selection), {}, test.by))
    for (const Site& site : group.sites) {
      const Quantity d = distance_at(context, test, of, with, theory ? test.with.text : "", site);
      if (!d.has_value()) continue;
      const Finding finding = judge(d, {-test.within->value, test.within->value}, members_for_mean);
      Compared compared{.labels = group.key, .cell = cell_of(d, "", "")};
      compared.cell.word = finding.inside ? "holds" : finding.p < error_rate ? "fails" : "open";
      all.push_back(std::move(compared));
    }
  return all;
}

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
    if (map == maps.end())
      map = maps.insert(maps.end(), {.title = title, .xs = {}, .ys = {}, .cells = {}, .percent = false});
    MapCell cell = compared.cell;
    const auto x = compared.labels.find(names[0]), y = compared.labels.find(names[1]);
    if (x == compared.labels.end() || y == compared.labels.end()) continue;
    cell.x = x->second;
    cell.y = y->second;
    put(*map, std::move(cell));
  }
  std::erase_if(maps, [](const Map& map) { return map.cells.size() < 2; });
  for (Map& map : maps) finish(map);
  return maps;
}

std::string tally(const std::vector<Compared>& all) {
  const auto count = [&](const char* word) {
    return std::ranges::count_if(all, [&](const Compared& c) { return c.cell.word == word; });
  };
  return fmt::format("Of {} comparisons {} hold, {} fail, {} are open; each by its own 95 % interval.", all.size(),
                     count("holds"), count("fails"), count("open"));
}

/// Whether two tests compare the same, whatever they select.
bool same_comparison(const scan::Test& a, const scan::Test& b) {
  return a.kind == b.kind && a.of[0].text == b.of[0].text && a.with.text == b.with.text && a.within == b.within &&
         a.at == b.at;
}

bool compares(const Context& context, const scan::Test& test) {
  return test.kind == scan::Test::Kind::agreement && !test.with.empty() && test.within &&
         mentions_measurement(context.resolve(test.of[0].text));
}

DrawnFigure validity_map(const scan::Test& test, const std::vector<Compared>& all,
                         const std::vector<std::string>& names) {
  DrawnFigure figure;
  figure.name =
      fmt::format("where {} agrees with {} within {}", test.of[0].text, test.with.text, text_of(*test.within));
  figure.x_label = short_of(names[0]);
  figure.y_label = short_of(names[1]);
  figure.maps = maps_of(all, names);
  figure.caption = tally(all) + (test.within->relative ? " Numbers: difference in per cent." : " Numbers: difference.");
  if (figure.maps.size() > most_maps) {
    figure.caption += fmt::format(" {} more maps are not drawn.", figure.maps.size() - most_maps);
    figure.maps.resize(most_maps);
  }
  for (Map& map : figure.maps) map.percent = test.within->relative;
  return figure;
}

}  // namespace

std::vector<DrawnFigure> validity_maps(const Context& context, const std::vector<scan::Test>& tests,
                                       std::vector<std::string>& taken) {
  std::vector<std::pair<const scan::Test*, std::vector<Compared>>> chosen;
  for (const scan::Test& test : tests) {
    if (!compares(context, test)) continue;
    std::vector<Compared> all = compare_all(context, test);
    const auto same =
        std::ranges::find_if(chosen, [&](const auto& other) { return same_comparison(*other.first, test); });
    if (same == chosen.end())
      chosen.emplace_back(&test, std::move(all));
    else if (all.size() > same->second.size())  // at all times rather than at the end
      *same = {&test, std::move(all)};
  }
  std::vector<DrawnFigure> figures;
  for (const auto& [test, all] : chosen) {
    const std::vector<std::string> names = varying(all);
    if (names.size() < 2) continue;
    DrawnFigure figure = validity_map(*test, all, names);
    if (figure.empty()) continue;
    figure.slug = slug_of(figure.name, taken);
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace fieldscan::analysis
