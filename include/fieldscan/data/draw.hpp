#pragma once
#include <string>
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/data/spec.hpp"

namespace fieldscan::data {

/// One part of a data draw. Rows are points.
struct Sample {
  Matrix x;       ///< [points × d]
  Vector target;  ///< clean target g [points]
  Vector label;   ///< what training sees: g + noise (test and validation: test labels equal g, validation labels are noisy)
  /// Components of the target, g = Σ_k g_k (levels, Hermite orders, monomials …), one column each [points × modes]; zero columns
  /// where the target has no named components.
  Matrix modes;
};

/// A data draw r: training, test and validation set. Size P is the first P rows of the draw, for every P.
struct Draw {
  Sample train, test, validation;
  std::vector<double> mode_numbers;  ///< the coordinate of each column of `modes` (the level, the order, …)
};

/// The data of draw r. Deterministic: keyed by (seed, purpose, the fields that purpose depends on, r).
///
/// The target function is one per seed, unless its `draw: each`. Throws EnvironmentError for files that are missing or malformed
/// and NumericalError for a target that can not be normalised. `train_size: online` gives an empty training set.
Draw make_draw(const Spec& spec, std::uint64_t seed, std::int64_t draw);

/// Dimension d of the inputs (for a file: read from it).
int input_dimension(const Spec& spec);
/// Number of training points (for `whole`: the size of the set).
int train_points(const Spec& spec);

/// A sampler of fresh examples, for `train_size: online`: example k of stream (seed, r, i).
class OnlineSource {
 public:
  OnlineSource(const Spec& spec, std::uint64_t seed, std::int64_t draw, std::int64_t initialisation);
  Sample next(Index count);  ///< the next `count` examples

 private:
  Spec spec_;
  std::uint64_t seed_;
  std::int64_t draw_, initialisation_;
  std::uint64_t position_ = 0;
};

}  // namespace fieldscan::data
