#pragma once
#include "fieldscan/data/classes.hpp"
#include "formed.hpp"

namespace fieldscan::training {

/// Calls visit(p, c) at every test point whose target has a class c, with the class probabilities p of outputs that are
/// log odds. Returns how many there are.
template <class Visit>
double for_each_classified(const Outputs& outputs, const data::Draw& data, Visit&& visit) {
  const Matrix& target = data.test.target;
  double count = 0;
  for (Index k = 0; k < target.rows(); ++k) {
    const std::optional<Index> own = data::class_of(target.row(k).transpose());
    if (!own) continue;
    visit(network::class_probabilities(outputs.test.mean.segment(k * target.cols(), target.cols())), *own);
    ++count;
  }
  return count;
}

}  // namespace fieldscan::training
