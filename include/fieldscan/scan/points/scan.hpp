#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/scan/points/point.hpp"
#include "fieldscan/scan/statement/statement.hpp"
#include "fieldscan/scan/text/diagnostic.hpp"

namespace fieldscan::scan {

/// One axis as the scan file gives it.
struct AxisInfo {
  std::string path = {};               ///< "network.width" or the name of a `let` variable
  std::string short_name = {};         ///< "width" where unambiguous, else the path
  std::vector<AxisValue> values = {};  ///< in the order of the file; named choices by their name
  bool zipped = false;
};

struct BlockInfo {
  std::string name = {};
  std::vector<AxisInfo> axes = {};
  std::uint64_t combinations = 0;  ///< before `where`
};

/// A scan file, read and checked. Immutable; cheap to copy (shared).
class Scan {
 public:
  const std::string& name() const;
  std::int64_t seed() const;
  const std::string& text() const;  ///< the file as it was read
  const std::vector<std::string>& overrides() const;
  const std::vector<BlockInfo>& blocks() const;
  /// The point of a block at an index; nullopt where `where` excludes it. Throws PointError where an expression fails
  /// there.
  std::optional<Point> point(std::size_t block, std::uint64_t index) const;
  /// All points in order of block and index, equal ids once (the first); visit returns false to stop.
  void for_each_point(const std::function<bool(const Point&)>& visit) const;
  const std::vector<Define>& definitions() const;
  const std::vector<Test>& tests() const;
  const std::vector<Figure>& figures() const;
  const data::DataFiles& data_files() const;  ///< what one look at the files of data told

  struct Parsed;
  explicit Scan(std::shared_ptr<const Parsed> parsed);
  const Parsed& parsed() const { return *parsed_; }  ///< for the sources of this layer

 private:
  std::shared_ptr<const Parsed> parsed_;
};

/// An expression that fails at a point, a value out of range there: names block, values and rule.
class PointError : public std::runtime_error {
 public:
  explicit PointError(const std::string& what) : std::runtime_error(what) {}
};

struct ReadResult {
  std::optional<Scan> scan = {};  ///< empty where there are errors
  std::vector<Diagnostic> diagnostics = {};
};

/// Reads a scan file: strict, all diagnostics at once. `overrides` are the `path=value` of --set. Files of data are
/// looked at once, for their content and sizes, but for those that are `known`: what was computed is read without them.
/// Relative paths of data start at the folder of `file`.
ReadResult read_scan(const std::string& text, const std::string& file, const std::vector<std::string>& overrides = {},
                     const data::DataFiles& known = {});

}  // namespace fieldscan::scan
