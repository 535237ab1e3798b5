#pragma once
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fieldscan/scan/text/diagnostic.hpp"

/// What the fields of statements hold. Every type is read, explained and checked in one way.
namespace fieldscan::scan {

/// An expression over observables, axes and dimensions, as it stands in the file.
struct Formula {
  std::string text = {};
  Place place = {};
  bool empty() const { return text.empty(); }
  bool operator==(const Formula&) const = default;
};

/// A formula, or the name of a theory of the scan.
struct Reference {
  std::string text = {};
  Place place = {};
  bool theory = false;  ///< set by the reader
  bool empty() const { return text.empty(); }
  bool operator==(const Reference&) const = default;
};

/// One reference, or a list of formulas: the exponents of a law.
struct Exponents {
  std::vector<Formula> each = {};
  bool empty() const { return each.empty(); }
  bool operator==(const Exponents&) const = default;
};

/// The name of an axis, a field or a dimension.
struct AxisName {
  std::string text = {};
  bool empty() const { return text.empty(); }
  bool operator==(const AxisName&) const = default;
};

/// A time: start, end, best, all, or a number; empty where nothing is said, which means the end.
struct At {
  std::string text = {};
  bool operator==(const At&) const = default;
};

/// `3%` or `0.15`.
struct Margin {
  double value = 0;
  bool relative = false;
  bool operator==(const Margin&) const = default;
};

/// The two ends of a range.
using Window = std::pair<double, double>;

/// The keys that stand in the file.
using GivenKeys = std::set<std::string, std::less<>>;

/// What a kind of statement finds wrong with itself beside its single fields.
struct Fault {
  std::string key = {};  ///< the key that means nothing here; empty: what is said is wrong
  std::string message = {};
  std::string help = {};
  Place place = {};  ///< of what is wrong; nothing: the statement
};

}  // namespace fieldscan::scan
