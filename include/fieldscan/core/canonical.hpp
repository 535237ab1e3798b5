#pragma once
#include <fmt/format.h>

#include "fieldscan/core/field.hpp"

/// Canonical text of described structs: what identities are hashes of.
///
/// One line `path=value` per field whose value differs from its default; a choice writes `path.kind=word@revision`
/// always. Numbers are in their shortest form that reads back to the same bits. Lines come in the order of declaration;
/// `sorted_lines` makes the text independent of that order.
namespace fieldscan {

/// A member may replace a field outside the identity by a key of what it points to (for instance the hash of a file's
/// content).
template <class S>
concept HasContentKey = requires(const S& s) {
  { s.content_key() } -> std::convertible_to<std::string>;
};

template <class T>
void append_canonical(std::string& out, const std::string& path, const T& value);

namespace canonical_detail {

template <class N>
void append_number(std::string& out, N value) {
  if constexpr (std::is_floating_point_v<N>)
    out += fmt::format("{}", value == 0 ? N{0} : value);  // −0 and 0 are the same setting
  else
    out += fmt::format("{}", value);
}
template <class T>
void append_value(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>)
    out += value ? "true" : "false";
  else if constexpr (std::is_arithmetic_v<T>)
    append_number(out, value);
  else if constexpr (std::is_enum_v<T>)
    out += word(value);
  else if constexpr (std::is_same_v<T, std::string>)
    out += value;
  else if constexpr (is_or_word<T>)
    std::visit([&](const auto& v) { append_value(out, v); }, value.value);
  else if constexpr (is_per_layer<T>)
    append_value(out, value.values);
  else if constexpr (is_optional<T>) {
    if (value) append_value(out, *value);
  } else if constexpr (is_vector<T>) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i) out += ',';
      append_value(out, value[i]);
    }
    out += ']';
  } else {  // std::map<int, double>
    out += '{';
    for (const auto& [key, v] : value) out += fmt::format("{}:{},", key, v);
    out += '}';
  }
}

}  // namespace canonical_detail

/// Appends the lines of a described struct; fields at their default are left out.
template <Described S>
void append_canonical_struct(std::string& out, const std::string& path, const S& value) {
  static const S defaults{};
  const std::string prefix = path.empty() ? path : path + ".";
  for_each_field<S>([&](const auto& f) {
    using T = typename std::decay_t<decltype(f)>::Value;
    if (f.identity == Identity::not_part) return;
    const T& v = value.*(f.member);
    if constexpr (!is_choice<T> && !Described<T>)
      if (v == defaults.*(f.member)) return;
    append_canonical(out, prefix + std::string(f.name), v);
  });
  if constexpr (HasContentKey<S>) {
    out += prefix;
    out += "content=";
    out += value.content_key();
    out += '\n';
  }
}

template <class T>
void append_canonical(std::string& out, const std::string& path, const T& value) {
  if constexpr (is_choice<T>) {
    std::visit(
        [&](const auto& member) {
          using K = std::decay_t<decltype(member)>;
          out += fmt::format("{}.kind={}@{}\n", path, K::kind, K::revision);
          append_canonical_struct(out, path, member);
        },
        value);
  } else if constexpr (is_choice_list<T>) {
    for (std::size_t i = 0; i < value.size(); ++i) append_canonical(out, fmt::format("{}.{}", path, i), value[i]);
  } else if constexpr (Described<T>) {
    append_canonical_struct(out, path, value);
  } else {
    out += path;
    out += '=';
    canonical_detail::append_value(out, value);
    out += '\n';
  }
}

template <class T>
std::string canonical_text(const std::string& path, const T& value) {
  std::string out;
  append_canonical(out, path, value);
  return out;
}

/// The lines of a text in ascending order.
std::string sorted_lines(std::string_view text);

}  // namespace fieldscan
