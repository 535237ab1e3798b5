#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fieldscan/core/hash.hpp"
#include "fieldscan/scan/expression/expression.hpp"
#include "fieldscan/scan/schema/point_spec.hpp"
#include "fieldscan/theory/predict.hpp"

namespace fieldscan::scan {

/// The id of a point: XXH3 of the sorted canonical text of its spec.
std::string point_text(const PointSpec& spec);
Id point_id(const PointSpec& spec);

/// `until:` of an ensemble: grow in batches until the standard error is small enough.
struct Until {
  std::string observable = "error_test";
  double relative_error = 0.02;
  int batch = 8;
  int max = 512;
  bool operator==(const Until&) const = default;
};

/// How many replicas: data draws × initialisations (for samplers the second level is a chain).
struct Ensemble {
  int data_draws = 1;
  int initialisations = 1;
  int theory_draws = 0;  ///< data draws of the predictions that are given one; 0: as many as data_draws
  std::optional<Until> until = {};
  bool operator==(const Ensemble&) const = default;
};

/// What a theory of a scan is there for: to describe what the trainer makes of the networks, or as a yardstick beside
/// any trainer, which obeys it or not.
enum class Role { description, reference };
constexpr auto words(Role) { return std::array<std::string_view, 2>{"description", "reference"}; }

/// A theory of the scan, under the name by which tests call it.
struct TheoryUse {
  std::string name;
  theory::AnyTheory theory;
  Role role = Role::description;
  std::optional<double> ridge = {};  ///< its own, of a reference; nothing: that of the point
  bool operator==(const TheoryUse&) const = default;
};

struct NamedValue {
  std::string path;  ///< full dotted path, or the name of a `let` variable
  AxisValue value;
  bool operator==(const NamedValue&) const = default;
};

/// One point of the plan.
struct Point {
  std::size_t block = 0;    ///< first block that contains it
  std::uint64_t index = 0;  ///< in that block, counted before `where`
  PointSpec spec;
  Id id;
  /// Every value that names can stand for: axes and `let` variables first, then all number and word fields by their
  /// full path.
  std::vector<NamedValue> names;
  /// Position of the point's value on each axis of its block, in the order of BlockInfo::axes: what to group by where
  /// the values of an axis are expressions.
  std::vector<std::uint32_t> positions;
  Ensemble ensemble;
  std::vector<TheoryUse> theories;
  training::ObservePlan observe;
};

/// Whether the point trains networks: false for `training: none`, where only theories are computed.
bool trains(const PointSpec& spec);

/// What the point's trainer makes of the parameters.
Dynamics dynamics_of(const PointSpec& spec);
/// The settings that a theory which describes the networks sees at a point.
theory::Setting setting_of(const Point& point);
/// The settings that this theory sees: a reference sees the same network and data as without a trainer (`training:
/// none`), at its own ridge where it has one.
theory::Setting setting_of(const Point& point, const TheoryUse& use);
/// The id of a theory's prediction at a point.
Id prediction_id(const TheoryUse& use, const Point& point);

}  // namespace fieldscan::scan
