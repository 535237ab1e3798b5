#include "read_figure.hpp"

#include <fmt/format.h>

#include <optional>

#include "../schema/words.hpp"
#include "fieldscan/core/text.hpp"
#include "read_fields.hpp"
#include "rules.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::array<std::string_view, 5> styles{"points", "lines", "map", "histogram", "regions"};

template <class Kind>
void read_as(Figure& figure, StatementReader& reader) {
  std::vector<std::string_view> keys{"name", "style"};
  add_keys<Figure>(keys);
  add_keys<Kind>(keys);
  std::vector<StatementReader::Remedy> remedies;
  for (const auto& [key, help] : Kind::remedies) remedies.push_back({key, std::string(help)});
  remedies.push_back(
      {"kind", fmt::format("style: {}: figures have a style, tests and theories a kind", join_or(styles))});
  reader.allow(keys, Kind::phrase, remedies);
  figure.name = reader.text("name");
  read_fields(figure, reader);
  Kind kind;
  read_fields(kind, reader);
  require_fields<Figure>(reader);
  require_fields<Kind>(reader);
  if constexpr (requires { Kind::abscissas; })
    if (!kind.versus.empty() && kind.versus.size() != Kind::abscissas)
      reader.report().error("FS0502", figure.place, reader.path(),
                            fmt::format("{} has two formulas in 'versus'", Kind::phrase),
                            "versus: [width, train_size]");
  if (Kind::kind != Curves::kind && figure.plot.size() > 1)
    reader.report().error("FS0502", figure.plot[1].place, reader.path(),
                          fmt::format("{} shows one quantity", Kind::phrase), "a figure each");
  figure.kind = kind;
  for (const Formula& versus : versus_of(figure)) reader.refuse_constant("versus", versus);
  report_faults(kind, figure, reader);
  if constexpr (requires { kind.with.begin(); })
    for (const Reference& with : kind.with)
      for (const Formula& plot : figure.plot) reader.warn_of_unpredicted(with, plot);
  if constexpr (std::is_same_v<Kind, Regions>)  // without `with`: all theories of the scan
    for (const Formula& plot : kind.with.empty() ? figure.plot : std::vector<Formula>{})
      reader.refuse_unreplaced({.text = "", .place = plot.place, .theory = true}, plot);
}

/// "bias2, variance_init".
std::string texts_of(const std::vector<Formula>& formulas) {
  std::string text;
  for (const Formula& formula : formulas) text += (text.empty() ? "" : ", ") + formula.text;
  return text;
}

/// Two formulas in `versus` make a map, whatever `style` says.
bool has_two_abscissas(const Node& node) {
  const Node* versus = node.get("versus");
  return versus && versus->is_sequence() && versus->items.size() == 2;
}

}  // namespace

Figure read_figure(const Node& node, StatementReader& reader) {
  Figure figure{.place = node.place};
  const std::string style = reader.word("style", styles);
  const bool map = has_two_abscissas(node) && style != Histogram::kind && style != Regions::kind;
  if (map && !style.empty() && style != Map::kind)
    reader.refuse("style", fmt::format("two formulas in 'versus' make a map, not {}", style), "style: map");
  if (style == Histogram::kind)
    read_as<Histogram>(figure, reader);
  else if (style == Regions::kind)
    read_as<Regions>(figure, reader);
  else if (map || style == Map::kind)
    read_as<Map>(figure, reader);
  else
    read_as<Curves>(figure, reader);
  if (figure.name.empty() && !versus_of(figure).empty())
    figure.name = fmt::format("{} in {}", texts_of(figure.plot), versus_of(figure).front().text);
  return figure;
}

}  // namespace fieldscan::scan
