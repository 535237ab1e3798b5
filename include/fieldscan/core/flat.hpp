#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "fieldscan/core/row.hpp"

/// Flat bytes: numbers as they lie in memory, texts and lists behind their length. Both ends run the same binary.
namespace fieldscan {

using Bytes = std::vector<char>;

/// A message that is cut off or does not say what it should.
class MalformedMessage : public std::runtime_error {
 public:
  explicit MalformedMessage(const std::string& what) : std::runtime_error("malformed message: " + what) {}
};

template <class T>
concept FlatNumber = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class FlatWriter {
 public:
  template <FlatNumber T>
  void put(T value) {
    raw(&value, sizeof value);
  }
  void put(std::string_view text) { list(std::span(text.data(), text.size())); }
  template <FlatNumber T>
  void list(std::span<const T> values) {
    put(static_cast<std::uint64_t>(values.size()));
    raw(values.data(), values.size_bytes());
  }
  Bytes take() { return std::move(bytes_); }

 private:
  void raw(const void* data, std::size_t size) {
    const char* begin = static_cast<const char*>(data);
    bytes_.insert(bytes_.end(), begin, begin + size);
  }
  Bytes bytes_;
};

/// Reads what a FlatWriter wrote, in the same order; throws MalformedMessage at the end of the bytes.
class FlatReader {
 public:
  explicit FlatReader(std::span<const char> bytes) : rest_(bytes) {}
  template <FlatNumber T>
  T get() {
    T value{};
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  /// An enumerator below `end`.
  template <class E>
  requires std::is_enum_v<E> E get_below(E end) {
    const E value = get<E>();
    if (!(value < end)) throw MalformedMessage("an unknown word");
    return value;
  }
  std::string text() {
    const auto bytes = take(get<std::uint64_t>());
    return std::string(bytes.begin(), bytes.end());
  }
  template <FlatNumber T>
  std::vector<T> list() {
    const std::uint64_t size = length(sizeof(T));
    std::vector<T> values(size);
    if (size > 0) std::memcpy(values.data(), take(size * sizeof(T)).data(), size * sizeof(T));
    return values;
  }
  /// The length of a list whose entries take so many bytes at least: never more than what is left can hold.
  std::uint64_t length(std::size_t bytes_of_entry) {
    const auto size = get<std::uint64_t>();
    if (size > rest_.size() / bytes_of_entry) throw MalformedMessage("a list longer than the message");
    return size;
  }
  void expect_end() const {
    if (!rest_.empty()) throw MalformedMessage("bytes behind its end");
  }

 private:
  std::span<const char> take(std::uint64_t size) {
    if (size > rest_.size()) throw MalformedMessage("cut off");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::span<const char> rest_;
};

void put(FlatWriter& out, const Result& result);
Result get_result(FlatReader& in);
/// The fewest bytes that a result takes.
inline constexpr std::size_t least_result_bytes =
    2 * sizeof(std::int64_t) + sizeof(Outcome) + 3 * sizeof(std::uint64_t);

}  // namespace fieldscan
