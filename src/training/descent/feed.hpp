#pragma once
#include <optional>

#include "loss.hpp"

namespace fieldscan::training {

/// The gradients of the steps: of all points, of batches by a permutation per epoch or drawn with replacement, or of
/// fresh examples.
class Feed {
 public:
  /// `batch`: examples per step; 0: the whole training set.
  Feed(const Problem& problem, const network::Network& network, const Vector& start, Index batch, Sampling sampling);

  /// The gradient of a step, scaled to the whole training set (online: the sum over the fresh examples), and its loss.
  double gradient(std::int64_t step, const Vector& theta, Vector& gradient);
  /// Makes this the next step.
  void go_to(std::int64_t step);

  bool online() const { return source_.has_value(); }
  bool full() const { return batch_ == 0 || (batch_ == points_ && sampling_ == Sampling::permutation); }
  double value(const Vector& theta) const { return loss_.value(theta); }

 private:
  std::int64_t steps_per_epoch() const { return (points_ + batch_ - 1) / batch_; }
  void shuffle(std::int64_t epoch);
  std::span<const Index> batch_of(std::int64_t step);

  Index points_, batch_;
  Sampling sampling_;
  Loss loss_;
  Stream stream_;
  std::vector<Index> order_;  ///< of an epoch; of a step where points are drawn with replacement
  std::optional<data::OnlineSource> source_;
};

}  // namespace fieldscan::training
