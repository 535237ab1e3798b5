#include "fieldscan/training/descent/sgd.hpp"

#include "../replica.hpp"
#include "descent.hpp"
#include "options.hpp"

namespace fieldscan::training {

namespace {

Schedule schedule_of(const Sgd& trainer, const network::Spec& network, const data::Spec& data, const TimeGrid& grid) {
  const Length length{trainer.steps, trainer.epochs, trainer.time, trainer.max_steps};
  if (is_online(data)) return make_schedule(length, 1.0 / data::input_dimension(data), 1, grid);
  const double time_per_step = trainer.learning_rate / (network.chi * (1 - trainer.momentum));
  return make_schedule(length, time_per_step, steps_per_pass(data, trainer.batch), grid);
}

}  // namespace

std::optional<std::string> Sgd::problem(const Setting& setting) const {
  const auto last = static_cast<double>(schedule_of(*this, setting.network, setting.data, {}).last());
  if (auto wrong = option_problem(*this, setting, last)) return wrong;
  if (!is_online(setting.data)) return std::nullopt;
  if (sampling != Sampling::permutation) return "`train_size: online` draws every example anew, leave out `sampling`";
  if (epochs) return "`train_size: online` has no epochs, give `steps` or `time`";
  if (stop_loss || stop.error_train)
    return "`train_size: online` has no training loss, leave out `stop_loss` and `stop`";
  return std::nullopt;
}

Dynamics Sgd::dynamics(const Setting& setting) const {
  if (std::string departure = departure_of(*this); !departure.empty()) return dynamics::Unlike{std::move(departure)};
  if (is_online(setting.data)) return dynamics::Online{.rate = learning_rate, .momentum = momentum, .batch = batch};
  return dynamics::Batches{
      .rate = learning_rate, .momentum = momentum, .batch = batch, .anchor = anchor, .sampling = sampling};
}

std::vector<double> Sgd::record_times(const Setting& setting, const TimeGrid& grid) const {
  return times_of(schedule_of(*this, setting.network, setting.data, grid));
}

Cost Sgd::cost(const Setting& setting, const Sizes& sizes) const {
  const double examples = batch;
  const double per_time = sizes.train == 0 ? sizes.dimension : setting.network.chi * (1 - momentum) / learning_rate;
  const double count = steps_of(*this, std::ceil(sizes.train / examples), per_time);
  return {.seconds =
              count * (gradient_seconds(sizes, examples) + 1e-9 * sizes.parameters + 2e-8 * examples * sizes.dimension),
          .bytes = replica_bytes(sizes)};
}

std::vector<const char*> Sgd::ends_sooner() const { return early_ends(*this); }

std::vector<double> Sgd::rate_factors(const network::Network& network) const {
  return network::rate_factors(with_rates(network, rates));
}

std::optional<StepSize> Sgd::step_size(const Setting& setting, const Sizes& sizes,
                                       const network::KernelScale& scale) const {
  if (setting.network.output != network::OutputForm::plain) return std::nullopt;  // its Θ is not estimated
  return StepSize{.size = learning_rate, .largest = largest_stable_rate(setting, sizes, scale, batch, momentum, loss)};
}

std::vector<Trap> Sgd::traps(const Setting& setting, const Sizes& sizes) const {
  if (is_online(setting.data)) return {};  // few fresh examples at a time: no kernel says what is stable
  return rate_traps(*this, setting, sizes);
}

Result Sgd::train(const Problem& given, const ObservePlan& plan) const {
  const Problem problem = given.with(loss);
  const bool online = is_online(problem.data_spec);
  const network::Network network =
      make_network(problem.network, data::input_dimension(problem.data_spec), rates, output_count(problem));
  const Vector start = start_of(problem, network);
  const double pull = online ? 0 : problem.ridge / problem.network.chi;
  HeavyBall ball(network, momentum, pull, anchor == Anchor::initial ? start : Vector{});
  const Schedule marks = schedule_of(*this, problem.network, problem.data_spec, plan.times);
  const Pace pace{learning_rate, schedule, warmup};
  return descend(problem, network, start, plan,
                 {.schedule = marks,
                  .limits = limits_of(*this, problem.data.train.x.rows()),
                  .batch = batch,
                  .sampling = sampling,
                  .patience = patience,
                  .state = {&ball.velocity()}},
                 [&](std::int64_t step, Vector& gradient, Vector& theta) {
                   clip_gradient(network, clip, gradient);
                   ball.step(rate_at(pace, step, marks.meant), gradient, theta);
                 });
}

}  // namespace fieldscan::training
