#pragma once
#include "../text/identifier.hpp"
#include "parsed.hpp"

/// The sections that do not make points: ensemble, theory, observe, times. Each of them may be set for the whole scan
/// and per block.
namespace fieldscan::scan {

inline constexpr std::array<std::string_view, 7> ensemble_keys{
    "data_draws", "initialisations", "chains", "theory_draws", "until", "batch", "max"};
inline constexpr std::array<std::string_view, 4> until_keys{"observable", "relative_error", "batch", "max"};

/// Later nodes override the keys of earlier ones.
Ensemble read_ensemble(const std::vector<const Node*>& nodes, Report& report);

/// Theories that this version does not have are reported, and their names kept so that statements about them are not.
/// `places` gets that of each under theory.NAME.
std::vector<TheoryUse> read_theories(const Node& node, Report& report, std::set<std::string>& unbuilt,
                                     std::map<std::string, Place>& places);

/// What to write where the threshold of droplet_fraction is missing.
inline constexpr const char* droplet_help = "observe: [{kind: droplet_fraction, beyond: 0.5}]";

/// The keys of an entry of `observe`.
inline constexpr std::array<std::string_view, 9> observe_keys{"kind", "on",    "of",     "at",     "replicas",
                                                              "bins", "range", "beyond", "members"};

/// Adds what `observe` says to a plan that has the times already: observables as listed, `at: {steps: …}` to the times.
/// `places` gets that of each entry under observe.NAME.
void read_observe(const Node& node, training::ObservePlan& plan, Report& report, std::map<std::string, Place>& places);

training::TimeGrid read_times(const Node& node, Report& report);
/// The union of two grids; reports where their units differ.
training::TimeGrid merge(const training::TimeGrid& a, const training::TimeGrid& b, Place place, Report& report);

}  // namespace fieldscan::scan
