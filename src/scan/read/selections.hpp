#pragma once
#include "../statement/statements.hpp"
#include "fieldscan/scan/points/field_values.hpp"
#include "fieldscan/training/clock.hpp"
#include "point_formula.hpp"

namespace fieldscan::scan {

/// The conditions and windows of statements, until a point is found where each holds.
class Selections {
 public:
  Selections(const Scan::Parsed& parsed, const Statements& statements, Report& report);
  void see(const SeenPoint& seen);
  /// A point that can not be: a condition that it fulfils, or may fulfil, is not complained of.
  void see_unsound(const Walker& walker);
  /// Reports those that hold nowhere, or name words that no point has, windows that leave one value, and numbers of
  /// time that nobody has.
  void finish() const;

 private:
  struct Condition {
    const Selection* selection = nullptr;
    std::optional<PointFormula> formula = {};
    FieldValues values;       ///< of its fields, at the points where it was tried
    bool everywhere = false;  ///< to be tried at all points: at some a side of a comparison may be no number
    bool found = false, done = false;
  };
  /// The words of a condition, until points are found that have them.
  struct Words {
    const Selection* selection = nullptr;
    std::vector<ComparedWord> compared = {};
    FieldValues values;
  };
  struct Range {
    const Windowed* windowed = nullptr;
    Selected selected = {};
    std::optional<PointFormula> versus = {};
    std::optional<double> inside = {}, nearest = {};
    bool done = false;
  };
  struct Moment {
    const Timed* timed = nullptr;
    Selected selected = {};
    double time = 0;
    std::vector<double> nearest = {};           ///< the times of the point that comes nearest
    std::optional<training::Clock> clock = {};  ///< of that point
    bool any_selected = false, done = false;
  };
  static std::string remedy(const Moment& moment);
  void try_condition(Condition& condition, const SeenPoint& seen);
  void try_range(Range& range, const SeenPoint& seen) const;
  void take_abscissa(Range& range, double x) const;
  void try_moment(Moment& moment, const SeenPoint& seen) const;
  void report(const Condition& condition) const;
  void report(const Words& words) const;
  bool holds_nowhere(const Selection& selection) const;
  void report(const Range& range) const;
  void report(const Moment& moment) const;

  const Scan::Parsed& parsed_;
  Report& report_;
  std::vector<Condition> conditions_;
  std::vector<Words> words_;
  std::vector<Range> ranges_;
  std::vector<Moment> moments_;
  std::uint64_t trials_ = 0;
};

}  // namespace fieldscan::scan
