#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

EnvironmentError no_npy(const std::string& path, const std::string& why) {
  return EnvironmentError(path + ": is not a NPY file that can be read here (" + why +
                          "); write it with numpy.save or numpy.savez");
}

constexpr std::size_t head_bytes = 12, longest_header = std::size_t{1} << 20;

std::size_t byte_at(const std::string& bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

// Where the header begins, and its length: two bytes in version 1, four in 2 and 3.
struct Extent {
  std::size_t start = 0, length = 0;
};
Extent header_extent(const std::string& bytes, const std::string& path) {
  if (bytes.size() < head_bytes || bytes.compare(0, 6, "\x93NUMPY") != 0)
    throw no_npy(path, "it does not start with \\x93NUMPY");
  const std::size_t version = byte_at(bytes, 6);
  if (version < 1 || version > 3)
    throw no_npy(path, fmt::format("it is of version {}.{}; known are 1 to 3", version, byte_at(bytes, 7)));
  std::size_t length = byte_at(bytes, 8) | byte_at(bytes, 9) << 8;
  if (version > 1) length |= byte_at(bytes, 10) << 16 | byte_at(bytes, 11) << 24;
  if (length > longest_header) throw no_npy(path, fmt::format("its header has {} bytes", length));
  return {.start = version == 1 ? std::size_t{10} : head_bytes, .length = length};
}

NpyHeader header_of(const std::string& bytes, const Extent& extent, const std::string& path) {
  if (bytes.size() < extent.start + extent.length) throw no_npy(path, "its header is cut off");
  return parse_npy_header(std::string_view(bytes).substr(extent.start, extent.length), path);
}

std::size_t count_of(const std::vector<Index>& shape, const std::string& path) {
  std::size_t count = 1;
  for (const Index size : shape)
    if (__builtin_mul_overflow(count, static_cast<std::size_t>(size), &count) ||
        count > std::numeric_limits<std::ptrdiff_t>::max() / 16)
      throw no_npy(path, "its shape is too large");
  return count;
}

// From the order in which the first index runs fastest to that in which the last one does.
std::vector<double> row_major(const std::vector<double>& values, const std::vector<Index>& shape) {
  std::vector<double> out(values.size());
  std::vector<Index> index(shape.size(), 0);
  std::vector<std::size_t> stride(shape.size(), 1);
  for (std::size_t d = 1; d < shape.size(); ++d) stride[d] = stride[d - 1] * static_cast<std::size_t>(shape[d - 1]);
  std::size_t at = 0;
  for (double& value : out) {
    value = values[at];
    for (std::size_t d = shape.size(); d-- > 0;) {
      at += stride[d];
      if (++index[d] < shape[d]) break;
      at -= stride[d] * static_cast<std::size_t>(shape[d]);
      index[d] = 0;
    }
  }
  return out;
}

void check_finite(const NpyArray& array, const std::string& path) {
  const std::size_t rows = array.shape.empty() ? 1 : static_cast<std::size_t>(array.shape[0]);
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    if (std::isfinite(array.values[k])) continue;
    const std::size_t columns = array.values.size() / rows;
    throw EnvironmentError(
        fmt::format("{}: entry {} of row {} (both from 0) is {}, not a finite number; leave such rows "
                    "out or replace them",
                    path, k % columns, k / columns, array.values[k]));
  }
}

}  // namespace

std::string read_npy(const Source& source, const std::string& path) {
  std::string bytes = read_up_to(source, head_bytes, path);
  const Extent extent = header_extent(bytes, path);
  const std::size_t data = extent.start + extent.length;
  if (data > bytes.size()) bytes += read_up_to(source, data - bytes.size(), path);
  const NpyHeader header = header_of(bytes, extent, path);
  const std::size_t expected = count_of(header.shape, path) * header.type.size;
  const std::size_t wanted = data + expected;
  if (wanted >= bytes.size()) bytes += read_up_to(source, wanted - bytes.size() + 1, path);
  if (bytes.size() != wanted)
    throw EnvironmentError(
        fmt::format("{}: holds {}{} bytes of numbers where its header announces {} (shape ({}), {} "
                    "bytes each): it is cut off or damaged",
                    path, bytes.size() > wanted ? "more than " : "", std::min(bytes.size(), wanted) - data, expected,
                    fmt::join(header.shape, ", "), header.type.size));
  return bytes;
}

NpyArray parse_npy(const std::string& bytes, const std::string& path) {
  const Extent extent = header_extent(bytes, path);
  NpyHeader header = header_of(bytes, extent, path);
  const auto numbers = std::string_view(bytes).substr(extent.start + extent.length);
  NpyArray array{.shape = std::move(header.shape),
                 .values = numbers_of(header.type, numbers),
                 .fortran_order = header.fortran_order};
  array.fortran_order = array.fortran_order && array.shape.size() > 1;
  if (array.fortran_order) array.values = row_major(array.values, array.shape);
  check_finite(array, path);
  return array;
}

Table table_of(NpyArray x, const std::string& x_name, NpyArray y, const std::string& y_name) {
  if (x.shape.size() < 2 || x.values.empty())
    throw EnvironmentError(
        fmt::format("{}: has the shape ({}) where [points × dimension …] is needed, with at least one point", x_name,
                    fmt::join(x.shape, ", ")));
  if (y.values.size() != static_cast<std::size_t>(x.shape[0]))
    throw EnvironmentError(
        fmt::format("{}: has {} labels where {} has {} points", y_name, y.values.size(), x_name, x.shape[0]));
  const std::size_t dimension = x.values.size() / y.values.size();
  if (dimension > std::numeric_limits<int>::max() || x.shape[0] > std::numeric_limits<int>::max())
    throw EnvironmentError(fmt::format("{}: the shape ({}) is too large", x_name, fmt::join(x.shape, ", ")));
  return {.rows = x.shape[0],
          .dimension = static_cast<int>(dimension),
          .values = std::move(x.values),
          .label = std::move(y.values)};
}

}  // namespace fieldscan::data
