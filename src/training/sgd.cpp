#include "fieldscan/training/sgd.hpp"

#include "descent.hpp"
#include "replica.hpp"

namespace fieldscan::training {

Result train_replica(const Problem& problem, const Sgd& trainer, const ObservePlan& plan) {
  const bool online = is_online(problem.data_spec);
  const network::Network network(problem.network, data::input_dimension(problem.data_spec));
  const Vector start = network.initial(weight_stream(problem));
  const double pull = online ? 0 : problem.ridge / problem.network.chi;
  HeavyBall ball(network, trainer.momentum, pull, trainer.anchor == Anchor::initial ? start : Vector{});
  return descend(
      problem, network, start, plan,
      {.schedule = schedule_of(trainer, problem.network, problem.data_spec, plan.times),
       .limits = {trainer.stop_loss, trainer.diverged_above},
       .batch = trainer.batch},
      [&](std::int64_t, const Vector& gradient, Vector& theta) { ball.step(trainer.learning_rate, gradient, theta); });
}

}  // namespace fieldscan::training
