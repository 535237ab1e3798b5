#pragma once
#include <memory>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/data/input/list.hpp"
#include "fieldscan/data/pool.hpp"

namespace fieldscan::data {

/// What a target sees of the inputs: where its averages are taken.
struct Domain {
  InputChoice input;
  int dimension = 0;
  std::shared_ptr<const Pool> pool = {};  ///< of a file; otherwise empty
};

/// Inputs over which averages without a closed form are taken [points × d]: 16384 of the distribution, the same for
/// every scan and seed, or up to as many rows of the file's training part, evenly spaced.
Matrix reference_sample(const Domain& domain);

/// ⟨(w·x)²⟩ over the inputs: wᵀΛw in closed form, for a file the average over its reference sample.
double second_moment_along(const Domain& domain, const VectorView& w);

}  // namespace fieldscan::data
