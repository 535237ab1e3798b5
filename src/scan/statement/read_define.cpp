#include "read_define.hpp"

#include <fmt/format.h>

#include "rules.hpp"

namespace fieldscan::scan {

Define read_define(const Entry& entry, StatementReader& reader) {
  Define define{.name = entry.key, .place = entry.place};
  int kinds = 0;
  for (const auto& inner : entry.value.entries)
    if (const auto kind = from_word<Define::Kind>(inner.key)) {
      define.kind = *kind;
      define.of = reader.formula(inner.value, StatementReader::Theories::no);
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
