#include "map.hpp"

#include "../formula/sites.hpp"
#include "../text/axis_words.hpp"
#include "../text/number.hpp"
#include "map_cells.hpp"

namespace fieldscan::analysis {

std::string map_label(const Context& context, const scan::Mentions& formula, const Site& site) {
  if (formula.atoms.size() == 1 && formula.expression.text() == formula.atoms[0].text)
    if (const std::string word = label_at(context, site, formula.atoms[0].name); !word.empty()) return word;
  const Quantity q = evaluate(context, formula, site);
  return q.has_value() ? number(q.value) : "";
}

Map make_map(const Context& context, const Wish& wish, const scan::Map& kind, const std::string& title,
             const std::vector<Site>& sites) {
  const scan::Mentions second = context.resolve(kind.versus[1].text);
  Map map{.title = title, .xs = {}, .ys = {}, .cells = {}, .numbers = axis_words(wish.of)};
  for (const Site& site : sites) {
    const Quantity z = evaluate(context, wish.plot, site);
    const std::string x = map_label(context, wish.versus, site), y = map_label(context, second, site);
    if ((z.has_value() || is_ended(z)) && !x.empty() && !y.empty()) put(map, cell_of(z, x, y));
  }
  finish(map);
  return map;
}

}  // namespace fieldscan::analysis
