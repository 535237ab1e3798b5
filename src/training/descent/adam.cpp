#include "fieldscan/training/descent/adam.hpp"

#include <cmath>

#include "../replica.hpp"
#include "adam_step.hpp"
#include "departure.hpp"
#include "descent.hpp"

namespace fieldscan::training {

double adam_rate(const Adam& trainer, std::int64_t step, std::int64_t total) {
  return rate_at({trainer.learning_rate, trainer.schedule, trainer.warmup}, step, total);
}

AdamStep::AdamStep(const network::Network& network, const Adam& trainer)
    : network_(network),
      trainer_(trainer),
      mean_(Vector::Zero(network.parameter_count())),
      square_(Vector::Zero(network.parameter_count())),
      slope_(network.parameter_count()) {}

void AdamStep::step(std::int64_t step, double rate, const Vector& gradient, Vector& theta) {
  slope_ = gradient;
  // Frozen tensors take no part in the norm that is clipped.
  for (const auto& tensor : network_.tensors())
    if (tensor.adam_factor == 0) slope_.segment(tensor.offset, tensor.size()).setZero();
  if (trainer_.clip) {
    const double norm = slope_.norm();
    if (norm > *trainer_.clip) slope_ *= *trainer_.clip / norm;
  }
  if (!trainer_.decoupled) slope_ += trainer_.weight_decay * theta;
  mean_ += (1 - trainer_.beta1) * (slope_ - mean_);
  square_ += (1 - trainer_.beta2) * (slope_.cwiseAbs2() - square_);
  const double count = static_cast<double>(step + 1);
  const double mean_scale = 1 / (1 - std::pow(trainer_.beta1, count));
  const double square_scale = 1 / (1 - std::pow(trainer_.beta2, count));
  const double decay = trainer_.decoupled ? trainer_.weight_decay : 0;
  for (const auto& tensor : network_.tensors()) {
    const double own_rate = rate * tensor.adam_factor;
    if (own_rate == 0) continue;
    const double own_decay = decay * (trainer_.decay_rate == DecayRate::common ? rate : own_rate);
    auto position = theta.segment(tensor.offset, tensor.size()).array();
    const auto mean = mean_.segment(tensor.offset, tensor.size()).array();
    const auto square = square_.segment(tensor.offset, tensor.size()).array();
    position -=
        own_rate * mean_scale * mean / ((square_scale * square).sqrt() + trainer_.epsilon) + own_decay * position;
  }
}

Dynamics Adam::dynamics(const Setting&) const { return dynamics::Unlike{departure_of(*this)}; }

Result train_replica(const Problem& problem, const Adam& trainer, const ObservePlan& plan) {
  const network::Network network =
      make_network(problem.network, data::input_dimension(problem.data_spec), trainer.rates);
  const Vector start = network.initial(weight_stream(problem));
  AdamStep adam(network, trainer);
  const Schedule schedule = schedule_of(trainer, problem.network, problem.data_spec, plan.times);
  return descend(problem, network, start, plan,
                 {.schedule = schedule,
                  .limits = {trainer.stop_loss, trainer.diverged_above},
                  .batch = trainer.batch.is_word() ? 0 : trainer.batch.number(),
                  .patience = trainer.patience,
                  .state = adam.state()},
                 [&](std::int64_t step, Vector& gradient, Vector& theta) {
                   adam.step(step, adam_rate(trainer, step, schedule.last()), gradient, theta);
                 });
}

}  // namespace fieldscan::training
