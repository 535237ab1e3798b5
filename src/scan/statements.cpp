#include "statements.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/observable.hpp"
#include "fieldscan/core/text.hpp"
#include "sections.hpp"
#include "statement_reader.hpp"
#include "words.hpp"

namespace fieldscan::scan {
namespace {

using Names = std::vector<std::string_view>;
using Theories = StatementReader::Theories;

struct TestForm {
  Test::Kind kind;
  Names keys, required;
};

/// What belongs to every kind of test, besides kind, name, where, by, at, window.
const std::vector<TestForm> test_forms{
    {Test::Kind::agreement, {"of", "with", "between", "within", "versus"}, {"of", "within"}},
    {Test::Kind::chi2, {"of", "with", "versus", "over", "within"}, {"of", "with"}},
    {Test::Kind::power_law, {"of", "versus", "expect", "within", "form"}, {"of", "versus", "expect", "within"}},
    {Test::Kind::scaling_law, {"of", "versus", "expect", "within", "form"}, {"of", "versus"}},
    {Test::Kind::collapse, {"of", "versus", "over", "within", "scaled_by", "expect"}, {"of", "versus", "over"}},
    {Test::Kind::bound, {"of", "below", "above"}, {"of"}},
    {Test::Kind::monotone, {"of", "versus", "direction"}, {"of", "versus", "direction"}},
    {Test::Kind::linear, {"of", "versus", "expect", "within"}, {"of", "versus"}},
    {Test::Kind::conservation, {"of", "within", "with"}, {"of", "within"}},
};

std::string example_of(std::string_view key) {
  if (key == "of") return "of: the observable or expression that the test is about";
  if (key == "with") return "with: a theory, an observable or a number";
  if (key == "within") return "within: 3%, or a number";
  if (key == "versus") return "versus: the axis along which it changes";
  if (key == "expect") return "expect: the number that is expected";
  if (key == "over") return "over: the axes whose curves should fall on one";
  if (key == "direction") return "direction: up or down";
  return "";
}

std::string made_name(const Test& test) {
  std::string name(word(test.kind));
  std::ranges::replace(name, '_', ' ');
  std::string of;
  for (const auto& formula : test.of) of += (of.empty() ? "" : ", ") + formula.text;
  name += " of " + of;
  if (!test.with.empty()) name += " with " + test.with.text;
  if (!test.between.empty()) name += " between " + test.between;
  if (!test.versus.empty()) name += " in " + test.versus.front().text;
  if (!test.form.empty()) name += " as " + test.form;
  if (!test.where.empty()) name += " where " + test.where.text;
  return name;
}

/// One expectation, or a list of two for the two exponents of scaling_law and collapse.
void read_expectations(Test& test, StatementReader& reader) {
  if (!reader.has("expect")) return;
  const std::vector<Formula> expected = reader.formulas("expect", Theories::yes);
  const std::size_t most = test.kind == Test::Kind::scaling_law || test.kind == Test::Kind::collapse ? 2 : 1;
  if (expected.size() > most)
    reader.report().error("FS0502", reader.place(), reader.path(),
                          fmt::format("{} numbers in 'expect', {} belong there", expected.size(), most), "expect: -1");
  if (!expected.empty()) test.expect = expected[0];
  if (expected.size() == 2) test.expect_second = expected[1];
}

void check_form(const Test& test, const TestForm& form, StatementReader& reader) {
  for (const auto key : form.required) reader.require(key, example_of(key));
  if (test.kind == Test::Kind::agreement && reader.has("with") == reader.has("between"))
    reader.report().error("FS0502", reader.place(), reader.path(), "an agreement has either 'with' or 'between'",
                          "with: a theory, an observable or a number; between: an axis");
  if (test.kind == Test::Kind::bound && !reader.has("below") && !reader.has("above"))
    reader.report().error("FS0502", reader.place(), reader.path(), "a bound has 'below' or 'above'", "below: 0.05");
  if (test.kind == Test::Kind::collapse && test.expect && (!test.expect_second || test.scaled_by.empty()))
    reader.report().error("FS0502", reader.place(), reader.path(),
                          "a collapse expects two exponents, of 'versus' and of 'of', in powers of 'scaled_by'",
                          "scaled_by: width, expect: [1, 0]");
  const std::size_t versus = test.kind == Test::Kind::scaling_law ? 2 : 1;
  if (!test.versus.empty() && test.versus.size() != versus)
    reader.report().error("FS0502", reader.place(), reader.path(),
                          fmt::format("{} formulas in 'versus', {} belong there", test.versus.size(), versus), "");
}

}  // namespace

Test read_test(const Node& node, StatementReader& reader) {
  Test test{.place = node.place};
  const Node* kind = node.get("kind");
  if (!kind) {
    reader.report().error("FS0502", node.place, reader.path(), "'kind' is missing",
                          fmt::format("kind: {}", join_or(words(Test::Kind{}))));
    return test;
  }
  const auto found = from_word<Test::Kind>(kind->text);
  if (!found) {
    const auto kinds = words(Test::Kind{});
    if (const NotBuilt* entry = find_not_built("test", kind->text))
      reader.report().error(
          "FS0105", kind->place, reader.path(),
          fmt::format("the test '{}' is known ({}), but this version does not have it", kind->text, entry->sentence));
    else
      reader.report().error("FS0501", kind->place, reader.path(), fmt::format("unknown test '{}'", kind->text),
                            suggestion(kind->text, kinds, "tests"));
    return test;
  }
  test.kind = *found;
  const auto form = std::ranges::find(test_forms, *found, &TestForm::kind);
  Names keys{"kind", "name", "where", "by", "at", "window"};
  keys.insert(keys.end(), form->keys.begin(), form->keys.end());
  reader.allow(keys, fmt::format("the test '{}'", kind->text));
  constexpr std::array<std::string_view, 2> directions{"up", "down"}, curves{"floor", "crossover"};
  constexpr std::array<std::string_view, 3> surfaces{"sum", "floor", "min"};
  test.name = reader.text("name");
  test.of = reader.formulas("of");
  test.with = reader.formula("with", Theories::yes);
  test.between = reader.name("between");
  test.versus = reader.formulas("versus");
  test.over = reader.names("over");
  test.by = reader.names("by");
  test.where = reader.formula("where");
  test.window = reader.window("window");
  test.at = reader.at("at");
  read_expectations(test, reader);
  test.within = reader.margin("within");
  test.below = reader.number("below");
  test.above = reader.number("above");
  test.direction = reader.word("direction", directions);
  test.scaled_by = reader.name("scaled_by");
  test.form = test.kind == Test::Kind::power_law ? reader.word("form", curves) : reader.word("form", surfaces);
  check_form(test, *form, reader);
  if (test.name.empty()) test.name = made_name(test);
  return test;
}

Define read_define(const Entry& entry, StatementReader& reader) {
  constexpr std::array<std::string_view, 14> keys{"crossing", "argmin", "argmax", "minimum", "maximum",
                                                  "slope",    "value",  "level",  "along",   "by",
                                                  "where",    "log",    "at",     "from"};
  Define define{.name = entry.key, .place = entry.place};
  int kinds = 0;
  for (const auto& inner : entry.value.entries)
    if (const auto kind = from_word<Define::Kind>(inner.key)) {
      define.kind = *kind;
      define.of = reader.formula(inner.value, Theories::no);
      ++kinds;
    }
  if (kinds != 1)
    reader.report().error(
        "FS0502", entry.value.place, reader.path(),
        fmt::format("{} of crossing, argmin, argmax, minimum, maximum, slope, value; one belongs here", kinds),
        "{crossing: EXPRESSION, level: 0.5, along: AXIS}");
  reader.allow(keys, "a definition");
  define.along = reader.name("along");
  if (const auto level = reader.number("level")) define.level = *level;
  if (reader.has("log")) define.in = reader.flag("log") ? Define::Interpolation::log_x : Define::Interpolation::x;
  define.by = reader.names("by");
  define.where = reader.formula("where");
  define.at = reader.formula("at");
  define.from = reader.text("from");
  if (define.kind == Define::Kind::crossing) reader.require("level", "level: the value that is crossed");
  if (define.kind != Define::Kind::value) reader.require("along", "along: the axis of the curve");
  return define;
}

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
  if (figure.style == "map" && figure.versus.size() == 1)
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
  figure.with = reader.formulas("with", Theories::yes);
  figure.where = reader.formula("where");
  figure.scale = reader.word("scale", scales);
  for (const auto& mark : reader.formulas("mark")) figure.mark.push_back(mark.text);
  figure.name = reader.text("name");
  check_abscissas(figure, reader);
  if (figure.name.empty() && !figure.versus.empty())
    figure.name = fmt::format("{} in {}", figure.plot.text, figure.versus.front().text);
  return figure;
}

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
        symbols.paths.contains(entry.key) || symbols.theories.contains(entry.key))
      report.error("FS0512", entry.place, "define", fmt::format("'{}' can not be the name of a definition", entry.key),
                   "a new word of letters, digits and '_': no observable, dimension, variable or theory");
    symbols.definitions.insert(entry.key);
  }
}

