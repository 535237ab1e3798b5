#include "probe.hpp"

namespace fieldscan::training {

Probe::Probe(const data::Draw& data, const View& view) : on_(view.on), points_(view.points) {
  const bool has_train = data.train.x.rows() > 0;
  whole_ = view.on == PointSet::train && has_train ? &data.train : &data.test;
  if (points_ == 0 || points_ >= whole_->x.rows()) return;
  part_.emplace(data::Sample{.x = whole_->x.topRows(points_), .label = whole_->label.topRows(points_)});
}

}  // namespace fieldscan::training
