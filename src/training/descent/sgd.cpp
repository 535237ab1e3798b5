#include "fieldscan/training/descent/sgd.hpp"

#include "../replica.hpp"
#include "departure.hpp"
#include "descent.hpp"

namespace fieldscan::training {

Dynamics Sgd::dynamics(const Setting& setting) const {
  if (std::string departure = departure_of(*this); !departure.empty()) return dynamics::Unlike{std::move(departure)};
  if (is_online(setting.data)) return dynamics::Online{.rate = learning_rate, .momentum = momentum, .batch = batch};
  return dynamics::Batches{.rate = learning_rate, .momentum = momentum, .batch = batch, .anchor = anchor};
}

Result train_replica(const Problem& problem, const Sgd& trainer, const ObservePlan& plan) {
  const bool online = is_online(problem.data_spec);
  const network::Network network =
      make_network(problem.network, data::input_dimension(problem.data_spec), trainer.rates);
  const Vector start = network.initial(weight_stream(problem));
  const double pull = online ? 0 : problem.ridge / problem.network.chi;
  HeavyBall ball(network, trainer.momentum, pull, trainer.anchor == Anchor::initial ? start : Vector{});
  const Schedule schedule = schedule_of(trainer, problem.network, problem.data_spec, plan.times);
  const Pace pace{trainer.learning_rate, trainer.schedule, trainer.warmup};
  return descend(problem, network, start, plan,
                 {.schedule = schedule,
                  .limits = {trainer.stop_loss, trainer.diverged_above},
                  .batch = trainer.batch,
                  .patience = trainer.patience,
                  .state = {&ball.velocity()}},
                 [&](std::int64_t step, Vector& gradient, Vector& theta) {
                   clip_gradient(network, trainer.clip, gradient);
                   ball.step(rate_at(pace, step, schedule.last()), gradient, theta);
                 });
}

}  // namespace fieldscan::training
