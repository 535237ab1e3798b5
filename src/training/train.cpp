#include "fieldscan/training/train.hpp"

#include <fmt/format.h>

#include "descent/schedule.hpp"
#include "fieldscan/core/error.hpp"
#include "replica.hpp"

namespace fieldscan::training {

namespace {

using Problems = std::optional<std::string>;

template <class T>
Problems own_problem(const T& trainer) {
  if constexpr (HasProblem<T>)
    return trainer.problem();
  else
    return std::nullopt;
}

Problems sampler_problem(const network::Spec& network, const data::Spec& data, double ridge) {
  if (!(ridge > 0)) return "a sampler needs a ridge above 0 (κ is the noise of the likelihood), set `ridge`";
  if (network.centred) return "a sampler has no initialisation to subtract, set `network.centred: false`";
  if (is_online(data)) return "a sampler needs a training set, `train_size: online` has none";
  return std::nullopt;
}

Problems readout_problem(const network::Spec& network, const data::Spec& data) {
  if (network.train != network::Trained::readout)
    return "exact_readout leaves the hidden layers as they are drawn, set `network.train: readout`";
  if (network.centred)
    return "the solved readout does not depend on the initial one, there is no output to subtract: set "
           "`network.centred: false`";
  if (is_online(data)) return "exact_readout needs a training set, `train_size: online` has none";
  return std::nullopt;
}

Problems online_problem(const TrainerChoice& trainer) {
  if (const auto* sgd = std::get_if<Sgd>(&trainer)) {
    if (sgd->epochs) return "`train_size: online` has no epochs, give `steps` or `time`";
    if (sgd->stop_loss) return "`train_size: online` has no training loss, leave out `stop_loss`";
    return std::nullopt;
  }
  if (const auto* adam = std::get_if<Adam>(&trainer)) {
    if (adam->epochs) return "`train_size: online` has no epochs, give `steps`";
    if (adam->stop_loss) return "`train_size: online` has no training loss, leave out `stop_loss`";
    if (adam->batch.is_word()) return "`train_size: online` has no full batch, give a number as `batch`";
    return std::nullopt;
  }
  return "gradient descent over the whole training set is not possible with `train_size: online`, use `sgd`";
}

/// The steps of a training; 0 where it chooses them itself.
template <class T>
double steps_of(const T& trainer, const network::Spec& network, const data::Spec& data) {
  if constexpr (std::is_same_v<T, GradientDescent>)
    return trainer.learning_rate.is_word() ? 0 : static_cast<double>(schedule_of(trainer, network, {}).last());
  else
    return static_cast<double>(schedule_of(trainer, network, data, {}).last());
}

/// Lists of factors that do not fit the network, and early stopping without a validation set.
template <class T>
Problems option_problem(const T& trainer, const network::Spec& network, const data::Spec& data) {
  if constexpr (requires { trainer.rates; }) {
    for (const auto& factors : {trainer.rates.weights, trainer.rates.biases})
      if (!factors.is_one() && factors.values.size() != static_cast<std::size_t>(network.depth))
        return "the rates are one number or one per hidden layer";
    if (trainer.patience && data.validation_size == 0)
      return "early stopping needs a validation set, set `data.validation_size`";
    if (trainer.patience && is_online(data)) return "`train_size: online` has no epochs, leave out `patience`";
    if (trainer.warmup > 0)
      if (const double steps = steps_of(trainer, network, data); static_cast<double>(trainer.warmup) > steps)
        return fmt::format("the warm-up of {} steps is longer than the training, which has {}", trainer.warmup, steps);
  }
  return std::nullopt;
}

}  // namespace

Problems problem(const TrainerChoice& trainer, const network::Spec& network, const data::Spec& data, double ridge) {
  if (auto own = std::visit([](const auto& member) { return own_problem(member); }, trainer)) return own;
  const auto option = [&](const auto& member) { return option_problem(member, network, data); };
  if (auto wrong = std::visit(option, trainer)) return wrong;
  if (law_of(trainer) == Law::none) return std::nullopt;
  if (is_sampler(trainer)) return sampler_problem(network, data, ridge);
  if (law_of(trainer) == Law::readout) return readout_problem(network, data);
  return is_online(data) ? online_problem(trainer) : std::nullopt;
}

Dynamics dynamics_of(const TrainerChoice& trainer, const network::Spec& network, const data::Spec& data) {
  return std::visit([&](const auto& member) { return Dynamics(member.dynamics({network, data})); }, trainer);
}

Problems precision_problem(const TrainerChoice& trainer, Precision precision) {
  if (precision == Precision::double_) return std::nullopt;
  if (std::holds_alternative<ExactReadout>(trainer)) return "exact_readout solves equations that need double precision";
  return std::nullopt;
}

Result train(const Problem& problem, const TrainerChoice& trainer, const ObservePlan& plan) {
  if (const auto wrong = training::problem(trainer, problem.network, problem.data_spec, problem.ridge))
    throw NumericalError(*wrong);
  if (const auto wrong = precision_problem(trainer, problem.precision)) throw NumericalError(*wrong);
  return std::visit([&](const auto& member) { return train_replica(problem, member, plan); }, trainer);
}

Result train_replica(const Problem& problem, const None&, const ObservePlan&) {
  return {.data_draw = problem.draw, .initialisation = problem.initialisation, .reason = {}, .rows = {}, .arrays = {}};
}

namespace {

std::vector<double> times_of(const Schedule& schedule) {
  std::vector<double> times;
  for (const std::int64_t step : schedule.steps) times.push_back(schedule.time(step));
  return times;
}

std::vector<double> grid_alone(const TimeGrid& grid) {
  if (grid.unit != TimeUnit::time || grid.values.empty()) return {equilibrium};
  std::vector<double> times = grid.values;
  if (times.front() > 0) times.insert(times.begin(), 0.0);
  return times;
}

}  // namespace

std::vector<double> record_times(const TrainerChoice& trainer, const network::Spec& network, const data::Spec& data,
                                 const TimeGrid& grid) {
  if (const auto* descent = std::get_if<GradientDescent>(&trainer))
    return descent->learning_rate.is_word() ? flow_times(*descent, grid)
                                            : times_of(schedule_of(*descent, network, grid));
  if (const auto* sgd = std::get_if<Sgd>(&trainer)) return times_of(schedule_of(*sgd, network, data, grid));
  if (const auto* adam = std::get_if<Adam>(&trainer)) return times_of(schedule_of(*adam, network, data, grid));
  if (law_of(trainer) == Law::none) return grid_alone(grid);
  return {equilibrium};
}

}  // namespace fieldscan::training
