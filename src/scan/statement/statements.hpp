#pragma once
#include <set>
#include <string>
#include <vector>

#include "../text/report.hpp"
#include "../text/tree.hpp"
#include "fieldscan/scan/statement/statement.hpp"
#include "needs.hpp"
#include "symbols.hpp"

namespace fieldscan::scan {

/// A `where` of a statement, for the check that it selects a point.
struct Selection {
  std::string statement = {};
  Formula where = {};
};

/// A statement that looks at a number of time, for the check that some point has times.
struct Timed {
  std::string statement = {};
  std::string at = {};
  Place place = {};
  Formula where = {};
};

/// A statement that looks at a range of its abscissa, for the check that points lie in it.
struct Windowed {
  std::string statement = {};
  Window window = {};
  Place place = {};
  Formula versus = {};
  Formula where = {};
};

/// What a statement asks of points, for the check that some point has it.
struct Demand {
  struct Part {
    std::string key = {};
    Formula formula = {};
    std::string from = {};    ///< the theory that its observables are taken from
    std::string beside = {};  ///< what it is compared with, at the same points
    Severity if_absent = Severity::error;
  };
  std::string statement = {};
  std::vector<Part> parts = {};
  Formula where = {};
  std::string at = {};
  std::vector<Formula> along = {};  ///< what it is looked at along, or told apart by
};

/// An expression along which a statement looks at a curve, for the check that it takes more than one value.
struct Abscissa {
  std::string statement = {};
  std::string key = {};  ///< versus, along, between, over
  Formula formula = {};
  Formula where = {};
};

struct Statements {
  std::vector<Define> definitions = {};
  std::vector<Test> tests = {};
  std::vector<Figure> figures = {};
  std::vector<Selection> selections = {};
  std::vector<Timed> timed = {};
  std::vector<Windowed> windows = {};
  std::vector<Demand> demands = {};
  std::vector<Abscissa> abscissas = {};
  std::vector<Timed> over_time = {};  ///< those that run over all times
  Needs needs;
};

/// Adds the names that `define` makes to the symbols.
void register_definitions(const Node& root, Symbols& symbols, Report& report);

/// Definitions that need each other: none of them has a value.
void refuse_circles(const std::vector<Define>& definitions, const Symbols& symbols, Report& report);

/// Reads define, tests and figures; every formula is compiled and all its names are resolved. `used` collects the
/// fields mentioned.
Statements read_statements(const Node& root, const Symbols& symbols, Report& report, std::set<std::string>& used);

}  // namespace fieldscan::scan
