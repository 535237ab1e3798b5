#pragma once
#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/observable.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/network/dynamics.hpp"
#include "fieldscan/network/kernel_scale.hpp"
#include "fieldscan/network/loss_function.hpp"
#include "fieldscan/training/effort.hpp"

namespace fieldscan::training {

/// What one replica is.
enum class Yield {
  nothing,  ///< there are none: theory alone
  network,
  chain,  ///< of samples; means are formed over draws × chains, and `rhat`, `ess`, `acceptance` say whether it can be
          ///< trusted
};

/// The settings of a point, as far as a trainer sees them.
struct Setting {
  const network::Spec& network;
  const data::Spec& data;
  double ridge = 0;  ///< κ
};

/// What every network has that observables are formed from.
inline constexpr Need of_networks = Need::run | Need::train_outputs | Need::test_outputs | Need::validation_outputs |
                                    Need::parameters | Need::first_layer | Need::pass | Need::kernel | Need::factor |
                                    Need::training_points;

struct Problem;      // train.hpp
struct ObservePlan;  // observe/observe.hpp
struct TimeGrid;

/// What a training that is not a chain has none of: how long a chain is.
struct ChainLength {
  double samples = 0;            ///< of what it averages, where its first batch is the last
  double most_samples = 0;       ///< with all batches
  double most_trajectories = 0;  ///< steps or trajectories, with all batches
};

/// A setting that is allowed and hardly meant: a warning of `check`.
struct Trap {
  const char* code;
  std::string path;  ///< of the field that it is about
  std::string message, help;
  enum class Said { always, if_given } said = Said::always;  ///< whether also where the file leaves the field out
};

/// A step, and the longest one that is stable, estimated from Θ at initialisation.
struct StepSize {
  enum class Of { descent, noise } of = Of::descent;  ///< η of a gradient step, or ε of Langevin dynamics
  double size = 0;
  double largest = 0;
};

/// What a trainer must offer, with the reason of each. None of it has a default: a default would be wrong in silence.
/// The header of every trainer asserts `Trainer` of it.
///
///     yields          what an ensemble counts, and what a mean is taken over
///     offers          what its replicas have that observables are formed from
///     keeps_state     whether a campaign may interrupt it: by `keep/keep.hpp` it then goes on with the same bits
///     needs_double    why it has no `precision: single`; empty where it has
///     problem         why it can not train this network on these data
///     dynamics        what theories compare themselves with; what is not plain is `Unlike`
///     record_times    where rows will stand, so that theories are evaluated there
///     cost            of the training, without what is observed: plans, placement, batches, deadlines
///     ends_sooner     the fields by which it may take less than that
///     chain           how often a chain is read off, and how long it can become; zeros where it is none
///     train           one replica: see `train` in train.hpp
template <class T>
concept Trainer = Kind<T> && std::default_initializable<T> && std::equality_comparable<T> &&
    requires(const T& trainer, const Setting& setting, const Sizes& sizes, const TimeGrid& grid, const Problem& problem,
             const ObservePlan& plan) {
  { T::yields } -> std::convertible_to<Yield>;
  { T::offers } -> std::convertible_to<Need>;
  { T::keeps_state } -> std::convertible_to<bool>;
  { T::needs_double } -> std::convertible_to<std::string_view>;
  { trainer.problem(setting) } -> std::same_as<std::optional<std::string>>;
  { trainer.dynamics(setting) } -> std::same_as<Dynamics>;
  { trainer.record_times(setting, grid) } -> std::same_as<std::vector<double>>;
  { trainer.cost(setting, sizes) } -> std::same_as<Cost>;
  { trainer.ends_sooner() } -> std::same_as<std::vector<const char*>>;
  { trainer.chain() } -> std::same_as<ChainLength>;
  { trainer.train(problem, plan) } -> std::same_as<Result>;
};

/// A trainer with a step that has a longest stable length: groups of `plan`.
template <class T>
concept HasStep = requires(const T& trainer, const Setting& setting, const Sizes& sizes,
                           const network::Network& network, const network::KernelScale& scale) {
  { trainer.rate_factors(network) } -> std::same_as<std::vector<double>>;  // of the tensors in its Θ
  { trainer.step_size(setting, sizes, scale) } -> std::same_as<std::optional<StepSize>>;
};

/// A trainer that has something to warn of.
template <class T>
concept HasTraps = requires(const T& trainer, const Setting& setting, const Sizes& sizes) {
  { trainer.traps(setting, sizes) } -> std::same_as<std::vector<Trap>>;
};

/// The rate after the warm-up: constant, or falling to zero at the end as a half cosine or a straight line.
enum class RateSchedule { constant, cosine, linear };
constexpr auto words(RateSchedule) { return std::array<std::string_view, 3>{"constant", "cosine", "linear"}; }

/// What multiplies the learning rate of each tensor, beside the factor that the parameterisation gives it; 0 leaves it
/// as it is drawn.
struct RateFactors {
  PerLayer<double> weights = 1;  ///< of the hidden layers
  PerLayer<double> biases = 1;
  double readout = 1;

