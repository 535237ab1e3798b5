#include <bit>
#include <cmath>
#include <cstring>

#include "read.hpp"

namespace fieldscan::data {
namespace {

std::uint64_t raw(const unsigned char* bytes, std::size_t size, ByteOrder order) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[order == ByteOrder::big ? i : size - 1 - i];
  return value;
}

// IEEE 754 in 16 bits: sign, 5 bits of exponent, 10 of the fraction.
double half(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const double fraction = static_cast<double>(bits & 1023);
  const double size = exponent == 0    ? std::ldexp(fraction, -24)
                      : exponent == 31 ? (fraction == 0 ? HUGE_VAL : NAN)
                                       : std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 ? -size : size;
}

double number(const NumberType& type, std::uint64_t bits) {
  if (type.kind == 'b') return bits == 0 ? 0 : 1;
  if (type.kind == 'u') return static_cast<double>(bits);
  if (type.kind == 'i') {
    const int unused = 64 - 8 * static_cast<int>(type.size);
    return static_cast<double>(static_cast<std::int64_t>(bits << unused) >> unused);
  }
  if (type.size == 2) return half(bits);
  if (type.size == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  return std::bit_cast<double>(bits);
}

}  // namespace

bool is_supported(const NumberType& type) {
  const std::size_t size = type.size;
  if (type.kind == 'b') return size == 1;
  if (type.kind == 'f') return size == 2 || size == 4 || size == 8;
  return (type.kind == 'i' || type.kind == 'u') && (size == 1 || size == 2 || size == 4 || size == 8);
}

std::vector<double> numbers_of(const NumberType& type, std::string_view bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::vector<double> values(bytes.size() / type.size);
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] = number(type, raw(data + k * type.size, type.size, type.order));
  return values;
}

}  // namespace fieldscan::data
