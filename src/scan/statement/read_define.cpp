#include "read_define.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fieldscan/core/field.hpp"
#include "rules.hpp"

namespace fieldscan::scan {
namespace {

std::string kinds_in_words() {
  std::vector<std::string_view> names;
  for_each_kind<DefineKind>([&]<class Kind>() { names.push_back(Kind::kind); });
  return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<DefineKind> kind_at(const std::string& key) {
  std::optional<DefineKind> kind;
  for_each_kind<DefineKind>([&]<class Kind>() {
    if (key == Kind::kind) kind = Kind{};
  });
  return kind;
}

/// What a kind needs beside the expression.
template <class Kind>
void read_fields(Kind& kind, StatementReader& reader) {
  if constexpr (requires { kind.along; }) {
    kind.along = reader.name("along");
    reader.require("along", "along: the axis of the curve");
  }
  if constexpr (requires { kind.level; }) {
    kind.level = reader.number("level").value_or(0);
    reader.require("level", "level: the value that is crossed");
  }
  if constexpr (requires { kind.in; })
    if (reader.has("log")) kind.in = reader.flag("log") ? Interpolation::log_x : Interpolation::x;
}

}  // namespace

Define read_define(const Entry& entry, StatementReader& reader) {
  Define define{.name = entry.key, .place = entry.place};
  int kinds = 0;
  for (const auto& inner : entry.value.entries)
    if (auto kind = kind_at(inner.key)) {
      define.kind = std::move(*kind);
      define.of = reader.formula(inner.value, StatementReader::Theories::no);
      reader.refuse_constant(inner.key, define.of);
      ++kinds;
    }
  if (kinds != 1)
    reader.report().error("FS0502", entry.value.place, reader.path(),
                          fmt::format("{} of {}; one belongs here", kinds, kinds_in_words()),
                          "{crossing: EXPRESSION, level: 0.5, along: AXIS}");
  else
    reader.allow(define_keys(define.kind), fmt::format("a definition of the kind '{}'", word_of(define.kind)),
                 define_remedies(define, entry.value));
  std::visit([&](auto& kind) { read_fields(kind, reader); }, define.kind);
  define.by = reader.names("by");
  define.where = reader.formula("where");
  define.at = {.text = reader.at("at"), .place = {}};
  define.from = reader.theory("from", define.of);
  refuse_unused(define, reader);
  return define;
}

}  // namespace fieldscan::scan
