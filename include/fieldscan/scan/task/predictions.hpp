#pragma once
#include <cstdint>
#include <functional>

#include "fieldscan/scan/points/scan.hpp"

namespace fieldscan::scan {

/// The evaluations of a prediction: data draws 0 … draws − 1, crossed with initialisations 0 … initialisations − 1.
struct PredictionMembers {
  std::int64_t draws = 1, initialisations = 1;
  std::int64_t count() const { return draws * initialisations; }
  bool operator==(const PredictionMembers&) const = default;
};

/// What a theory at a point is evaluated on: once where it is given nothing; given a draw on `theory_draws` of them, or
/// as many as the ensemble has; given a replica on those draws with each initialisation of the ensemble.
PredictionMembers prediction_members(const TheoryUse& use, const Ensemble& ensemble);
/// What holds both.
PredictionMembers hull(const PredictionMembers& a, const PredictionMembers& b);

/// One prediction of the plan: several points that differ only in what the theory does not depend on share it.
struct Prediction {
  Id id;
  std::size_t block = 0;  ///< first point that asks for it
  std::uint64_t index = 0;
  std::uint64_t theory = 0;        ///< position in Point::theories
  PredictionMembers members = {};  ///< what holds all that its points ask for
};

/// Calls visit for every prediction of the scan once, in order of first appearance.
void for_each_prediction(const Scan& scan, const std::function<void(const Prediction&)>& visit);

}  // namespace fieldscan::scan
