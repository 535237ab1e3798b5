#include "regions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "../quantity/observed.hpp"
#include "../verdict/judge.hpp"
#include "map.hpp"
#include "map_cells.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::string_view measured_words = ": measured", claimed_words = ": by its validity";

/// A distance, or of predictors its square, and how many members it takes.
struct Distance {
  Quantity quantity;
  bool square = false;
  std::int64_t needed = members_for_fit;
};

Distance distance_of(const Context& context, const Wish& wish, const scan::Regions& kind, const std::string& theory,
                     const Site& site) {
  const auto ratio = [](const Quantity& a, const Quantity& b, double less) {
    const std::array<Quantity, 2> parts{a, b};
    if (b.has_value() && b.value == 0) return no_quantity("the reference is zero");
    return propagate([less](std::span<const double> v) { return v[0] / v[1] - less; }, parts, 1e-3);
  };
  if (wish.of == "predictor") {
    const TablePoint& point = context.table->points.at(site.point);
    const Quantity square = squared_deviation(point, theory, site);
    return {kind.within->relative ? ratio(square, squared_size(point, site), 0) : square, true};
  }
  const scan::Mentions reference = as_predicted(wish.plot, theory);
  const Pair pair = evaluate_pair(context, {wish.plot, site}, {reference, site, theory});
  const std::int64_t needed =
      std::max(members_needed(wish.plot, members_for_mean), members_needed(reference, members_for_mean));
  return {kind.within->relative ? ratio(pair.a, pair.b, 1) : difference(pair.a, pair.b), false, needed};
}

/// The word of a distance, and its numbers: known by the rule of tests (judge), so that a cell holds where the
/// statement of an agreement within the same margin does.
MapCell judged(const Distance& distance, double margin) {
  const Quantity& q = distance.quantity;
  MapCell cell = cell_of(q, "", "");
  const double bound = distance.square ? margin * margin : margin;
  const Finding finding = judge(q, {-bound, bound}, distance.needed);
  if (finding.inside)
    cell.word = "holds";
  else if (finding.outcome == Finding::Outcome::judged &&
           (cell.low >= bound || (!distance.square && cell.high <= -bound)))
    cell.word = "fails";
  else
    cell.word = "open";
  if (distance.square)
    for (double* number : {&cell.value, &cell.low, &cell.high}) *number = std::sqrt(std::max(*number, 0.0));
  return cell;
}

/// Whether a theory says of itself that it is within its range: of all draws, of none, or open where draws differ.
std::string claim_of(const Series& series) {
  std::size_t said = 0, outside = 0;
  for (const Member& member : series.members)
    for (const Row& row : member.rows)
      if (row.observable == Observable::validity) ++said, outside += row.flag == Flag::outside_validity ? 1 : 0;
  return outside == 0 ? "inside" : outside == said ? "outside" : "open";
}

/// What a theory says of itself at a site; no word where it says nothing.
MapCell claimed(const TablePoint& point, const std::string& theory, const Site& site) {
  const Quantity q = observe(point, theory, Observable::validity, 1, site, std::nullopt);
  const Series* series = series_of(point, theory);
  if (!q.has_value() || !series) return {};
  MapCell cell = cell_of(q, "", "");
  cell.word = claim_of(*series);
  return cell;
}

std::vector<std::string> theories_of(const Context& context, const scan::Regions& kind) {
  std::vector<std::string> names;
  for (const scan::Reference& with : kind.with) names.push_back(with.text);
  if (!names.empty()) return names;
  std::set<std::string> all;
  for (const TablePoint& point : context.table->points)
    for (const auto& [name, series] : point.theories) all.insert(name);
  return {all.begin(), all.end()};
}

