#pragma once
#include "parsed.hpp"

namespace fieldscan::scan {

/// Resolves what stands in the expressions of a variant and orders them. `used` collects the `let` variables that are
/// mentioned.
struct VariantParts {
  PointSpec spec = {};
  std::vector<Deferred> deferred = {};                         ///< of fields and of `let` variables
  std::vector<std::pair<std::string, double>> variables = {};  ///< `let` variables with a number
  std::vector<std::string> variable_names = {};                ///< all of them, in order
  std::vector<std::uint32_t> positions = {};                   ///< of the structural axes (others 0)
  const Node* where = nullptr;
  std::map<std::string, Place> places = {};
};
std::optional<Variant> make_variant(VariantParts parts, const std::vector<Axis>& axes, Report& report,
                                    std::set<std::string>& used);

/// Where an expression stands: its place, the path that is said of it, and the field that takes its value, if one does.
struct SlotPlace {
  Place place = {};
  std::string path = {};
  const FieldInfo* field = nullptr;
};
/// "unknown name 'many' where a whole number, at least 1, belongs, or an expression".
std::string unknown_name(const Atom& atom, const FieldInfo* field);
/// Position in `names` of a name: in full, else by its last part. Reports unknown and ambiguous names (FS0407, FS0408).
std::optional<std::size_t> find_slot(const std::vector<NamedValue>& names, const Atom& atom, const SlotPlace& at,
                                     Report& report);

}  // namespace fieldscan::scan
