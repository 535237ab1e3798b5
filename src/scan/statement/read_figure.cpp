#include <fmt/format.h>

#include "statement_reader.hpp"
#include "statement_rules.hpp"

namespace fieldscan::scan {
namespace {

/// A histogram has no abscissa but the observable itself, a map has two, every other figure one.
void check_abscissas(const Figure& figure, StatementReader& reader) {
  const auto error = [&](const std::string& what, const std::string& remedy) {
    reader.report().error("FS0502", figure.place, reader.path(), what, remedy);
  };
  const std::string observable = figure.plot.text.substr(figure.plot.text.rfind('.') + 1);
  if (figure.style == "histogram") {
    if (reader.has("versus")) error("a histogram has no 'versus'", "by: one histogram per value of an axis");
    if (reader.has("with"))
      error("a histogram has no 'with'", "plot: THEORY.error_test shows a theory over data draws");
    if (reader.has("plot") && !find_observable(observable))
      error("a histogram shows one observable over the networks", "plot: error_test");
    return;
  }
  reader.require("versus", "versus: the horizontal axis");
  if (figure.style == "map" ? figure.versus.size() == 1 : figure.versus.size() > 2)
    error("a map has two formulas in 'versus'", "versus: [width, train_size]");
}

}  // namespace

Figure read_figure(const Node& node, StatementReader& reader) {
  constexpr std::array<std::string_view, 10> keys{"plot",  "versus", "by",    "each", "with",
                                                  "where", "scale",  "style", "mark", "name"};
  constexpr std::array<std::string_view, 5> scales{"linear", "log", "log-x", "log-y", "log-log"};
  constexpr std::array<std::string_view, 4> styles{"points", "lines", "map", "histogram"};
  Figure figure{.place = node.place};
  reader.allow(keys, "a figure");
  reader.require("plot", "plot: the observable or expression on the vertical axis");
  figure.style = reader.word("style", styles);
  figure.plot = reader.formula("plot");
  figure.versus = reader.formulas("versus");
  figure.by = reader.names("by");
  figure.each = reader.name("each");
  figure.with = reader.formulas("with", StatementReader::Theories::yes);
  figure.where = reader.formula("where");
  figure.scale = reader.word("scale", scales);
  for (const auto& mark : reader.formulas("mark")) figure.mark.push_back(mark.text);
  figure.name = reader.text("name");
  check_abscissas(figure, reader);
  refuse_unused(figure, reader);
  if (figure.name.empty() && !figure.versus.empty())
    figure.name = fmt::format("{} in {}", figure.plot.text, figure.versus.front().text);
  return figure;
}

}  // namespace fieldscan::scan
