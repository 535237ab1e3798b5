#pragma once
#include <vector>

#include "../keep/keep.hpp"
#include "fieldscan/core/hash.hpp"

namespace fieldscan::training {

/// Whether a chain moves, seen at its samples. A series that stands still has no autocorrelation: its R-hat is 1, its
/// effective size that of all samples, and only the positions tell it from one that is constant by construction.
class Motion {
 public:
  /// The position of the next sample.
  void add(const Vector& z);

  /// n²/Σ r² over the stays of r samples each at one and the same position: so many equal stays would weigh the samples
  /// alike. 1 for a chain that never moved; n for one without coordinates, which has nothing to sample.
  double positions() const;
  /// Coordinates that never left their first value by more than 1e-10 of their size.
  Index still() const { return static_cast<Index>(still_.size()); }
  Index dimension() const { return dimension_; }

  void put(FlatWriter& out) const;
  void get(FlatReader& in);

 private:
  struct Still {
    std::int64_t coordinate = 0;
    double first = 0;
  };
  std::vector<Still> still_;  ///< nearly always empty from the second sample on
  Index dimension_ = 0;
  std::int64_t samples_ = 0, stay_ = 0;
  double squares_ = 0;  ///< Σ r² of the stays that have ended
  Id position_;         ///< of the last sample's bits
};

}  // namespace fieldscan::training
