#pragma once
#include "../statement/statements.hpp"
#include "point_formula.hpp"

namespace fieldscan::scan {

/// Whether what statements ask for can be had at any of their points: measured by its trainer, predicted by its
/// theories. A statement of which that is not so can never be decided.
class Reach {
 public:
  Reach(const Scan::Parsed& parsed, const Statements& statements, Report& report);
  void see(const SeenPoint& seen);
  /// A point that can not be, for other reasons: what its trainer would measure is known all the same.
  void see_unsound(const Walker& walker);
  void finish() const;

 private:
  /// What one name of a formula needs of a point.
  struct Source {
    std::string text = {};  ///< as it stands in the formula
    std::optional<Observable> measured = {};
    std::string theory = {};  ///< where it is predicted
    bool there = false;       ///< at some point
  };
  /// A formula, until a point has all that it needs.
  struct Wanted {
    const Demand* demand = nullptr;
    const Demand::Part* part = nullptr;
    Selected selected = {};
    std::vector<Source> sources = {}, beside = {};  ///< its own, and those of what it is compared with
    bool selects = false, trains = false, done = false;
  };
  void add_sources(const std::vector<ResolvedName>& names, const std::string& from, std::vector<Source>& sources) const;
  void add(const Demand& demand, const Demand::Part& part);
  bool all_there(std::vector<Source>& sources, const Wanted& wanted, const SeenPoint& seen) const;
  bool has(const Source& source, const Wanted& wanted, const SeenPoint& seen) const;
  void try_point(Wanted& wanted, const SeenPoint& seen) const;
  void report(const Wanted& wanted) const;
  void report_missing(const Wanted& wanted, const Source& source) const;
  /// "write nngp.error_test" where theories of the scan predict it.
  std::string predicted_instead(Observable observable) const;
  void refuse_dimensions(const Demand& demand) const;

  const Scan::Parsed& parsed_;
  const Statements& statements_;
  Report& report_;
  std::vector<Wanted> wanted_;
};

}  // namespace fieldscan::scan
