#include "kind_pages.hpp"

#include <fmt/format.h>

#include "examples.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/statement/statement.hpp"

namespace fieldscan::scan {
namespace {

// What a field of a type takes.
std::string takes(const Formula*) { return "an expression"; }
std::string takes(const std::vector<Formula>*) { return "an expression, or a list of them"; }
std::string takes(const Reference*) { return "a theory or an expression"; }
std::string takes(const std::vector<Reference>*) { return "theories or expressions"; }
std::string takes(const Exponents*) { return "an expression, a list of them, or a theory"; }
std::string takes(const AxisName*) { return "an axis, a field or a dimension"; }
std::string takes(const std::vector<std::string>*) { return "axes, fields or dimensions"; }
std::string takes(const std::string*) { return "a text"; }
std::string takes(const At*) { return "start, end, best, all, or a number"; }
std::string takes(const std::optional<Margin>*) { return "a number, or a share such as 3%"; }
std::string takes(const std::optional<Window>*) { return "[low, high]"; }
std::string takes(const std::optional<double>*) { return "a number"; }
std::string takes(const bool*) { return "true or false"; }
template <Worded E>
std::string takes(const E*) {
  return "one of " + join_or(words(E{}));
}
template <Worded E>
std::string takes(const std::optional<E>*) {
  return "one of " + join_or(words(E{}));
}

template <Described S>
std::string fields_text() {
  std::string text;
  for_each_field<S>([&](const auto& f) {
    using Value = typename std::decay_t<decltype(f)>::Value;
    text += fmt::format("  {}: {}\n    {}{}\n", f.name, f.sentence, takes(static_cast<const Value*>(nullptr)),
                        f.presence == Presence::required ? "; required" : "");
  });
  return text;
}

template <class Kind>
std::string text_of(std::string_view what) {
  const bool styled = what == "figure" && Kind::kind != Curves::kind;
  return fmt::format("{} (a kind of {}{}): {}\n", Kind::kind, what,
                     styled ? fmt::format(", `style: {}`", Kind::kind) : std::string(), Kind::summary) +
         fields_text<Kind>() + fmt::format("  example: {}\n", statement_example(what, Kind::kind));
}

/// Calls visit.template operator()<Kind>(what) for every kind of every section.
template <class Visit>
void for_each_statement_kind(Visit visit) {
  for_each_kind<TestKind>([&]<class Kind>() { visit.template operator()<Kind>("test"); });
  for_each_kind<FigureKind>([&]<class Kind>() { visit.template operator()<Kind>("figure"); });
}

}  // namespace

std::string kinds_of_statement(std::string_view section) {
  std::string text;
  if (section == "tests") text = fields_text<Test>();
  if (section == "figures") text = fields_text<Figure>();
  for_each_statement_kind([&]<class Kind>(std::string_view what) {
    if (section == fmt::format("{}s", what)) text += text_of<Kind>(what);
  });
  return text;
}

std::string statement_kind(std::string_view name) {
  std::string text;
  for_each_statement_kind([&]<class Kind>(std::string_view what) {
    if (Kind::kind == name) text += text_of<Kind>(what);
  });
  return text;
}

std::vector<std::string_view> statement_kinds() {
  std::vector<std::string_view> names;
  for_each_statement_kind([&]<class Kind>(std::string_view) { names.push_back(Kind::kind); });
  return names;
}

}  // namespace fieldscan::scan
