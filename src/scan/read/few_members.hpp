#pragma once
#include "../points/parsed.hpp"
#include "../statement/statements.hpp"
#include "../task/test_members.hpp"

namespace fieldscan::scan {

/// Ensembles that are too small for the tests of a scan, or, where it has none, for any interval.
class FewMembers {
 public:
  FewMembers(const Scan::Parsed& parsed, const Statements& statements, Report& report)
      : report_(report), statements_(statements), tests_(parsed.symbols, statements.tests, statements.definitions) {}
  void see(const Block& block, const Point& point);
  void finish() const;

 private:
  /// A power law of which all points together have two abscissas.
  void warn_of_two_points(const Test& test, const TestMembers& members) const;

  Report& report_;
  const Statements& statements_;
  MembersOfTests tests_;
};

}  // namespace fieldscan::scan