/// What was measured of a theory, and what it says of itself.
std::pair<Map, Map> maps_of_one(const Context& context, const Wish& wish, const scan::Regions& kind,
                                const std::string& theory, const std::vector<Site>& sites) {
  const scan::Mentions second = context.resolve(kind.versus[1].text);
  std::pair<Map, Map> maps;
  const bool predictors = wish.of == "predictor";
  if (kind.within->relative)
    maps.first.values = predictors ? Map::Values::size_in_percent : Map::Values::change_in_percent;
  maps.first.numbers =
      fmt::format("{}{}", predictors ? "distance" : "difference", kind.within->relative ? " in %" : "");
  maps.second.numbers = "validity";
  maps.second.kind = Map::Kind::claims;
  for (const Site& site : sites) {
    const std::string x = map_label(context, wish.versus, site), y = map_label(context, second, site);
    const Distance distance = distance_of(context, wish, kind, theory, site);
    const bool compared = distance.quantity.has_value();
    const Quantity alone = compared ? Quantity{} : evaluate(context, wish.plot, site);
    if ((!compared && !is_ended(alone)) || x.empty() || y.empty()) continue;
    MapCell cell = compared ? judged(distance, kind.within->value) : cell_of(alone, "", ""),
            claim = claimed(context.table->points.at(site.point), theory, site);
    for (MapCell* one : {&cell, &claim}) one->x = x, one->y = y;
    put(maps.first, std::move(cell));
    if (!claim.word.empty()) put(maps.second, std::move(claim));
  }
  finish(maps.first);
  finish(maps.second);
  return maps;
}

}  // namespace

std::string carrier_of(const scan::Figure& figure) {
  const std::string& of = scan::plot_of(figure).text;
  return of == "predictor" ? "error_mean_predictor" : of;
}

std::vector<Map> make_regions(const Context& context, const Wish& wish, const scan::Regions& kind,
                              const std::string& title, const std::vector<Site>& sites) {
  std::vector<Map> beside, alone;
  for (const std::string& theory : theories_of(context, kind)) {
    auto [measured, own] = maps_of_one(context, wish, kind, theory, sites);
    const std::string head = (title.empty() ? "" : title + ", ") + theory;
    measured.title = head + std::string(measured_words);
    own.title = head + std::string(claimed_words);
    if (measured.cells.empty()) continue;
    std::vector<Map>& maps = own.cells.empty() ? alone : beside;
    maps.push_back(std::move(measured));
    if (!own.cells.empty()) maps.push_back(std::move(own));
  }
  beside.insert(beside.end(), alone.begin(), alone.end());
  return beside;
}

void put_pairs_first(std::vector<Map>& maps) {
  const auto claims = [&](std::size_t k) { return k < maps.size() && maps[k].title.ends_with(claimed_words); };
  std::vector<Map> pairs, alone;
  for (std::size_t k = 0; k < maps.size(); ++k) (claims(k) || claims(k + 1) ? pairs : alone).push_back(maps[k]);
  maps = std::move(pairs);
  maps.insert(maps.end(), alone.begin(), alone.end());
}

std::string tally_of(const std::vector<Map>& maps) {
  const auto counted = [](const Map& map, const char* word, const Map* among, const char* claim) {
    return std::ranges::count_if(map.cells, [&](const MapCell& cell) {
      return cell.word == word && (!among || std::ranges::any_of(among->cells, [&](const MapCell& other) {
               return other.x == cell.x && other.y == cell.y && other.word == claim;
             }));
    });
  };
  std::string text;
  for (std::size_t k = 0; k < maps.size(); ++k) {
    const Map& map = maps[k];
    if (!map.title.ends_with(measured_words)) continue;
    const std::string name = map.title.substr(0, map.title.size() - measured_words.size());
    const auto without = counted(map, "", nullptr, "");
    text += fmt::format("{}{}: {} of {} hold, {} fail{}", text.empty() ? "" : "; ", name,
                        counted(map, "holds", nullptr, ""), std::ssize(map.cells) - without,
                        counted(map, "fails", nullptr, ""),
                        without == 0 ? "" : fmt::format(", {} more have no number", without));
    if (k + 1 == maps.size() || maps[k + 1].title != name + std::string(claimed_words)) continue;
    const Map* own = &maps[k + 1];
    text += fmt::format(" (inside its validity {} hold, {} fail; outside {} hold, {} fail)",
                        counted(map, "holds", own, "inside"), counted(map, "fails", own, "inside"),
                        counted(map, "holds", own, "outside"), counted(map, "fails", own, "outside"));
  }
  return text + ".";
}

}  // namespace fieldscan::analysis
