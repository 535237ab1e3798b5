#include "other_draws.hpp"

#include <algorithm>

#include "../quantity/observe.hpp"
#include "../quantity/observed.hpp"

namespace fieldscan::analysis {

namespace other_draws {
namespace {

bool differ(const TablePoint& point, const std::string& theory) {
  const Series* predicted = series_of(point, theory);
  if (!predicted || predicted->level == Level::nothing) return false;
  const std::set<std::int64_t> measured = usable_draws(point.measured), of_theory = usable_draws(*predicted);
  return !measured.empty() && !of_theory.empty() && measured != of_theory;
}

}  // namespace
}  // namespace other_draws

std::string words_of_other_draws(const Table& table, const std::vector<Site>& sites,
                                 const std::set<std::string>& theories) {
  const bool any = std::ranges::any_of(sites, [&](const Site& site) {
    const TablePoint& point = table.points.at(site.point);
    return std::ranges::any_of(theories, [&](const std::string& name) { return other_draws::differ(point, name); });
  });
  return any ? "Lines of theories are over all their predictions, not on the very data draws on which networks have "
               "numbers; differences and verdicts compare on the draws that both have"
             : "";
}

}  // namespace fieldscan::analysis
