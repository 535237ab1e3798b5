#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/scan/statement/names.hpp"
#include "fieldscan/theory/predict.hpp"

namespace fieldscan::scan {

/// Every name that a statement can mention.
struct Symbols {
  std::set<std::string> paths;                                            ///< full paths of fields, axes, variables
  std::map<std::string, std::set<std::string>, std::less<>> short_names;  ///< last part -> full paths
  std::map<std::string, std::vector<theory::AnyTheory>, std::less<>> theories;
  std::set<std::string> unbuilt_theories;
  std::set<std::string> definitions;
  std::set<std::string> axes;   ///< their last parts
  std::set<std::string> flags;  ///< full paths of what is true or false
  std::set<std::string> words;  ///< full paths of what is a word at every point
  bool members = false;         ///< whether a block says of how many networks error_ensemble is
};

/// Resolves atoms and bare names over symbols; what the functions of points/names.hpp do for a whole scan.
ResolvedName resolve(const Symbols& symbols, const Atom& atom);
ResolvedName resolve(const Symbols& symbols, const std::string& name);
Mentions mentions(const Symbols& symbols, const std::string& formula);
/// The same of a formula that must be a condition: true or false at a point (FS0413).
Mentions condition(const Symbols& symbols, const std::string& formula);
bool is_dimension(std::string_view name);
/// Time, or time in another unit: steps, epochs, compute.
bool is_time(std::string_view name);

}  // namespace fieldscan::scan
