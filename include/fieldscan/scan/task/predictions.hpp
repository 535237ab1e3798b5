#pragma once
#include <cstdint>
#include <functional>

#include "fieldscan/scan/points/scan.hpp"

namespace fieldscan::scan {

/// How many data draws the predictions at a point are evaluated on: 1 where the theory is given nothing, else `theory_draws`, or
/// as many as the ensemble has.
std::int64_t prediction_draws(const TheoryUse& use, const Ensemble& ensemble);

/// One prediction of the plan: several points that differ only in what the theory does not depend on share it.
struct Prediction {
  Id id;
  std::size_t block = 0;  ///< first point that asks for it
  std::uint64_t index = 0;
  std::uint64_t theory = 0;  ///< position in Point::theories
  std::int64_t draws = 1;    ///< draws 0 … draws − 1: the most that any of its points asks for
};

/// Calls visit for every prediction of the scan once, in order of first appearance.
void for_each_prediction(const Scan& scan, const std::function<void(const Prediction&)>& visit);

}  // namespace fieldscan::scan
