#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "fieldscan/data/input/file.hpp"

/// Reading real data. Every function throws EnvironmentError where files are missing or malformed.
namespace fieldscan::data {

/// The uncompressed bytes of a file, plain or gzip.
std::string read_bytes(const std::string& path);
/// At most the first `count` uncompressed bytes.
std::string read_head(const std::string& path, std::size_t count);

/// Points as they are in a file.
struct Table {
  Index rows = 0;
  int dimension = 0;
  std::variant<std::vector<std::uint8_t>, std::vector<double>> values;  ///< row-major [rows × dimension]
  std::vector<double> label;                                            ///< [rows]
};

/// Everything at a path; `test` is set where the data have a held-out part of their own.
struct Tables {
  Table train;
  std::optional<Table> test;
  std::string content;  ///< key of the uncompressed content
};
Tables read_tables(const std::string& path);

/// What `resolve` keeps of them.
FileFacts read_facts(const std::string& path);
/// The dimension alone, from the head of the file where the format allows it.
int read_dimension(const std::string& path);

/// A tensor in the idx format of MNIST (unsigned bytes): magic 0x00 0x00 0x08 rank, big-endian sizes, row-major bytes.
struct IdxHeader {
  std::vector<std::uint32_t> sizes;
  std::size_t length = 0;  ///< of the header in bytes
};
IdxHeader parse_idx_header(const std::string& bytes, const std::string& path);
/// Images [rows × …] with their labels [rows].
Table parse_idx(const std::string& images, const std::string& images_path, const std::string& labels,
                const std::string& labels_path);

/// An array in the NPY format, versions 1 to 3: C order; u1, i4, i8, f4 or f8 (little-endian).
struct NpyArray {
  std::vector<Index> shape;
  std::vector<double> values;
};
NpyArray parse_npy(const std::string& bytes, const std::string& path);

/// A table of comma-separated numbers, the label in the last column; a first line without numbers is skipped.
Table parse_csv(const std::string& text, const std::string& path);

}  // namespace fieldscan::data
