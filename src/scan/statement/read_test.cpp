#include "read_test.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../schema/words.hpp"
#include "fieldscan/core/text.hpp"
#include "read_fields.hpp"
#include "rules.hpp"

namespace fieldscan::scan {
namespace {

std::string made_name(const Test& test, std::string_view kind, std::string_view form) {
  std::string name(kind);
  std::ranges::replace(name, '_', ' ');
  std::string of;
  for (const auto& formula : test.of) of += (of.empty() ? "" : ", ") + formula.text;
  name += " of " + of;
  if (!with_of(test).empty()) name += " with " + with_of(test).text;
  if (!between_of(test).empty()) name += " between " + between_of(test).text;
  if (!versus_of(test).empty()) name += " in " + versus_of(test).front().text;
  if (!form.empty()) name += fmt::format(" as {}", form);
  if (!test.where.empty()) name += " where " + test.where.text;
  return name;
}

void wrong_number(std::size_t found, std::size_t allowed, std::string_view what, std::string_view key,
                  const std::string& help, StatementReader& reader) {
  reader.report().error("FS0502", reader.place(), reader.path(),
                        fmt::format("{} {} in '{}', {} belong there", found, what, key, allowed), help);
}

/// So many abscissas, and so many expected exponents at most, as a kind has.
template <class Kind>
void check_numbers(const Kind& kind, StatementReader& reader) {
  if constexpr (requires { kind.expect; }) {
    const auto count = [&] {
      if constexpr (requires { kind.expect.each; })
        return kind.expect.each.size();
      else
        return kind.expect.size();
    }();
    if (count > Kind::exponents) wrong_number(count, Kind::exponents, "numbers", "expect", "expect: -1", reader);
  }
  if constexpr (requires { kind.versus; }) {
    std::size_t abscissas = 1;
    if constexpr (requires { Kind::abscissas; }) abscissas = Kind::abscissas;
    if (!kind.versus.empty() && kind.versus.size() != abscissas)
      wrong_number(kind.versus.size(), abscissas, "formulas", "versus", "", reader);
  }
}

/// An axis along which a kind goes must not stand in `by`.
template <class Kind>
void refuse_axes_in_by(const Kind& kind, const Test& test, StatementReader& reader) {
  if constexpr (requires { Kind::abscissas; })
    for (const Formula& versus : kind.versus) refuse_axis_in_by(test.by, versus.text, "versus", reader);
  if constexpr (requires { kind.over; })
    for (const std::string& over : kind.over) refuse_axis_in_by(test.by, over, "over", reader);
  if constexpr (requires { kind.between; }) refuse_axis_in_by(test.by, kind.between.text, "between", reader);
}

template <class Kind>
std::string_view form_of(const Kind& kind) {
  if constexpr (requires { *kind.form; })
    if (kind.form) return word(*kind.form);
  return "";
}

template <class Kind>
void read_as(Test& test, StatementReader& reader) {
  std::vector<std::string_view> keys{"kind", "name"};
  add_keys<Test>(keys);
  add_keys<Kind>(keys);
  reader.allow(keys, fmt::format("the test '{}'", Kind::kind), test_remedies());
  test.name = reader.text("name");
  read_fields(test, reader);
  Kind kind;
  read_fields(kind, reader);
  require_fields<Test>(reader);
  require_fields<Kind>(reader);
  check_numbers(kind, reader);
  test.kind = kind;
  report_faults(kind, test, reader);
  if constexpr (requires { kind.at; }) {
    refuse_at_over_time(reader, kind.at.text);
    std::vector<Formula> formulas = test.of;
    if (const Reference& with = with_of(test); !with.empty() && !with.theory)
      formulas.push_back({.text = with.text, .place = with.place});
    refuse_at_beside_times(formulas, kind.at.text, reader);
  }
  for (const Formula& versus : versus_of(test)) reader.refuse_constant("versus", versus);
  refuse_axes_in_by(kind, test, reader);
  for (const Formula& of : test.of) {
    reader.refuse_unpredicted(with_of(test), of);
    if constexpr (requires { kind.expect.each; })
      for (const Formula& expected : kind.expect.each)
        reader.refuse_unpredicted({expected.text, expected.place, reader.is_theory(expected.text)}, of);
  }
  if (test.name.empty()) test.name = made_name(test, Kind::kind, form_of(kind));
}

void unknown_test(const Node& kind, StatementReader& reader) {
  if (const NotBuilt* entry = find_not_built("test", kind.text))
    reader.report().error(
        "FS0105", kind.place, reader.path(),
        fmt::format("the test '{}' is known ({}), but this version does not have it", kind.text, entry->sentence));
  else
    reader.report().error("FS0501", kind.place, reader.path(), fmt::format("unknown test '{}'", kind.text),
                          suggestion(kind.text, kinds_of<TestKind>(), "tests"));
}

}  // namespace

Test read_test(const Node& node, StatementReader& reader) {
  Test test{.place = node.place};
  const Node* kind = node.get("kind");
  if (!kind) {
    reader.report().error("FS0502", node.place, reader.path(), "'kind' is missing",
                          fmt::format("kind: {}", join_or(kinds_of<TestKind>())));
    return test;
  }
  bool known = false;
  for_each_kind<TestKind>([&]<class Kind>() {
    if (Kind::kind != kind->text) return;
    known = true;
    read_as<Kind>(test, reader);
  });
  if (!known) unknown_test(*kind, reader);
  return test;
}

}  // namespace fieldscan::scan
