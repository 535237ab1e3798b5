#include "fieldscan/scan/task/predictions.hpp"

#include <algorithm>

#include "collect.hpp"

namespace fieldscan::scan {

std::int64_t prediction_draws(const TheoryUse& use, const Ensemble& ensemble) {
  if (theory::given_of(use.theory) == theory::Given::nothing) return 1;
  return ensemble.theory_draws > 0 ? ensemble.theory_draws : ensemble.data_draws;
}

void PredictionCollector::add(const Point& point) {
  if (point.theories.empty()) return;
  const theory::Setting setting = setting_of(point);
  for (std::size_t k = 0; k < point.theories.size(); ++k) {
    const TheoryUse& use = point.theories[k];
    const Id id = hash128(theory::prediction_text(use.theory, setting));
    const std::int64_t draws = prediction_draws(use, point.ensemble);
    const auto [found, is_new] = position_.try_emplace(id, list_.size());
    if (is_new)
      list_.push_back({id, point.block, point.index, k, draws});
    else
      list_[found->second].draws = std::max(list_[found->second].draws, draws);
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
