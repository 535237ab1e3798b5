#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/flat.hpp"
#include "fieldscan/core/matrix.hpp"

/// What one look at a file of data told. Identities, sizes and every later analysis follow from it: only what computes
/// opens the file again, and finds out whether it is still the same.
namespace fieldscan::data {

/// Whether the first line of a table is its header.
enum class Header { automatic, yes, no };
constexpr auto words(Header) { return std::array<std::string_view, 3>{"auto", "true", "false"}; }

/// Where test points come from where there are files of their own for them.
enum class TestFrom { automatic, pool, files };
constexpr auto words(TestFrom) { return std::array<std::string_view, 3>{"auto", "pool", "files"}; }

struct FileFacts {
  std::string path;  ///< as the scan has it
  Header header = Header::automatic;
  std::string place;      ///< where it was read: an absolute path
  std::string content;    ///< XXH3 (128 bits) of the uncompressed content
  int dimension = 0;      ///< d
  bool has_test = false;  ///< the data have a held-out part of their own
  Index train_rows = 0, test_rows = 0;
  /// Rows per label, of the labels that `classes` can name (whole numbers from 0); the test part is empty unless
  /// has_test.
  std::map<double, Index> train_count = {}, test_count = {};
  /// Of each such label the places of its training rows, ascending, in the order in which rows are held out for tests.
  std::map<double, std::vector<std::uint32_t>> held_out_places = {};
  std::string
      note;  ///< what was taken for what ("line 1 is the header: a,b,label"); empty where there is nothing to tell
  bool operator==(const FileFacts&) const = default;
};

using DataFiles = std::vector<std::shared_ptr<const FileFacts>>;

/// The facts of a path that was read with this choice of header; empty where they are not there.
std::shared_ptr<const FileFacts> find_file(const DataFiles& files, std::string_view path, Header header);

/// As bytes, for the store and for other processes. `unpack` throws MalformedMessage.
Bytes pack(const DataFiles& files);
DataFiles unpack(std::span<const char> bytes);

/// One sentence for people: path, rows, dimension, and what was taken for what.
std::string describe(const FileFacts& facts);

/// Where a path of a scan leads: relative ones start at the folder of the scan file, and where nothing is there, at the
/// current one (a scan that is read from a pipe, a path that was given with --set). Absolute.
std::filesystem::path locate(const std::string& path, const std::filesystem::path& folder);

/// The files of data that a scan was read with are gone, or have another content: what would be computed is not what
/// was asked for. No task can go on, and nothing that depends on them may be stored.
class DataLost : public EnvironmentError {
 public:
  explicit DataLost(const std::string& what) : EnvironmentError(what) {}
};

}  // namespace fieldscan::data
