#pragma once
#include <map>
#include <string>
#include <vector>

#include "../formula/formula.hpp"
#include "fieldscan/scan/statement/test.hpp"
#include "figure.hpp"

/// What an agreement compares, wherever it could: the cells of a map of validity.
namespace fieldscan::analysis {

/// An agreement between a measurement and its reference.
struct Comparison {
  const scan::Test& test;
  const scan::Agreement& kind;
};

/// One site: its labels along what varies, and its distance.
struct Compared {
  std::map<std::string, std::string> labels;
  MapCell cell;
};

/// All sites of the blocks in which the test looks, whatever it selects there; words are those of its own statements
/// where it makes them, else what it would say.
std::vector<Compared> compare_all(const Context& context, const Comparison& comparison);

}  // namespace fieldscan::analysis
