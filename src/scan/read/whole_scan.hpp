#pragma once
#include <unordered_map>
#include <unordered_set>

#include "../points/parsed.hpp"
#include "../statement/statements.hpp"

namespace fieldscan::scan {

/// More results (replicas, or evaluations of predictions) can not be booked by one campaign.
inline constexpr double most_results = 3e7;

/// What can only be said of all points of a scan together: points that repeat one another, values taken of several
/// points, times that no point has, and more results than a campaign can book.
class WholeScan {
 public:
  /// `used`: the names that points depend on, as against those that statements alone mention.
  WholeScan(const Scan::Parsed& parsed, const Statements& statements, const std::set<std::string>& used,
            Report& report);

  void begin(std::size_t block);
  void see(Walker& walker);
  /// `selected`: points of the block that `where` keeps.
  void end(std::size_t block, std::uint64_t selected);
  void finish();

 private:
  /// A condition on points, compiled once.
  struct Selected {
    Expression where = {};
    std::vector<std::string> paths = {};  ///< of its atoms
    bool everything = true;
  };
  /// A definition that takes the value of a single point.
  struct Single {
    const Define* define = nullptr;
    Selected selected = {};
    std::unordered_map<std::string, Id> groups = {};  ///< labels along all axes → the point
    bool done = false;                                ///< it was reported, or can not be decided from the points
  };
  /// The abscissa of a curve, until two points of it differ.
  struct Varying {
    const Abscissa* abscissa = nullptr;
    std::vector<std::string> paths = {};
    Selected selected = {};
    std::optional<std::vector<AxisValue>> first = {};
    bool done = false;  ///< it varies, or can not be decided from the points
  };
  /// Nothing where the condition can not be decided from a point's fields.
  std::optional<Selected> selected_by(const Formula& where) const;
  bool holds(const Selected& selected, const Point& point) const;
  Single make_single(const Define& define) const;
  Varying make_varying(const Abscissa& abscissa) const;
  void compare_value(Varying& varying, const Point& point) const;
  void report_idle() const;
  std::string labels(const Single& single, const Point& point) const;
  void take_value(Single& single, const Point& point);
  void count_results(const Point& point);
  void report_repeats(std::size_t block, std::uint64_t selected);

  const Scan::Parsed& parsed_;
  const Statements& statements_;
  const std::set<std::string>& used_;
  Report& report_;
  std::vector<Single> singles_;
  std::vector<Varying> varying_;
  std::set<std::string> axes_;  ///< of all blocks
  bool may_repeat_ = false;     ///< in the present block
  std::unordered_set<Id> ids_;  ///< of the present block
  bool any_times_ = false;
  double replicas_ = 0, evaluations_ = 0, most_draws_ = 0, times_ = 0;
};

}  // namespace fieldscan::scan
