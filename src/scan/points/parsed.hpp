#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../schema/deferred.hpp"
#include "../statement/symbols.hpp"
#include "../text/tree.hpp"
#include "fieldscan/scan/points/scan.hpp"

/// What a scan file is compiled to. A block keeps one variant per combination of those axis values that change more
/// than a number or a word (choices, lists, expressions); the other axes only write into a copy of it, so that a point
/// costs about a microsecond.
namespace fieldscan::scan {

/// Way from a PointSpec to one of its fields.
struct Route {
  std::vector<const FieldInfo*> steps;
  void* find(PointSpec& spec) const;
};
std::optional<Route> route_to(std::string_view path, PointSpec& spec);

/// A deferred expression, ready to be evaluated at every point of a variant.
struct Assignment {
  Deferred what;
  std::vector<std::size_t> slots = {};     ///< position in `names` of each atom
  std::optional<std::size_t> target = {};  ///< position in `names` that gets the value
  Route route = {};
};

/// Where a value of an axis that is not structural goes.
struct AxisWrite {
  std::size_t axis = 0;
  std::size_t target = 0;  ///< position in `names`
  const FieldInfo* field = nullptr;
  Route route = {};
};

struct Condition {
  Expression expression;
  std::vector<std::size_t> slots = {};
  Place place = {};
};

inline constexpr std::size_t section_count =
    6;  ///< data, network, precision, ridge, seed, training: in the order of their texts

struct Variant {
  PointSpec spec;                 ///< with the first value of every other axis
  std::vector<NamedValue> names;  ///< of the same
  std::set<std::string> flags;    ///< those of the names that are true or false
  std::vector<AxisWrite> writes;
  std::vector<Assignment> program;  ///< in an order in which everything is there when it is needed
  std::optional<Condition> where;
  std::array<bool, section_count> changes{};  ///< sections that differ from point to point
  std::array<std::string, section_count> texts;
  std::map<std::string, Place> places;  ///< of sections and choices in the file
};

struct AxisEntry {
  AxisValue value = 0.0;  ///< number or word; name of a named value; text of an expression
  Node node = {};         ///< what is put into the tree
  bool scalar = false;
};

struct Axis {
  std::string path;
  Place place = {};
  std::vector<AxisEntry> entries = {};
  bool structural = false;
  std::size_t dimension = 0;
};

struct Block {
  std::vector<Axis> axes;
  std::vector<std::uint64_t> sizes;  ///< number of values along each dimension; the last runs fastest
  std::vector<bool> structural;      ///< dimensions that select the variant
  std::vector<Variant> variants;
  std::vector<std::pair<std::string, Place>> variables;  ///< `let` names in force
  Ensemble ensemble;
  std::vector<TheoryUse> theories;
  training::ObservePlan asked;  ///< what `observe` and `times` say
  training::ObservePlan plan;   ///< with what the statements need
  Place place;
  /// Of the sections in force that make no points, and of their entries: observe.NAME, theory.NAME.
  std::map<std::string, Place> places = {};
};

struct Scan::Parsed {
  std::string name, text;
  std::int64_t seed = 1;
  std::vector<std::string> overrides;
  std::vector<BlockInfo> infos;
  std::vector<Block> blocks;
  std::vector<Define> definitions;
  std::vector<Test> tests;
  std::vector<Figure> figures;
  Symbols symbols;
  data::DataFiles files = {};
};

/// A rule that fails at one point.
struct PointFailure {
  std::string code;
  Place place;
  std::string path, message, help;
};

/// A whole-number field that an expression gave another number at a point.
struct Rounding {
  const Deferred* what = nullptr;
  double value = 0;
};

/// Walks the points of a block, one at a time, in one scratch object.
class Walker {
 public:
  explicit Walker(const Block& block, std::size_t number);
  /// Makes the point of an index; false where `where` excludes it. Throws PointFailure.
  bool go_to(std::uint64_t index);
  /// Fills in its id.
  void identify();
  const Point& point() const { return point_; }
  const Variant& variant() const { return *variant_; }
  /// Whether all names have their values; also where go_to threw.
  bool named() const { return named_; }
  /// What was rounded at the present index.
  const std::vector<Rounding>& roundings() const { return roundings_; }
  /// "width = 64, ridge = 0.1" of the present index.
  std::string where_text() const;

 private:
  void choose(std::uint64_t index);
  void write_axes();
  void run_program();

  const Block& block_;
  const Variant* variant_ = nullptr;
  Point point_;
  std::array<std::string, section_count> texts_;
  std::string text_;
  std::vector<Rounding> roundings_;
  bool named_ = false;
};

std::uint64_t combinations(const Block& block);
std::string section_text(const PointSpec& spec, std::size_t section);

}  // namespace fieldscan::scan
