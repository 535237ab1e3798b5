#include "descent.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "replica.hpp"

namespace fieldscan::training {

namespace {

/// The gradients of the steps: of all points, of batches by a permutation per epoch, or of fresh examples.
class Feed {
 public:
  Feed(const Problem& problem, const network::Network& network, const Vector& start, Index batch)
      : points_(problem.data.train.x.rows()),
        batch_(is_online(problem.data_spec) ? batch : std::min(batch, points_)),
        loss_(problem, network, start, batch_ > 0 ? batch_ : points_),
        stream_(replica_stream(problem, Purpose::batches)) {
    if (is_online(problem.data_spec))
      source_.emplace(problem.data_spec, problem.seed, problem.draw, problem.initialisation);
  }

  /// The gradient of a step, scaled to the whole training set (online: the sum over the fresh examples), and its loss.
  double gradient(std::int64_t step, const Vector& theta, Vector& gradient) {
    if (source_) return loss_.fresh(theta, source_->next(batch_), gradient);
    if (full()) return loss_.all(theta, gradient);
    const std::int64_t per_epoch = (points_ + batch_ - 1) / batch_;
    const std::int64_t epoch = step / per_epoch, part = step % per_epoch;
    if (part == 0) order_ = stream_.permutation(points_, static_cast<std::uint64_t>(epoch * points_));
    const Index first = part * batch_, count = std::min(batch_, points_ - first);
    const double scale = static_cast<double>(points_) / static_cast<double>(count);
    const double loss = loss_.rows(
        theta, std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)), gradient);
    gradient *= scale;
    return scale * loss;
  }
  bool online() const { return source_.has_value(); }
  bool full() const { return batch_ == 0 || batch_ == points_; }
  double value(const Vector& theta) const { return loss_.value(theta); }

 private:
  Index points_, batch_;
  Loss loss_;
  Stream stream_;
  std::vector<Index> order_;
  std::optional<data::OnlineSource> source_;
};

}  // namespace

std::pair<Outcome, std::string> Watch::ending(bool stopped, double loss) const {
  if (stopped || !limits_.stop_loss || low_enough(loss)) return {Outcome::done, ""};
  return {Outcome::not_converged, fmt::format("the loss is {:.4g}, not below {:.4g}", loss, *limits_.stop_loss)};
}

std::string divergence_text(double loss, std::int64_t step) {
  return fmt::format("the loss is {:.4g} at step {}", loss, step);
}

double typical_loss(const Problem& problem, const network::Network& network, const Vector& start, Index batch) {
  const bool online = is_online(problem.data_spec);
  const data::Sample& sample = online ? problem.data.test : problem.data.train;
  if (sample.x.rows() == 0) return std::numeric_limits<double>::infinity();
  Vector f = network.evaluate(start, sample.x);
  if (network.spec().centred) f.setZero();
  const double all = 0.5 * std::max((f - sample.label).squaredNorm(), sample.label.squaredNorm());
  return online ? all * static_cast<double>(batch) / static_cast<double>(sample.x.rows()) : all;
}

Result descend(const Problem& problem, const network::Network& network, const Vector& start, const ObservePlan& plan,
               const DescentSettings& settings, const Update& update) {
  const Schedule& schedule = settings.schedule;
  Recorder recorder(problem, network, plan, start);
  Feed feed(problem, network, start, settings.batch);
  const Watch watch(settings.limits, typical_loss(problem, network, start, settings.batch));
  Vector theta = start, gradient(theta.size());
  std::int64_t step = 0;
  bool stopped = false;
  for (const std::int64_t mark : schedule.steps) {
    for (; step < mark && !stopped; ++step) {
      if (settings.limits.stop_loss && !feed.full() && step % schedule.steps_per_epoch == 0)
        stopped = watch.low_enough(feed.value(theta));
      if (stopped) break;
      const double loss = feed.gradient(step, theta, gradient);
      if (watch.diverged(loss))
        return recorder.finish(step, schedule.time(step), Outcome::diverged, divergence_text(loss, step));
      if (feed.full() && (stopped = watch.low_enough(loss))) break;
      update(step, gradient, theta);
    }
    const Moment moment = mark == schedule.last() ? Moment::end : Moment::passing;
    if (!recorder.record(theta, schedule.time(mark), moment))
      return recorder.finish(step, schedule.time(mark), Outcome::diverged, fmt::format("not finite at step {}", step));
  }
  const double last = feed.online() ? 0 : feed.value(theta);
  if (watch.diverged(last))
    return recorder.finish(step, schedule.time(step), Outcome::diverged, divergence_text(last, step));
  const auto [outcome, reason] = watch.ending(stopped, last);
  return recorder.finish(step, schedule.time(schedule.last()), outcome, reason);
}

HeavyBall::HeavyBall(const network::Network& network, double momentum, double pull, Vector anchor)
    : network_(network), momentum_(momentum), pull_(pull), anchor_(std::move(anchor)) {
  if (momentum > 0) velocity_ = Vector::Zero(network.parameter_count());
}

void HeavyBall::step(double rate, const Vector& gradient, Vector& theta) {
  for (const auto& tensor : network_.tensors()) {
    const double own_rate = rate * tensor.rate_factor;
    if (own_rate == 0) continue;
    auto position = theta.segment(tensor.offset, tensor.size());
    const auto slope = gradient.segment(tensor.offset, tensor.size());
    if (velocity_.size() == 0) {
      if (pull_ > 0 && anchor_.size() > 0)
        position += -own_rate * (slope + pull_ * (position - anchor_.segment(tensor.offset, tensor.size())));
      else
        position = (1 - own_rate * pull_) * position - own_rate * slope;
      continue;
    }
    auto velocity = velocity_.segment(tensor.offset, tensor.size());
    velocity = momentum_ * velocity - own_rate * slope;
    if (pull_ > 0) {
      velocity -= own_rate * pull_ * position;
      if (anchor_.size() > 0) velocity += own_rate * pull_ * anchor_.segment(tensor.offset, tensor.size());
    }
    position += velocity;
  }
}

}  // namespace fieldscan::training
