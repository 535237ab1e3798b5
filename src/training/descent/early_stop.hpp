#pragma once
#include <limits>

#include "../keep/keep.hpp"

namespace fieldscan::training {

/// Early stopping: follows the error on the validation set (of the cross-entropy the loss there), and keeps the network
/// where it was smallest.
class EarlyStop {
 public:
  /// `patience`: epochs without a smaller error until it is time to stop; none: never, and nothing is followed.
  EarlyStop(const Problem& problem, const network::Network& network, const Vector& start,
            std::optional<std::int64_t> patience);

  bool watches() const { return patience_.has_value(); }
  /// Looks at the network at the end of an epoch; true once it is time to stop.
  bool look(std::int64_t epoch, const Vector& theta);
  const Vector& best() const { return best_; }
  /// What there is to say of a training of so many epochs: its best network is the first or the last one. Empty where
  /// it is between.
  std::string remark(std::int64_t epochs) const;

  void put(FlatWriter& out) const;
  void get(FlatReader& in);

 private:
  const Problem& problem_;
  const network::Network& network_;
  std::optional<std::int64_t> patience_;
  Vector reference_, offset_;  ///< what the outputs are compared with; f(θ₀) where centred, else empty
  Vector best_;
  double least_ = std::numeric_limits<double>::infinity();
  std::int64_t since_ = 0;  ///< epoch of the smallest error
};

}  // namespace fieldscan::training
