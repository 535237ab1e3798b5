#include "statements.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../text/identifier.hpp"
#include "../text/number.hpp"
#include "demand.hpp"
#include "fieldscan/core/observable.hpp"
#include "read_define.hpp"
#include "read_figure.hpp"
#include "read_test.hpp"
#include "statement_reader.hpp"

namespace fieldscan::scan {

void register_definitions(const Node& root, Symbols& symbols, Report& report) {
  const Node* define = root.get("define");
  if (!define) return;
  if (!define->is_mapping()) {
    report.error("FS0201", define->place, "define",
                 fmt::format("found {}; `define` maps names to definitions", describe(*define)),
                 "onset: {crossing: error_test, level: 0.5, along: train_size}");
    return;
  }
  for (const auto& entry : define->entries) {
    if (!is_identifier(entry.key) || find_observable(entry.key) || is_dimension(entry.key) ||
        symbols.paths.contains(entry.key) || symbols.short_names.contains(entry.key) ||
        symbols.theories.contains(entry.key))
      report.error(
          "FS0512", entry.place, "define", fmt::format("'{}' can not be the name of a definition", entry.key),
          "a new word of letters, digits and '_', at most 100: no observable, dimension, field, variable or theory");
    symbols.definitions.insert(entry.key);
  }
}

namespace {

/// Reads define, tests and figures in turn.
class StatementsReader {
 public:
  StatementsReader(const Symbols& symbols, Report& report, std::set<std::string>& used)
      : symbols_(symbols), report_(report), reader_(symbols, report, used, out_.needs) {}

  Statements run(const Node& root) {
    if (const Node* define = root.get("define");
        define && define->is_mapping() && few("define", define->entries.size(), *define))
      for (const auto& entry : define->entries) read_definition(entry);
    refuse_circles(out_.definitions, symbols_, report_);
    each(root, "tests", [&](const Node& item) { add_test(item); });
    each(root, "figures", [&](const Node& item) { add_figure(item); });
    return std::move(out_);
  }

 private:
  static constexpr std::size_t most_statements = 1000;

  bool few(const char* key, std::size_t count, const Node& node) {
    if (count <= most_statements) return true;
    report_.error("FS0221", node.place, key, fmt::format("{} statements in `{}`", count, key),
                  fmt::format("at most {}", most_statements));
    return false;
  }

  void read_definition(const Entry& entry) {
    if (!entry.value.is_mapping()) {
      report_.error("FS0201", entry.value.place, "define",
                    fmt::format("found {}; a definition is a mapping", describe(entry.value)),
                    "{crossing: EXPRESSION, level: 0.5, along: AXIS}");
      return;
    }
    const std::size_t errors = report_.error_count();
    reader_.begin(entry.value, fmt::format("define.{}", entry.key));
    out_.definitions.push_back(read_define(entry, reader_));
    reader_.end();
    const auto& d = out_.definitions.back();
    select(fmt::format("the definition '{}'", d.name), d.where);
    if (report_.error_count() > errors) return;
    const std::string name = fmt::format("the definition '{}'", d.name);
    look_at_time(name, d.at.text, entry.value);
    if (d.at.text == "all" || reader_.over_time())
      out_.over_time.push_back({.statement = name, .at = d.at.text, .place = d.place});
    look_along(name, "along", entry.value);
    out_.demands.push_back(demand_of(d, name, entry.value));
  }

  template <class Read>
  void each(const Node& root, const char* key, Read read) {
    const Node* list = root.get(key);
    if (!list) return;
    if (!list->is_sequence()) {
      report_.error("FS0201", list->place, key, fmt::format("found {}; `{}` is a list", describe(*list), key),
                    "begin every entry with '- '");
      return;
    }
    if (!few(key, list->items.size(), *list)) return;
    for (const auto& item : list->items) {
      if (!item.is_mapping()) {
        report_.error("FS0201", item.place, key,
                      fmt::format("found {}; an entry of `{}` is a mapping", describe(item), key));
        continue;
      }
      reader_.begin(item, key);
      read(item);
      reader_.end();
    }
  }

  void add_test(const Node& item) {
    const std::size_t errors = report_.error_count();
    out_.tests.push_back(read_test(item, reader_));
    const auto& test = out_.tests.back();
    if (!test.name.empty() && !names_.insert(test.name).second)
      report_.error("FS0513", item.place, "tests", fmt::format("two tests are called '{}'", test.name),
                    "give one of them a `name`");
    select(fmt::format("the test '{}'", test.name), test.where);
    if (report_.error_count() > errors) return;
    const std::string name = fmt::format("the test '{}'", test.name);
    look_at_time(name, at_of(test).text, item);
    if (at_of(test).text == "all" || reader_.over_time())
      out_.over_time.push_back({.statement = name, .at = at_of(test).text, .place = test.place});
    for (const char* key : {"versus", "between", "over"}) look_along(name, key, item);
    if (const auto& window = window_of(test); window && !versus_of(test).empty())
      out_.windows.push_back({name, *window, item.get("window")->place, versus_of(test).front(), test.where});
    out_.demands.push_back(demand_of(test, name, item, symbols_));
  }

  void add_figure(const Node& item) {
    const std::size_t errors = report_.error_count();
    out_.figures.push_back(read_figure(item, reader_));
    const std::string name = fmt::format("the figure '{}'", out_.figures.back().name);
    if (reader_.over_time()) out_.over_time.push_back({.statement = name, .place = out_.figures.back().place});
    select(name, out_.figures.back().where);
    if (report_.error_count() == errors) out_.demands.push_back(demand_of(out_.figures.back(), name, item, symbols_));
  }

  void select(const std::string& statement, const Formula& where) {
    if (!where.empty()) out_.selections.push_back({statement, where});
  }

  void look_at_time(const std::string& statement, const std::string& at, const Node& node) {
    if (!parse_number(at)) return;
    const Node* where = node.get("where");
    out_.timed.push_back({statement, at, node.get("at")->place,
                          where ? Formula{.text = where->text, .place = where->place} : Formula{}});
  }

  /// The names and expressions at a key, one or a list of them.
  void look_along(const std::string& statement, std::string_view key, const Node& node) {
    const Node* value = node.get(key);
    if (!value) return;
    const Node* where = node.get("where");
    const Formula selected = where ? Formula{.text = where->text, .place = where->place} : Formula{};
    const auto add = [&](const Node& one) {
      if (one.is_scalar())
        out_.abscissas.push_back({.statement = statement,
                                  .key = std::string(key),
                                  .formula = {.text = one.text, .place = one.place},
                                  .where = selected});
    };
    add(*value);
    if (value->is_sequence())
      for (const Node& one : value->items) add(one);
  }

  const Symbols& symbols_;
  Report& report_;
  Statements out_;
  StatementReader reader_;
  std::set<std::string> names_;
};

}  // namespace

Statements read_statements(const Node& root, const Symbols& symbols, Report& report, std::set<std::string>& used) {
  return StatementsReader(symbols, report, used).run(root);
}

}  // namespace fieldscan::scan
