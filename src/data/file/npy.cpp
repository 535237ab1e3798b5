#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

EnvironmentError wrong(const std::string& path, const std::string& why) {
  return EnvironmentError(path + ": is not a NPY file that can be read here (" + why +
                          "); write it with numpy.save(name, numpy.ascontiguousarray(x, dtype='f8'))");
}

// The text between the quotes, or between the brackets, that follow a key of the header's Python dictionary.
std::string entry(const std::string& header, const std::string& key, char open, char close, const std::string& path) {
  const std::size_t at = header.find("'" + key + "'");
  const std::size_t from = at == std::string::npos ? at : header.find(open, at + key.size() + 2);
  const std::size_t to = from == std::string::npos ? from : header.find(close, from + 1);
  if (to == std::string::npos) throw wrong(path, "its header has no " + key);
  return header.substr(from + 1, to - from - 1);
}

std::vector<Index> parse_shape(const std::string& text, const std::string& path) {
  std::vector<Index> shape;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == ',') {
      ++at;
      continue;
    }
    Index size = 0;
    const std::size_t start = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && size < (Index{1} << 40); ++at)
      size = 10 * size + (text[at] - '0');
    if (at == start) throw wrong(path, "its shape is (" + text + ")");
    shape.push_back(size);
  }
  return shape;
}

template <class T>
std::vector<double> convert(const char* data, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, data + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
  return values;
}

std::vector<double> convert(const std::string& type, const std::string& bytes, std::size_t at, std::size_t count,
                            const std::string& path) {
  const std::size_t size = type.empty() ? 0 : static_cast<std::size_t>(type.back() - '0');
  const bool known = type == "|u1" || type == "<i4" || type == "<i8" || type == "<f4" || type == "<f8";
  if (!known) throw wrong(path, "its numbers are of type " + type);
  if ((bytes.size() - at) / size != count || (bytes.size() - at) % size != 0)
    throw wrong(path, fmt::format("it holds {} bytes where its shape needs {} numbers", bytes.size() - at, count));
  const char* data = bytes.data() + at;
  if (type == "|u1") return convert<std::uint8_t>(data, count);
  if (type == "<i4") return convert<std::int32_t>(data, count);
  if (type == "<i8") return convert<std::int64_t>(data, count);
  if (type == "<f4") return convert<float>(data, count);
  return convert<double>(data, count);
}

}  // namespace

NpyArray parse_npy(const std::string& bytes, const std::string& path) {
  if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY") != 0)
    throw wrong(path, "it does not start with \\x93NUMPY");
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  const bool first_version = byte(6) == 1;
  const std::size_t start = first_version ? 10 : 12;
  const std::size_t length = byte(8) | byte(9) << 8 | (first_version ? 0 : byte(10) << 16 | byte(11) << 24);
  if (length > bytes.size() - start) throw wrong(path, "its header is cut off");
  const std::string header = bytes.substr(start, length);
  NpyArray array{.shape = parse_shape(entry(header, "shape", '(', ')', path), path), .values = {}};
  if (entry(header, "fortran_order", ' ', ',', path).find("True") != std::string::npos && array.shape.size() > 1)
    throw wrong(path, "it is in Fortran order");
  std::size_t count = 1;
  for (const Index size : array.shape)
    if (__builtin_mul_overflow(count, static_cast<std::size_t>(size), &count))
      throw wrong(path, "its shape is too large");
  const std::string type = entry(header, "descr", '\'', '\'', path);
  array.values = convert(type, bytes, start + length, count, path);
  for (const double value : array.values)
    if (!std::isfinite(value)) throw wrong(path, "it has entries that are not finite");
  return array;
}

}  // namespace fieldscan::data
