#pragma once
#include <fmt/format.h>

#include "fieldscan/core/field.hpp"
#include "statement_reader.hpp"

/// Described statements, read field by field.
namespace fieldscan::scan {

/// Adds the names of the fields of a described struct.
template <Described S>
void add_keys(std::vector<std::string_view>& keys) {
  for_each_field<S>([&](const auto& f) { keys.push_back(f.name); });
}

/// Reads every field by its type.
template <Described S>
void read_fields(S& object, StatementReader& reader) {
  for_each_field<S>([&](const auto& f) { reader.read(f.name, object.*(f.member)); });
}

/// Reports the fields that must be there and are not.
template <Described S>
void require_fields(StatementReader& reader) {
  for_each_field<S>([&](const auto& f) {
    if (f.presence == Presence::required) reader.require(f.name, fmt::format("{}: {}", f.name, f.sentence));
  });
}

/// Reports what a kind finds wrong with itself, where it looks: `faults(whole, given)`.
template <class Kind, class Whole>
void report_faults(const Kind& kind, const Whole& whole, StatementReader& reader) {
  if constexpr (requires { kind.faults(whole, GivenKeys{}); })
    for (const Fault& fault : kind.faults(whole, reader.given())) {
      if (fault.key.empty())
        reader.report().error("FS0502", fault.place.line > 0 ? fault.place : reader.place(), reader.path(),
                              fault.message, fault.help);
      else
        reader.refuse(fault.key, fault.message, fault.help);
    }
}

}  // namespace fieldscan::scan
