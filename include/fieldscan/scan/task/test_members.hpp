#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"

/// What tests need of their ensembles, and what their points have, before anything runs.
namespace fieldscan::scan {

/// How many members an interval at a point can rest on at most: those of the larger level; for a sampler draws ×
/// chains.
std::int64_t members_of(const Ensemble& ensemble, bool sampler);

/// Whether an ensemble, which does not grow, has fewer members than an interval needs, or a level too small beside the
/// other.
bool is_too_few(const Ensemble& ensemble, bool sampler, std::int64_t needed);

/// Of one test.
struct TestMembers {
  std::string test = {};
  Place place = {};
  std::int64_t needed = 0;          ///< members_needed() of all it mentions; 0: nothing in it varies over the ensemble
  std::uint64_t points = 0;         ///< measured points that it is about
  std::uint64_t too_few = 0;        ///< so many of these have too few, and never get more
  Ensemble least = {};              ///< of those that have too few, else of all, the one with the fewest members
  bool sampler = false;             ///< whether that one is a sampler's
  bool same_data = false;           ///< whether its data draws are copies, and count as one
  std::int64_t members = 0;         ///< its members_of()
  std::uint64_t applicable = 0;     ///< points that it is about at which the theories that it compares with apply
  std::string inapplicable = {};    ///< why a theory that it compares with applies at no point; else empty
  std::set<double> abscissas = {};  ///< of the points, where one formula of fields stands in `versus`
};

/// All tests of a scan, in their order.
std::vector<TestMembers> members_of_tests(const Scan& scan);

/// "4 data draws × 4 initialisations", "2 data draws × 2 chains".
std::string text_of(const Ensemble& ensemble, bool sampler);
/// "--set ensemble.data_draws=8": a change that gives an ensemble so many members, and two levels that are known.
std::string options_for(const Ensemble& ensemble, bool sampler, std::int64_t members);
/// The same for what a test has; where its data draws are copies more of them are no change.
std::string options_for(const TestMembers& members);

/// Whether the data draws of a point are copies that differ in nothing, trainings (where measured) having no noise of
/// their own either; and the ensemble that they make, one draw.
enum class Side { measured, predicted };
bool draws_are_one(const Point& point, Side side);
Ensemble ensemble_of(const Point& point, Side side);

}  // namespace fieldscan::scan
