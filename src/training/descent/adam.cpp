#include "fieldscan/training/descent/adam.hpp"

#include <cmath>

#include "../replica.hpp"
#include "adam_step.hpp"
#include "descent.hpp"
#include "options.hpp"

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

namespace {

Schedule schedule_of(const Adam& trainer, const network::Spec& network, const data::Spec& data, const TimeGrid& grid) {
  const Length length{trainer.steps, trainer.epochs, std::nullopt, trainer.max_steps};
  if (is_online(data)) return make_schedule(length, 1.0 / data::input_dimension(data), 1, grid);
  const std::int64_t per_epoch = trainer.batch.is_word() ? 1 : steps_per_pass(data, trainer.batch.number());
  return make_schedule(length, trainer.learning_rate / network.chi, per_epoch, grid);
}

}  // namespace

std::optional<std::string> Adam::problem(const Setting& setting) const {
  const auto last = static_cast<double>(schedule_of(*this, setting.network, setting.data, {}).last());
  if (auto wrong = option_problem(*this, setting, last)) return wrong;
  if (!is_online(setting.data)) return std::nullopt;
  if (epochs) return "`train_size: online` has no epochs, give `steps`";
  if (stop_loss || stop.error_train)
    return "`train_size: online` has no training loss, leave out `stop_loss` and `stop`";
  if (batch.is_word()) return "`train_size: online` has no full batch, give a number as `batch`";
  return std::nullopt;
}

Dynamics Adam::dynamics(const Setting&) const { return dynamics::Unlike{departure_of(*this)}; }

std::vector<double> Adam::record_times(const Setting& setting, const TimeGrid& grid) const {
  return times_of(schedule_of(*this, setting.network, setting.data, grid));
}

Cost Adam::cost(const Setting&, const Sizes& sizes) const {
  const double examples = batch.is_word() ? sizes.train : batch.number();
  return {.seconds = steps_of(*this, std::ceil(sizes.train / examples)) *
                     (gradient_seconds(sizes, examples) + 4e-9 * sizes.parameters),
          .bytes = replica_bytes(sizes)};
}

std::vector<const char*> Adam::ends_sooner() const { return early_ends(*this); }

std::vector<Trap> Adam::traps(const Setting& setting, const Sizes&) const {
  if (setting.ridge == 0) return {};
  return {{"FS0609", "ridge", "adam does not use the ridge: only theories see it",
           "its own decay is training.weight_decay", Trap::Said::if_given}};
}

Result Adam::train(const Problem& given, const ObservePlan& plan) const {
  const Problem problem = given.with(loss);
  const network::Network network =
      make_network(problem.network, data::input_dimension(problem.data_spec), rates, output_count(problem));
  const Vector start = start_of(problem, network);
  AdamStep adam(network, *this);
  const Schedule marks = schedule_of(*this, problem.network, problem.data_spec, plan.times);
  return descend(problem, network, start, plan,
                 {.schedule = marks,
                  .limits = limits_of(*this, problem.data.train.x.rows()),
                  .batch = batch.is_word() ? 0 : batch.number(),
                  .patience = patience,
                  .state = adam.state()},
                 [&](std::int64_t step, Vector& gradient, Vector& theta) {
                   adam.step(step, adam_rate(*this, step, marks.meant), gradient, theta);
                 });
}

}  // namespace fieldscan::training
