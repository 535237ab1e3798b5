#pragma once
#include <unordered_map>
#include <vector>

#include "fieldscan/scan/task/predictions.hpp"

namespace fieldscan::scan {

/// Gathers the distinct predictions of points that come one after the other.
class PredictionCollector {
 public:
  /// Calls first_seen(k) for each of the point's theories k whose prediction is new; it has been appended to the list.
  template <class FirstSeen>
  void add(const Point& point, FirstSeen first_seen) {
    const std::size_t before = list_.size();
    add(point);
    for (std::size_t k = before; k < list_.size(); ++k) first_seen(list_[k].theory);
  }
  void add(const Point& point);
  const std::vector<Prediction>& list() const { return list_; }

 private:
  std::vector<Prediction> list_;
  std::unordered_map<Id, std::size_t> position_;
};

}  // namespace fieldscan::scan
