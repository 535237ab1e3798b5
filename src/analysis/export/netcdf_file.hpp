#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fieldscan::analysis {

/// One dimension with its labels (an axis of words) or values.
struct Dimension {
  std::string name;
  std::vector<std::string> labels;  ///< empty for numbers
  std::vector<double> values;
  std::string long_name;
  std::size_t size() const { return labels.empty() ? values.size() : labels.size(); }
};

/// Of flags that are values: there is none.
inline constexpr std::uint8_t no_flag = 255;

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// A NetCDF-4 file that is made in memory, and then written whole: the library does not survive a disk that is full.
/// Every function throws EnvironmentError where that can not be done, with the reason.
class NetcdfFile {
 public:
  NetcdfFile();
  ~NetcdfFile();
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  void attribute(const std::string& name, const std::string& value) const;
  /// Writes a dimension and its coordinate variable; returns its number.
  int define(const Dimension& dimension) const;
  /// Writes an array, row-major over its dimensions; what is not a number is the fill value.
  void variable(const std::string& name, const std::vector<int>& dimensions, const std::vector<double>& values,
                const Attributes& attributes) const;
  /// Whole numbers; every cell has one.
  void counts(const std::string& name, const std::vector<int>& dimensions, const std::vector<int>& values,
              const Attributes& attributes) const;
  /// Flags as the CF conventions have them: of values from zero on, a word each (`flag_values`), no_flag the fill
  /// value.
  void flags(const std::string& name, const std::vector<int>& dimensions, const std::vector<std::uint8_t>& values,
             std::span<const std::string_view> words, const Attributes& attributes) const;
  /// The same of bits, a word each (`flag_masks`).
  void flags(const std::string& name, const std::vector<int>& dimensions, const std::vector<std::uint16_t>& bits,
             std::span<const std::string_view> words, const Attributes& attributes) const;
  /// The last call: nothing can be added after it.
  void write(const std::filesystem::path& path);

 private:
  int id_ = -1;
};

}  // namespace fieldscan::analysis
