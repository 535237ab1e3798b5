#include <fmt/format.h>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// The number of bytes that the sizes announce; 0 where it does not fit into memory.
std::size_t payload(const IdxHeader& header) {
  std::size_t total = 1;
  for (const std::uint32_t size : header.sizes)
    if (__builtin_mul_overflow(total, std::size_t{size}, &total)) return 0;
  return total;
}

void check_length(const IdxHeader& header, const std::string& bytes, const std::string& path) {
  const std::size_t expected = payload(header), found = bytes.size() - header.length;
  if (expected != found || expected == 0)
    throw EnvironmentError(
        fmt::format("{}: holds {} bytes of data where its header says {} (truncated or damaged); "
                    "fetch the file again",
                    path, found, expected));
}

}  // namespace

IdxHeader parse_idx_header(const std::string& bytes, const std::string& path) {
  const auto wrong = [&](const char* why) {
    return EnvironmentError(path + ": is not an idx file of unsigned bytes (" + why + "); fetch the file again");
  };
  if (bytes.size() < 4 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8)
    throw wrong("it does not start with 00 00 08");
  const std::size_t rank = static_cast<unsigned char>(bytes[3]);
  IdxHeader header{.sizes = {}, .length = 4 + 4 * rank};
  if (rank == 0 || bytes.size() < header.length) throw wrong("its header is cut off");
  for (std::size_t i = 0; i < rank; ++i) header.sizes.push_back(big_endian(bytes, 4 + 4 * i));
  return header;
}

Table parse_idx(const std::string& images, const std::string& images_path, const std::string& labels,
                const std::string& labels_path) {
  const IdxHeader image = parse_idx_header(images, images_path), label = parse_idx_header(labels, labels_path);
  check_length(image, images, images_path);
  check_length(label, labels, labels_path);
  if (label.sizes.size() != 1 || label.sizes[0] != image.sizes[0])
    throw EnvironmentError(
        fmt::format("{}: has {} labels where {} has {} images (the files do not belong together); "
                    "fetch both again",
                    labels_path, label.sizes[0], images_path, image.sizes[0]));
  Table table{
      .rows = image.sizes[0],
      .dimension = static_cast<int>(payload(image) / image.sizes[0]),
      .values = std::vector<std::uint8_t>(images.begin() + static_cast<std::ptrdiff_t>(image.length), images.end()),
      .label = {}};
  for (std::size_t i = label.length; i < labels.size(); ++i)
    table.label.push_back(static_cast<unsigned char>(labels[i]));
  return table;
}

}  // namespace fieldscan::data
