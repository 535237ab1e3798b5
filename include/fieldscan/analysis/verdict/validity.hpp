#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/analysis/verdict/test_result.hpp"

/// Where a theory holds: the domain of an agreement test, from the verdicts of its points.
namespace fieldscan::analysis {

/// The domain in words, along the numeric axis with the most values and at each value of the others:
/// "at train_size = 64 holds for width ≥ 256, fails for width ≤ 64, open for width = 128". A point with several
/// statements holds where all of them do. Empty where no numeric axis varies, or where there would be more than four
/// lines.
std::string validity_domain(const TestResult& result);

/// The same over two axes, as a map.
struct ValidityMap {
  std::string x_axis, y_axis;                              ///< full paths, as in TestResult::Part::key
  std::vector<std::string> x, y;                           ///< labels, numbers ascending
  std::vector<std::vector<std::optional<Verdict>>> cells;  ///< [y × x]; empty where nothing was looked at
};
ValidityMap validity_map(const TestResult& result, const std::string& x_axis, const std::string& y_axis);

}  // namespace fieldscan::analysis
