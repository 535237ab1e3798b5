#include "fieldscan/training/train.hpp"

#include <fmt/format.h>

#include "fieldscan/core/error.hpp"

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

Problems start_problem(const network::Spec& network, const data::Spec& data) {
  if (network.initial.hidden.direction == network::StartDirection::random || !data.train_size.is_word() ||
      !data.train_size.is(data::TrainSizeWord::online))
    return std::nullopt;
  return "`train_size: online` has no labels to start along: set `network.initial.hidden.direction: random`";
}

/// Readouts that are prescribed are the same for all outputs.
Problems outputs_problem(const network::Spec& network, const data::Spec& data) {
  const int outputs = data::output_count(data);
  if (outputs == 1) return std::nullopt;
  const network::Initial& initial = network.initial;
  if (initial.hidden.law == network::HiddenLaw::balanced)
    return fmt::format("a balanced start has one output, and the target has {}: set `network.initial.hidden` otherwise",
                       outputs);
  using enum network::ReadoutLaw;
  if (initial.readout.law == normal || initial.readout.law == rademacher) return std::nullopt;
  return fmt::format(
      "the target has {} outputs, and a readout `{}` would make them one and the same: `network.initial.readout` normal "
      "or rademacher",
      outputs, word(initial.readout.law));
}

}  // namespace

Problems problem(const TrainerChoice& trainer, const network::Spec& network, const data::Spec& data, double ridge) {
  return std::visit(
      [&](const auto& member) {
        if (auto own = own_problem(member)) return own;
        if (auto wrong = start_problem(network, data)) return wrong;
        if (auto wrong = outputs_problem(network, data)) return wrong;
        return member.problem({network, data, ridge});
      },
      trainer);
}

Problems precision_problem(const TrainerChoice& trainer, Precision precision) {
  const auto why = std::visit([]<class T>(const T&) { return T::needs_double; }, trainer);
  if (precision == Precision::double_ || why.empty()) return std::nullopt;
  return std::string(why);
}

Result train(const Problem& problem, const TrainerChoice& trainer, const ObservePlan& plan) {
  if (const auto wrong = training::problem(trainer, problem.network, problem.data_spec, problem.ridge))
    throw NumericalError(*wrong);
  if (const auto wrong = precision_problem(trainer, problem.precision)) throw NumericalError(*wrong);
  return std::visit([&](const auto& member) { return member.train(problem, plan); }, trainer);
}

Dynamics dynamics_of(const TrainerChoice& trainer, const Setting& setting) {
  return std::visit([&](const auto& member) { return member.dynamics(setting); }, trainer);
}

std::vector<double> record_times(const TrainerChoice& trainer, const Setting& setting, const TimeGrid& grid) {
  return std::visit([&](const auto& member) { return member.record_times(setting, grid); }, trainer);
}

Cost cost_of(const TrainerChoice& trainer, const Setting& setting, const Sizes& sizes) {
  return std::visit([&](const auto& member) { return member.cost(setting, sizes); }, trainer);
}

std::vector<const char*> ends_sooner(const TrainerChoice& trainer) {
  return std::visit([](const auto& member) { return member.ends_sooner(); }, trainer);
}

ChainLength chain_of(const TrainerChoice& trainer) {
  return std::visit([](const auto& member) { return member.chain(); }, trainer);
}

std::vector<double> rate_factors(const TrainerChoice& trainer, const network::Network& network) {
  return std::visit(
      [&]<class T>(const T& member) {
        if constexpr (HasStep<T>)
          return member.rate_factors(network);
        else
          return network::equal_factors(network);
      },
      trainer);
}

std::optional<StepSize> step_of(const TrainerChoice& trainer, const Setting& setting, const Sizes& sizes,
                                const network::KernelScale& scale) {
  return std::visit(
      [&]<class T>(const T& member) -> std::optional<StepSize> {
        if constexpr (HasStep<T>)
          return member.step_size(setting, sizes, scale);
        else
          return std::nullopt;
      },
      trainer);
}

std::vector<Trap> traps_of(const TrainerChoice& trainer, const Setting& setting, const Sizes& sizes) {
  return std::visit(
      [&]<class T>(const T& member) -> std::vector<Trap> {
        if constexpr (HasTraps<T>)
          return member.traps(setting, sizes);
        else
          return {};
      },
      trainer);
}

}  // namespace fieldscan::training

template struct fieldscan::OneOf<fieldscan::training::TrainerList>;