Statements read_statements(const Node& root, const Symbols& symbols, Report& report, std::set<std::string>& used) {
  Statements out;
  StatementReader reader(symbols, report, used, out.needs);
  if (const Node* define = root.get("define"); define && define->is_mapping())
    for (const auto& entry : define->entries) {
      if (!entry.value.is_mapping()) {
        report.error("FS0201", entry.value.place, "define",
                     fmt::format("found {}; a definition is a mapping", describe(entry.value)),
                     "{crossing: EXPRESSION, level: 0.5, along: AXIS}");
        continue;
      }
      reader.begin(entry.value, fmt::format("define.{}", entry.key));
      out.definitions.push_back(read_define(entry, reader));
      reader.end();
      const auto& d = out.definitions.back();
      if (!d.where.empty()) out.selections.push_back({fmt::format("the definition '{}'", d.name), d.where});
    }
  const auto each = [&](const char* key, auto&& read) {
    const Node* list = root.get(key);
    if (!list) return;
    if (!list->is_sequence()) {
      report.error("FS0201", list->place, key, fmt::format("found {}; `{}` is a list", describe(*list), key),
                   "begin every entry with '- '");
      return;
    }
    for (const auto& item : list->items) {
      if (!item.is_mapping()) {
        report.error("FS0201", item.place, key,
                     fmt::format("found {}; an entry of `{}` is a mapping", describe(item), key));
        continue;
      }
      reader.begin(item, key);
      read(item);
      reader.end();
    }
  };
  each("tests", [&](const Node& item) {
    out.tests.push_back(read_test(item, reader));
    const auto& test = out.tests.back();
    for (std::size_t k = 0; k + 1 < out.tests.size(); ++k)
      if (out.tests[k].name == test.name && !test.name.empty())
        report.error("FS0513", item.place, "tests", fmt::format("two tests are called '{}'", test.name),
                     "give one of them a `name`");
    if (!test.where.empty()) out.selections.push_back({fmt::format("the test '{}'", test.name), test.where});
  });
  each("figures", [&](const Node& item) {
    out.figures.push_back(read_figure(item, reader));
    if (!out.figures.back().where.empty())
      out.selections.push_back({fmt::format("the figure '{}'", out.figures.back().name), out.figures.back().where});
  });
  return out;
}

}  // namespace fieldscan::scan
