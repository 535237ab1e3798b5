#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

struct IdxHeader {
  NumberType type;
  std::vector<std::uint32_t> sizes;
  std::size_t length = 0;  // of the header in bytes
};

EnvironmentError no_idx(const std::string& path, const std::string& why) {
  return EnvironmentError(path + ": is not an idx file (" + why + "); fetch or write the file again");
}

constexpr std::size_t largest_rank = 16;

NumberType type_of(unsigned char code, const std::string& path) {
  switch (code) {
    case 0x08:
      return {.kind = 'u', .size = 1, .order = ByteOrder::big};
    case 0x09:
      return {.kind = 'i', .size = 1, .order = ByteOrder::big};
    case 0x0B:
      return {.kind = 'i', .size = 2, .order = ByteOrder::big};
    case 0x0C:
      return {.kind = 'i', .size = 4, .order = ByteOrder::big};
    case 0x0D:
      return {.kind = 'f', .size = 4, .order = ByteOrder::big};
    case 0x0E:
      return {.kind = 'f', .size = 8, .order = ByteOrder::big};
    default:
      throw no_idx(path,
                   fmt::format("its third byte, the type of its numbers, is {:02x}; types are 08, 09, 0b to 0e", code));
  }
}

// The header that the bytes begin with; they may be cut off behind it.
IdxHeader parse_header(const std::string& bytes, const std::string& path) {
  if (bytes.size() < 4 || bytes[0] != 0 || bytes[1] != 0) throw no_idx(path, "it does not start with 00 00");
  const std::size_t rank = static_cast<unsigned char>(bytes[3]);
  IdxHeader header{.type = type_of(static_cast<unsigned char>(bytes[2]), path), .sizes = {}, .length = 4 + 4 * rank};
  if (rank == 0 || rank > largest_rank) throw no_idx(path, fmt::format("it has {} indices", rank));
  if (bytes.size() < header.length) throw no_idx(path, "its header is cut off");
  for (std::size_t i = 0; i < rank; ++i) {
    std::uint32_t size = 0;
    for (std::size_t k = 0; k < 4; ++k) size = size << 8 | static_cast<unsigned char>(bytes[4 + 4 * i + k]);
    header.sizes.push_back(size);
  }
  return header;
}

// The number of bytes that the sizes announce; 0 where it does not fit into memory.
std::size_t payload(const IdxHeader& header) {
  std::size_t total = header.type.size;
  for (const std::uint32_t size : header.sizes)
    if (__builtin_mul_overflow(total, std::size_t{size}, &total)) return 0;
  return total <= std::numeric_limits<std::ptrdiff_t>::max() / 2 ? total : 0;
}

std::string_view numbers(const IdxHeader& header, const std::string& bytes) {
  return std::string_view(bytes).substr(header.length);
}

void check_finite(const std::vector<double>& values, const std::string& path) {
  const auto bad = std::ranges::find_if(values, [](double value) { return !std::isfinite(value); });
  if (bad != values.end())
    throw EnvironmentError(
        fmt::format("{}: number {} is not finite; leave such rows out or replace them", path, bad - values.begin()));
}

}  // namespace

std::string read_idx(const Source& source, const std::string& path) {
  std::string bytes = read_up_to(source, 4, path);
  if (bytes.size() == 4)
    bytes += read_up_to(source, 4 * std::min<std::size_t>(static_cast<unsigned char>(bytes[3]), largest_rank), path);
  const IdxHeader header = parse_header(bytes, path);
  const std::size_t expected = payload(header);
  if (expected == 0) throw no_idx(path, fmt::format("its sizes are {}", fmt::join(header.sizes, " × ")));
  const std::string rest = read_up_to(source, expected + 1, path);
  if (rest.size() != expected)
    throw EnvironmentError(fmt::format(
        "{}: holds {}{} bytes of data where its header says {} (truncated or damaged); fetch or write the file again",
        path, rest.size() > expected ? "more than " : "", std::min(rest.size(), expected), expected));
  return bytes + rest;
}

Table parse_idx(const std::string& images, const std::string& images_path, const std::string& labels,
                const std::string& labels_path) {
  const IdxHeader image = parse_header(images, images_path), label = parse_header(labels, labels_path);
  const Index rows = image.sizes[0];
  if (label.sizes.size() != 1)
    throw no_idx(labels_path, fmt::format("labels have one index, these have {}", label.sizes.size()));
  if (label.sizes[0] != image.sizes[0])
    throw EnvironmentError(
        fmt::format("{}: has {} labels where {} has {} images (the files do not belong together); fetch both again",
                    labels_path, label.sizes[0], images_path, image.sizes[0]));
  const std::size_t dimension = payload(image) / image.type.size / image.sizes[0];
  if (dimension > std::numeric_limits<int>::max() || rows > std::numeric_limits<int>::max())
    throw no_idx(images_path, fmt::format("its sizes are {}", fmt::join(image.sizes, " × ")));
  Table table{.rows = rows,
              .dimension = static_cast<int>(dimension),
              .values = {},
              .label = numbers_of(label.type, numbers(label, labels))};
  const std::string_view pixels = numbers(image, images);
  if (image.type.kind == 'u' && image.type.size == 1)
    table.values = std::vector<std::uint8_t>(pixels.begin(), pixels.end());
  else
    table.values = numbers_of(image.type, pixels);
  if (const auto* values = std::get_if<std::vector<double>>(&table.values)) check_finite(*values, images_path);
  check_finite(table.label, labels_path);
  return table;
}

}  // namespace fieldscan::data
