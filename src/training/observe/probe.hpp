#pragma once
#include <optional>

#include "fieldscan/training/train.hpp"

namespace fieldscan::training {

/// The points that something is measured on: a set of the data draw, or its first rows.
class Probe {
 public:
  Probe(const data::Draw& data, const View& view);
  const data::Sample& sample() const { return part_ ? *part_ : *whole_; }
  bool is_of(const View& view) const { return on_ == view.on && points_ == view.points; }

 private:
  PointSet on_;
  Index points_;
  const data::Sample* whole_;
  std::optional<data::Sample> part_;
};

}  // namespace fieldscan::training
