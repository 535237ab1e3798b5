#include "categories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace fieldscan::analysis {

bool is_along_words(const Context& context, const scan::Figure& figure) {
  const std::vector<scan::Formula>& abscissas = scan::versus_of(figure);
  if (abscissas.size() != 1) return false;  // a histogram; a map, which has room for words
  const scan::Mentions versus = context.resolve(abscissas[0].text);
  return std::ranges::any_of(context.table->points, [&](const TablePoint& point) {
    return std::ranges::any_of(versus.atoms, [&](const auto& atom) {
      const scan::AxisValue* value = scan::find_value(point.point, atom.name);
      return value && std::holds_alternative<std::string>(*value);
    });
  });
}

scan::Figure as_map(const scan::Figure& figure) {
  const auto& curves = std::get<scan::Curves>(figure.kind);
  const scan::Formula& versus = curves.versus.at(0);
  if (figure.plot.size() != 1 || figure.by.size() != 1 || !curves.with.empty())
    throw std::runtime_error(
        fmt::format("the values of {0} are words, which have no place on an axis of numbers; `style: map` with "
                    "`versus: [{0}, another axis]` and one quantity in `plot` has a column for each",
                    versus.text));
  scan::Figure map = figure;
  map.name = figure.name.empty() ? fmt::format("{} against {}", figure.plot[0].text, versus.text) : figure.name;
  map.kind = scan::Map{.versus = {versus, {.text = figure.by[0], .place = versus.place}}};
  map.by.clear();
  map.ylabel.clear();  // it names the quantity, and rows are values of `by`
  return map;
}

}  // namespace fieldscan::analysis
