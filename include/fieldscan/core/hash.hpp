#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fieldscan {

/// 128 bits that identify a point, a prediction or a file's content (XXH3 of canonical text).
struct Id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::string hex() const;  ///< 32 lower-case hexadecimal digits
  static std::optional<Id> from_hex(std::string_view text);
  auto operator<=>(const Id&) const = default;
};

Id hash128(std::string_view bytes);
std::uint64_t hash64(std::string_view bytes);

}  // namespace fieldscan

template <>
struct std::hash<fieldscan::Id> {
  std::size_t operator()(const fieldscan::Id& id) const noexcept { return id.low; }
};
