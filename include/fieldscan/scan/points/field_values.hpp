#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/scan/points/point.hpp"

namespace fieldscan::scan {

/// A word that a condition compares a field with, by == or !=, on either side.
struct ComparedWord {
  std::string path;  ///< full, as in Point::names
  std::string word;
  std::size_t offset = 0;  ///< in the condition, of its quotes
};
/// Those of a condition, wherever they stand in it. `paths`: of its atoms, empty of those that are no fields.
std::vector<ComparedWord> compared_words(const Expression& condition, const std::vector<std::string>& paths);

/// A word that no point has: a comparison with it is the same everywhere.
struct UnknownWord {
  ComparedWord compared;
  std::string message;    ///< "no point has network.activation 'rleu'"
  std::string help;       ///< "did you mean 'relu'?", or the values that there are
  bool misspelt = false;  ///< it is nearly one that points have
};

/// The values that fields have at points, for what is said of a condition that holds at none of them, or whose words
/// none of them has.
class FieldValues {
 public:
  /// Full paths, as in Point::names.
  explicit FieldValues(const std::vector<std::string>& paths);
  void see(const Point& point);
  /// "network.activation is 'erf' or 'relu'; network.width is 16, 32 or 64"; of many values the first three and the
  /// last. Empty where there are no fields.
  std::string text() const;
  /// The first of these words that none of the points has; nothing where all values of its field are not known.
  std::optional<UnknownWord> unknown(const std::vector<ComparedWord>& words) const;

 private:
  struct Field {
    std::string path;
    std::vector<AxisValue> values = {};  ///< sorted, each once; of very many the first that were seen
  };
  std::vector<Field> fields_;
};

}  // namespace fieldscan::scan
