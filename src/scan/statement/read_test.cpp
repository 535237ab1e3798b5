#include "statements.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../schema/words.hpp"
#include "fieldscan/core/observable.hpp"
#include "fieldscan/core/text.hpp"
#include "statement_reader.hpp"
#include "statement_rules.hpp"

namespace fieldscan::scan {
namespace {

using Names = std::vector<std::string_view>;
using Theories = StatementReader::Theories;

struct TestForm {
  Test::Kind kind;
  Names keys, required;
};

/// What belongs to every kind of test, besides kind, name, where, by.
const std::vector<TestForm> test_forms{
    {Test::Kind::agreement, {"of", "with", "between", "within", "versus", "at"}, {"of", "within"}},
    {Test::Kind::chi2, {"of", "with", "versus", "over", "within", "at"}, {"of", "with"}},
    {Test::Kind::power_law,
     {"of", "versus", "expect", "within", "form", "at", "window"},
     {"of", "versus", "expect", "within"}},
    {Test::Kind::scaling_law, {"of", "versus", "expect", "within", "form", "at", "window"}, {"of", "versus"}},
    {Test::Kind::collapse,
     {"of", "versus", "over", "within", "scaled_by", "expect", "at", "window"},
     {"of", "versus", "over"}},
    {Test::Kind::bound, {"of", "below", "above", "at"}, {"of"}},
    {Test::Kind::monotone, {"of", "versus", "direction", "at", "window"}, {"of", "versus", "direction"}},
    {Test::Kind::linear, {"of", "versus", "expect", "within", "at", "window"}, {"of", "versus"}},
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
  const bool law = test.kind == Test::Kind::power_law || test.kind == Test::Kind::scaling_law;
  const std::vector<Formula> expected =
      reader.formulas("expect", law && !reader.is_list("expect") ? Theories::yes : Theories::no);
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
  Names keys{"kind", "name", "where", "by"};
  keys.insert(keys.end(), form->keys.begin(), form->keys.end());
  reader.allow(keys, fmt::format("the test '{}'", kind->text), test_remedies());
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
  refuse_unused(test, reader);
  if (test.name.empty()) test.name = made_name(test);
  return test;
}

Define read_define(const Entry& entry, StatementReader& reader) {
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
  else
    reader.allow(define_keys(define.kind), fmt::format("a definition of the kind '{}'", word(define.kind)),
                 define_remedies(define, entry.value));
  define.along = reader.name("along");
  if (const auto level = reader.number("level")) define.level = *level;
  if (reader.has("log")) define.in = reader.flag("log") ? Define::Interpolation::log_x : Define::Interpolation::x;
  define.by = reader.names("by");
  define.where = reader.formula("where");
  define.at = {.text = reader.at("at"), .place = {}};
  define.from = reader.theory("from", define.of);
  if (define.kind == Define::Kind::crossing) reader.require("level", "level: the value that is crossed");
  if (define.kind != Define::Kind::value) reader.require("along", "along: the axis of the curve");
  refuse_unused(define, reader);
  return define;
}

}  // namespace fieldscan::scan