  static auto fields() {
    using T = RateFactors;
    return std::tuple{
        field("weights", &T::weights, "factor for the hidden weights: one number or one per hidden layer",
              non_negative()),
        field("biases", &T::biases, "factor for the hidden biases: one number or one per hidden layer", non_negative()),
        field("readout", &T::readout, "factor for the readout", non_negative()),
    };
  }
  bool operator==(const RateFactors&) const = default;
};

/// When a training has learned enough to end, whatever the size of the training set.
struct Stop {
  std::optional<double> error_train = std::nullopt;
  static auto fields() {
    return std::tuple{
        field("error_train", &Stop::error_train,
              "stop once the training error, the mean (f − y)² of a point, is below this", positive()),
    };
  }
  bool operator==(const Stop&) const = default;
};

using dynamics::Anchor;
using dynamics::Sampling;
using network::LossFunction;

enum class RateWord { automatic };
constexpr auto words(RateWord) { return std::array<std::string_view, 1>{"auto"}; }

enum class BatchWord { full };
constexpr auto words(BatchWord) { return std::array<std::string_view, 1>{"full"}; }

/// Where a chain starts: at a draw of the prior, or with a quarter of the units of the first layer along the target's
/// linear part.
enum class Start { prior, aligned };
constexpr auto words(Start) { return std::array<std::string_view, 2>{"prior", "aligned"}; }

/// Whether a chain integrates the readout out exactly, or samples it like the other parameters.
enum class Readout { integrated, sampled };
constexpr auto words(Readout) { return std::array<std::string_view, 2>{"integrated", "sampled"}; }

/// How a trajectory is cut into steps: kicks of the momentum with the gradient, and drifts between them.
enum class Integrator {
  leapfrog,   ///< kick ½, drift 1, kick ½
  two_stage,  ///< per two gradients kick 2b, drift 1, kick 2(1 − 2b), drift 1, kick 2b with b = 0.21178: a smaller
              ///< energy error for the same number of gradients, and a shorter longest stable step. Better for stiff
              ///< posteriors (χ ~ N).
  ///< Source: Blanes, Casas, Sanz-Serna, "Numerical integrators for the hybrid Monte Carlo method", SIAM J. Sci.
  ///< Comput. 36 (2014)
};
constexpr auto words(Integrator) { return std::array<std::string_view, 2>{"leapfrog", "two_stage"}; }

/// When a chain is long enough, decided at the end of a batch of samples. A batch that misses a target counts as
/// burn-in, and the next one, twice as long, takes its place: so the burn-in is found by the chain itself, and what is
/// averaged has passed on its own. After the last batch the chain counts as not equilibrated where R-hat or effective
/// sample size still miss theirs.
struct ChainUntil {
  int batches = 1;
  double rhat = 1.1;
  double ess = 10;
  std::optional<double> relative_error = std::nullopt;
  static auto fields() {
    using T = ChainUntil;
    return std::tuple{
        field("batches", &T::batches, "batches at most; the first has `samples`, each further one twice as many",
              between(1, 20)),
        field("rhat", &T::rhat, "largest split R-hat of what is watched", Range{.low = 1, .low_open = true}),
        field("ess", &T::ess, "smallest effective sample size of what is watched", at_least(2)),
        field("relative_error", &T::relative_error,
              "Monte-Carlo error of the chain's test error (without a test set: training error), relative", positive()),
    };
  }
  bool operator==(const ChainUntil&) const = default;
};

/// Arithmetic of the passes that training makes. In single precision the noise of `langevin` is single too; parameters,
/// updates, what `hmc` and `mala` accept by, and all that is observed stay double.
enum class Precision { double_, single };
constexpr auto words(Precision) { return std::array<std::string_view, 2>{"double", "single"}; }

}  // namespace fieldscan::training
