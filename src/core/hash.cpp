#include "fieldscan/core/hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

namespace fieldscan {

std::string Id::hex() const { return fmt::format("{:016x}{:016x}", high, low); }

std::optional<Id> Id::from_hex(std::string_view text) {
  if (text.size() != 32) return std::nullopt;
  Id id;
  const auto read = [](std::string_view digits, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  if (!read(text.substr(0, 16), id.high) || !read(text.substr(16), id.low)) return std::nullopt;
  return id;
}

Id hash128(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {.high = hash.high64, .low = hash.low64};
}

std::uint64_t hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace fieldscan
