#include "feed.hpp"

#include <algorithm>

#include "../replica.hpp"
#include "schedule.hpp"

namespace fieldscan::training {

Feed::Feed(const Problem& problem, const network::Network& network, const Vector& start, Index batch, Sampling sampling)
    : points_(problem.data.train.x.rows()),
      batch_(is_online(problem.data_spec) ? batch : std::min(batch, points_)),
      sampling_(sampling),
      loss_(problem, network, start, batch_ > 0 ? batch_ : points_),
      stream_(replica_stream(problem, Purpose::batches)) {
  if (is_online(problem.data_spec))
    source_.emplace(problem.data_spec, problem.seed, problem.draw, problem.initialisation);
}

void Feed::shuffle(std::int64_t epoch) {
  order_ = stream_.permutation(points_, static_cast<std::uint64_t>(epoch * points_));
}

std::span<const Index> Feed::batch_of(std::int64_t step) {
  if (sampling_ == Sampling::with_replacement) {
    order_.resize(static_cast<std::size_t>(batch_));
    for (Index k = 0; k < batch_; ++k)
      order_[static_cast<std::size_t>(k)] = static_cast<Index>(
          stream_.below(static_cast<std::uint64_t>(points_), static_cast<std::uint64_t>(step * batch_ + k)));
    return order_;
  }
  const std::int64_t epoch = step / steps_per_epoch(), part = step % steps_per_epoch();
  if (part == 0) shuffle(epoch);
  const Index first = part * batch_, count = std::min(batch_, points_ - first);
  return std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

double Feed::gradient(std::int64_t step, const Vector& theta, Vector& gradient) {
  if (source_) return loss_.fresh(theta, source_->next(batch_), gradient);
  if (full()) return loss_.all(theta, gradient);
  const std::span<const Index> batch = batch_of(step);
  const double scale = static_cast<double>(points_) / static_cast<double>(batch.size());
  const double loss = loss_.rows(theta, batch, gradient);
  gradient *= scale;
  return scale * loss;
}

void Feed::go_to(std::int64_t step) {
  if (source_)
    source_->go_to(static_cast<std::uint64_t>(step * batch_));
  else if (!full() && sampling_ == Sampling::permutation && step % steps_per_epoch() != 0)
    shuffle(step / steps_per_epoch());
}

}  // namespace fieldscan::training
