#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fieldscan/core/row.hpp"
#include "fieldscan/scan/points/scan.hpp"

/// The predictions of a scan as one tidy table, without training anything and without a store.
namespace fieldscan::analysis {

/// One predicted number: the mean over the data draws, or replicas, that the theory is evaluated on.
struct PredictedRow {
  Observable observable{};
  double time = equilibrium;
  double coordinate = 0;  ///< along the observable's own dimension
  double value = 0;
  double standard_error =
      0;                   ///< over draws or replicas, NaN where there is one; where the theory is given none, its own
  std::int64_t draws = 0;  ///< or replicas, that have the number
  Flag flag = Flag::none;  ///< of any draw
  bool operator==(const PredictedRow&) const = default;
};

/// One theory at one point.
struct PredictedPoint {
  Id point;
  std::vector<std::string>
      coordinates;  ///< values on the axes of the table; "" where the point's block has no such axis
  std::string theory;
  std::vector<PredictedRow> rows;  ///< scalars; predictor arrays are left out
  std::vector<std::string>
      problems;  ///< outcomes other than done with their reasons, and remarks beside those that are done, each once
  bool failed = false;  ///< a problem is a numerical error or missing data, not a matter of regime
};

struct TheoryTable {
  std::vector<std::string> axes;  ///< full paths
  std::vector<PredictedPoint> points;
  bool any_failed() const;
  /// Whether there is none that has a number: all diverged, or do not apply, and the like.
  bool without_numbers() const;
};

/// What is evaluated next.
struct NextPrediction {
  std::size_t number = 0, all = 0;  ///< counted from one
  std::string theory;
  Id point;
};

/// Which points: those whose id begins with one of the prefixes (all where there is none), and at most so many (0:
/// all).
struct PointSelection {
  std::vector<std::string> prefixes = {};
  std::size_t limit = 0;
  double seconds = 0;  ///< of processor time after which one prediction is given up, and its point says so; 0: no limit
  std::function<void(const NextPrediction&)> before = {};  ///< called before every prediction
  double memory = 0;  ///< bytes of this machine: what needs more is not tried, and its point says so; 0: no limit
};

/// Evaluates every theory at every selected point; what several points share is evaluated once. A theory that fails at
/// a point leaves its reason there, and the others go on. Throws EnvironmentError where a prefix selects no point.
TheoryTable evaluate_theories(const scan::Scan& scan, const PointSelection& selection = {});

}  // namespace fieldscan::analysis
