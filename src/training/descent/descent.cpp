#include "descent.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "../replica.hpp"
#include "early_stop.hpp"
#include "feed.hpp"

namespace fieldscan::training {

std::pair<Outcome, std::string> Watch::ending(bool stopped, double loss) const {
  if (stopped || low_enough(loss)) return {Outcome::done, ""};
  if (!limits_.stop_loss)
    return {Outcome::done,
            loss > typical_
                ? fmt::format("the loss has risen from {:.4g} to {:.4g}; a shorter step may help", typical_, loss)
                : ""};
  const double share = limits_.points > 0 ? 2 / limits_.points : 1;
  return {Outcome::not_converged,
          fmt::format("the {} is {:.4g}, not below {:.4g}", limits_.points > 0 ? "training error" : "loss",
                      share * loss, share * *limits_.stop_loss)};
}

std::pair<Outcome, std::string> cut_short(std::int64_t steps, double time, double end) {
  return {Outcome::not_converged,
          fmt::format("max_steps = {} ended it at t = {:.4g} of {:.4g}; raise training.max_steps", steps, time, end)};
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
  const Vector label = compared_labels(problem.loss, sample.label), none, zero = Vector::Zero(f.size());
  Vector slope(f.size());
  const network::Comparison with{problem.loss, label, none};
  const double all = std::max(network::summed_loss(with, f, network.outputs(), slope),
                              network::summed_loss(with, zero, network.outputs(), slope));
  return online ? all * static_cast<double>(batch) / static_cast<double>(sample.x.rows()) : all;
}

namespace {

class Descent {
 public:
  Descent(const Problem& problem, const network::Network& network, const Vector& start, const ObservePlan& plan,
          const DescentSettings& settings, const Update& update)
      : problem_(problem),
        settings_(settings),
        schedule_(settings.schedule),
        update_(update),
        recorder_(problem, network, plan, start),
        feed_(problem, network, start, settings.batch, settings.sampling),
        watch_(settings.limits, typical_loss(problem, network, start, settings.batch)),
        early_(problem, network, start, settings.patience),
        theta_(start),
        gradient_(start.size()) {
    take_up_state(problem, [&](FlatReader& in) { get(in); });
  }

  Result run() {
    for (; mark_ < schedule_.steps.size(); ++mark_) {
      const std::int64_t mark = schedule_.steps[mark_];
      const bool last = mark == schedule_.last();
      advance(mark);
      if (diverged_)
        return recorder_.finish(step_, schedule_.time(step_), Outcome::diverged, divergence_text(loss_, step_));
      if (last && early_.watches()) keep_best();
      if (!recorder_.record(theta_, schedule_.time(mark), last ? Moment::end : Moment::passing))
        return recorder_.finish(step_, schedule_.time(mark), Outcome::diverged,
                                fmt::format("not finite at step {}", step_));
    }
    loss_ = feed_.online() ? 0 : feed_.value(theta_);
    if (watch_.diverged(loss_))
      return recorder_.finish(step_, schedule_.time(step_), Outcome::diverged, divergence_text(loss_, step_));
    auto [outcome, reason] = watch_.ending(stopped_, loss_);
    if (outcome == Outcome::done && !stopped_ && !watch_.low_enough(loss_) && schedule_.last() < schedule_.meant)
      std::tie(outcome, reason) = cut_short(step_, schedule_.time(step_), schedule_.time(schedule_.meant));
    if (reason.empty()) reason = early_.remark(step_ / schedule_.steps_per_epoch);
    recorder_.ended(schedule_.time(step_));
    return recorder_.finish(step_, schedule_.time(schedule_.last()), outcome, reason);
  }

 private:
  /// Goes on to a step, or until the training stops.
  void advance(std::int64_t mark) {
    for (; step_ < mark && !stopped_; ++step_) {
      keep_state(problem_, [&](FlatWriter& out) { put(out); });
      if (step_ % schedule_.steps_per_epoch == 0 && end_of_epoch()) return;
      loss_ = feed_.gradient(step_, theta_, gradient_);
      if ((diverged_ = watch_.diverged(loss_))) return;
      if (feed_.full() && (stopped_ = watch_.low_enough(loss_))) return;
      update_(step_, gradient_, theta_);
    }
  }
  bool end_of_epoch() {
    if (settings_.limits.stop_loss && !feed_.full()) stopped_ = watch_.low_enough(feed_.value(theta_));
    if (!stopped_ && early_.look(step_ / schedule_.steps_per_epoch, theta_)) {
      stopped_ = true;
      theta_ = early_.best();
    }
    return stopped_;
  }
  void keep_best() {
    if (!stopped_) early_.look(step_ / schedule_.steps_per_epoch, theta_);
    theta_ = early_.best();
  }

  void put(FlatWriter& out) const {
    out.put(step_);
    out.put(static_cast<std::uint64_t>(mark_));
    put_matrix(out, theta_);
    for (const Vector* vector : settings_.state) put_matrix(out, *vector);
    early_.put(out);
    recorder_.put(out);
  }
  void get(FlatReader& in) {
    step_ = in.get<std::int64_t>();
    mark_ = in.get<std::uint64_t>();
    get_matrix(in, theta_);
    for (Vector* vector : settings_.state) get_matrix(in, *vector);
    early_.get(in);
    recorder_.get(in);
    feed_.go_to(step_);
  }

  const Problem& problem_;
  const DescentSettings& settings_;
  const Schedule& schedule_;
  const Update& update_;
  Recorder recorder_;
  Feed feed_;
  Watch watch_;
  EarlyStop early_;
  Vector theta_, gradient_;
  std::size_t mark_ = 0;  ///< the next recorded step
  std::int64_t step_ = 0;
  double loss_ = 0;
  bool stopped_ = false, diverged_ = false;
};

}  // namespace

Result descend(const Problem& problem, const network::Network& network, const Vector& start, const ObservePlan& plan,
               const DescentSettings& settings, const Update& update) {
  return Descent(problem, network, start, plan, settings, update).run();
}

network::Network with_rates(const network::Network& network, const RateFactors& rates) {
  std::vector<double> factors;
  for (const auto& tensor : network.tensors()) {
    const auto layer = static_cast<std::size_t>(tensor.layer);
    factors.push_back(tensor.role == network::Role::readout  ? rates.readout
                      : tensor.role == network::Role::weight ? rates.weights.at(layer)
                                                             : rates.biases.at(layer));
  }
  return network.with_rates(factors);
}

network::Network make_network(const network::Spec& spec, int input_dimension, const RateFactors& rates, int outputs) {
  return with_rates(network::Network(spec, input_dimension, outputs), rates);
}

void clip_gradient(const network::Network& network, std::optional<double> longest, Vector& gradient) {
  if (!longest) return;
  for (const auto& tensor : network.tensors())
    if (tensor.rate_factor == 0) gradient.segment(tensor.offset, tensor.size()).setZero();
  if (const double norm = gradient.norm(); norm > *longest) gradient *= *longest / norm;
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
