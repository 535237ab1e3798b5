#pragma once
#include <unordered_map>
#include <vector>

#include "fieldscan/scan/predictions.hpp"

namespace fieldscan::scan {

/// Gathers the distinct predictions of points that come one after the other.
class PredictionCollector {
 public:
  void add(const Point& point);
  const std::vector<Prediction>& list() const { return list_; }

 private:
  std::vector<Prediction> list_;
  std::unordered_map<Id, std::size_t> position_;
};

}  // namespace fieldscan::scan
