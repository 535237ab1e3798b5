#pragma once
#include <string>
#include <vector>

#include "fieldscan/scan/points/point.hpp"

namespace fieldscan::scan {

/// The values that fields have at points, for what is said of a condition that holds at none of them.
class FieldValues {
 public:
  /// Full paths, as in Point::names.
  explicit FieldValues(const std::vector<std::string>& paths);
  void see(const Point& point);
  /// "network.activation is 'erf' or 'relu'; network.width is 16, 32 or 64"; of many values the first three and the
  /// last. Empty where there are no fields.
  std::string text() const;

 private:
  struct Field {
    std::string path;
    std::vector<AxisValue> values = {};  ///< sorted, each once; of very many the first that were seen
  };
  std::vector<Field> fields_;
};

}  // namespace fieldscan::scan
