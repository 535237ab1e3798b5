#pragma once
#include <optional>
#include <string>
#include <vector>

#include "../points/parsed.hpp"
#include "fieldscan/scan/statement/formula.hpp"

/// What can be said of a statement from the points alone, before there are results.
namespace fieldscan::scan {

/// A point that is looked at, with its times.
class SeenPoint {
 public:
  explicit SeenPoint(const Walker& walker) : walker_(walker) {}
  const Point& point() const { return walker_.point(); }
  const Variant& variant() const { return walker_.variant(); }
  /// The times t at which it records, ascending; none where it has an end alone.
  const std::vector<double>& times() const;

 private:
  const Walker& walker_;
  mutable std::optional<std::vector<double>> times_ = {};
};

/// A formula of the fields of points and of the time.
class PointFormula {
 public:
  /// Nothing where the formula mentions results, or can not be read.
  static std::optional<PointFormula> of(const Symbols& symbols, const std::string& text);
  bool in_time() const { return in_time_; }
  /// The full paths of its fields.
  const std::vector<std::string>& fields() const { return fields_; }
  /// Its value; nothing where the point lacks a field. Throws ExpressionError.
  std::optional<double> at(const Point& point, double time = 0) const;

 private:
  Expression expression_ = {};
  std::vector<std::string> atoms_ = {};   ///< full paths, or the words of the time
  std::vector<std::string> clocks_ = {};  ///< of each atom: the word of the time that it is, else empty
  std::vector<std::string> fields_ = {};
  bool in_time_ = false;
};

/// The points that a `where` selects.
struct Selected {
  std::optional<PointFormula> where = {};  ///< nothing: all of them
  /// Nothing where that can not be decided from the points.
  static std::optional<Selected> by(const Symbols& symbols, const Formula& where);
  /// Whether it holds at a time; false where it can not be evaluated, which is reported where it was read.
  bool holds(const Point& point, double time = 0) const;
  /// Whether it holds at any of a point's times.
  bool holds_at_some_time(const SeenPoint& seen) const;
};

}  // namespace fieldscan::scan
