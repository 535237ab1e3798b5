#include "fieldscan/scan/task/predictions.hpp"

#include <algorithm>

#include "collect.hpp"

namespace fieldscan::scan {

PredictionMembers prediction_members(const TheoryUse& use, const Ensemble& ensemble) {
  const theory::Given given = theory::given_of(use.theory);
  if (given == theory::Given::nothing) return {};
  return {.draws = ensemble.theory_draws > 0 ? ensemble.theory_draws : ensemble.data_draws,
          .initialisations = given == theory::Given::replica ? ensemble.initialisations : 1};
}

PredictionMembers hull(const PredictionMembers& a, const PredictionMembers& b) {
  return {std::max(a.draws, b.draws), std::max(a.initialisations, b.initialisations)};
}

void PredictionCollector::add(const Point& point) {
  if (point.theories.empty()) return;
  for (std::size_t k = 0; k < point.theories.size(); ++k) {
    const TheoryUse& use = point.theories[k];
    const Id id = prediction_id(use, point);
    const PredictionMembers members = prediction_members(use, point.ensemble);
    const auto [found, is_new] = position_.try_emplace(id, list_.size());
    if (is_new)
      list_.push_back({id, point.block, point.index, k, members});
    else
      list_[found->second].members = hull(list_[found->second].members, members);
  }
}

void for_each_prediction(const Scan& scan, const std::function<void(const Prediction&)>& visit) {
  PredictionCollector collector;
  scan.for_each_point([&](const Point& point) {
    collector.add(point);
    return true;
  });
  for (const auto& prediction : collector.list()) visit(prediction);
}

}  // namespace fieldscan::scan
