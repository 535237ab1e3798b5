#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/network.hpp"
#include "fieldscan/training/keep/checkpoint.hpp"
#include "fieldscan/training/list.hpp"
#include "fieldscan/training/observe/observe.hpp"

namespace fieldscan::training {

/// Everything that one replica is trained with. Streams are keyed by (seed, r, i).
struct Problem {
  const network::Spec& network;
  const data::Spec& data_spec;
  const data::Draw& data;
  double ridge = 0;  ///< κ
  std::uint64_t seed = 0;
  std::int64_t draw = 0;            ///< r
  std::int64_t initialisation = 0;  ///< i; for a sampler the chain
  Precision precision = Precision::double_;
  const Checkpoint* checkpoint = nullptr;    ///< where the state is kept; nullptr: nowhere
  LossFunction loss = LossFunction::square;  ///< set by the trainer

  Problem with(LossFunction own) const {
    Problem out = *this;
    out.loss = own;
    return out;
  }
};

/// Trains one replica and records what the plan asks for. Divergence is an outcome, never an exception; NumericalError
/// is thrown where linear algebra fails, Stopped where the checkpoint wishes it. `TrainerChoice` is the variant of
/// training/list.hpp; the member is dispatched once.
Result train(const Problem& problem, const TrainerChoice& trainer, const ObservePlan& plan);

/// C of the problem's data.
int output_count(const Problem& problem);

/// Why a trainer can not train such a network on such data: a sampler without a ridge, `epochs` of online learning, …;
/// nullopt where it can. `train` throws NumericalError with the same sentence.
std::optional<std::string> problem(const TrainerChoice& trainer, const network::Spec& network, const data::Spec& data,
                                   double ridge);

/// What a trainer makes of the parameters: what theories compare themselves with.
Dynamics dynamics_of(const TrainerChoice& trainer, const Setting& setting);
/// What the training of a replica costs, without what is observed.
Cost cost_of(const TrainerChoice& trainer, const Setting& setting, const Sizes& sizes);
/// The fields by which a training may take less than its length says.
std::vector<const char*> ends_sooner(const TrainerChoice& trainer);
ChainLength chain_of(const TrainerChoice& trainer);

/// The factors of the tensors in the Θ that a trainer's step is measured by; for trainers without a step those of
/// `equal_factors`.
std::vector<double> rate_factors(const TrainerChoice& trainer, const network::Network& network);
/// A trainer's step beside the longest stable one; nullopt where it has none.
std::optional<StepSize> step_of(const TrainerChoice& trainer, const Setting& setting, const Sizes& sizes,
                                const network::KernelScale& scale);
std::vector<Trap> traps_of(const TrainerChoice& trainer, const Setting& setting, const Sizes& sizes);

/// The network as a descent moves it: the rates of its tensors times the trainer's own factors.
network::Network with_rates(const network::Network& network, const RateFactors& rates);
network::Network make_network(const network::Spec& network, int input_dimension, const RateFactors& rates,
                              int outputs = 1);

/// Why a trainer has no single precision: its equations need the digits that would be lost; nullopt where it has.
std::optional<std::string> precision_problem(const TrainerChoice& trainer, Precision precision);

/// The times t (η·steps/χ, rising, first 0) at which a trainer records, as far as its settings alone tell;
/// `equilibrium` for samplers; what a theory in time is evaluated at. With `learning_rate: auto` the steps are fitted
/// to the grid, so that the grid times are met exactly and do not depend on the replica; a grid in steps or epochs
/// means nothing there, and only start and end are recorded. For `none` it is the grid with its start, or `equilibrium`
/// where there is no grid in time; `langevin` adds the times of a grid, where it records the network as it is then.
std::vector<double> record_times(const TrainerChoice& trainer, const Setting& setting, const TimeGrid& grid);

}  // namespace fieldscan::training
