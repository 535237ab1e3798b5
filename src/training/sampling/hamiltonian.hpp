#pragma once
#include <cstdint>
#include <functional>

#include "fieldscan/core/flat.hpp"
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/training/concept.hpp"

/// Hamiltonian Monte Carlo of any smooth density.
namespace fieldscan::training {

/// U(z) = −log density, and ∇U into the second argument; +∞ where the density is zero.
using Potential = std::function<double(const Vector& z, Vector& gradient)>;

/// U(z) alone.
using Energy = std::function<double(const Vector& z)>;

/// How positions move between two kicks of the momentum.
enum class Drift {
  straight,  ///< leapfrog: z ← z + e p, kicks with ∇U
  rotation,  ///< U = |z|²/2 + V: the motion of the standard normal part is solved exactly, a rotation of (z, p) by the
             ///< angle e, and the kicks are with ∇V alone. The step then depends on V, not on the dimension of z.
  ///< Source: Shahbaba, Lan, Johnson, Neal, "Split Hamiltonian Monte Carlo", Statistics and Computing 24 (2014)
};

struct HamiltonianSettings {
  Drift drift = Drift::straight;
  Integrator integrator = Integrator::leapfrog;
  int most_leapfrog = 10;
  double longest = 1.5707963267948966;  ///< length of a trajectory in e·steps; a quarter period of a standard normal
  int fewest = 4;  ///< steps of such a trajectory, at least: one kick a quarter turn can be accepted often and never
                   ///< reach a narrow region
  double jitter = 0.2;  ///< the step varies by this share from trajectory to trajectory
  double target_acceptance = 0.8;
};

/// The streams of one chain, each addressed by the number of the trajectory.
struct HamiltonianStreams {
  Stream momentum, acceptance, jitter;
};

enum class Phase { burn_in, sampling };

/// One chain. The leapfrog step e is adapted in the burn-in by dual averaging towards the target acceptance and stays
/// as it is afterwards. Source: Hoffman, Gelman, "The No-U-Turn sampler", JMLR 15 (2014), section 3.2.
class HamiltonianChain {
 public:
  /// `exact`, where given, is the U that trajectories are accepted by, and `potential` may be a coarse one: kicks that
  /// depend on z alone conserve volume and can be run backwards, so that the law is that of `exact` whatever they are.
  /// Throws NumericalError where U is not finite at the start.
  HamiltonianChain(Potential potential, const HamiltonianSettings& settings, const HamiltonianStreams& streams,
                   Vector start, Energy exact = {});
  /// Goes on from what put() wrote of a chain of so many coordinates, with its bits; nothing is evaluated again.
  HamiltonianChain(Potential potential, const HamiltonianSettings& settings, const HamiltonianStreams& streams,
                   Index dimension, FlatReader& in, Energy exact = {});

  /// One trajectory.
  void step(Phase phase);
  /// All that decides later bits, between two trajectories.
  void put(FlatWriter& out) const;
  const Vector& position() const { return position_; }
  /// So many were run, those of the burn-in included.
  std::int64_t trajectories() const { return static_cast<std::int64_t>(number_); }
  double step_size() const { return step_; }
  double acceptance() const { return counted_ > 0 ? accepted_ / static_cast<double>(counted_) : 0; }
  std::int64_t gradients() const { return gradients_; }

 private:
  void kick(double duration, const Vector& position, const Vector& slope);
  void drift(double duration);
  double probability(double step, int leapfrogs, const Stream& momentum, std::uint64_t number);
  int gradients_of(double step) const;
  double longest_step() const { return settings_.longest / settings_.fewest; }
  void find_first_step();
  void adapt(double probability);

  Potential potential_;
  Energy exact_;
  HamiltonianSettings settings_;
  HamiltonianStreams streams_;
  Vector position_, slope_;
  double energy_ = 0;
  // Of the trajectory under way alone.
  Vector trial_, trial_slope_, momentum_, turned_;
  double trial_energy_ = 0;
  double step_ = 1;
  // Dual averaging: log e, its average, and the mean shortfall of the acceptance.
  double centre_ = 0, log_average_ = 0, shortfall_ = 0;
  std::int64_t adapted_ = 0;
  std::uint64_t number_ = 0;
  double accepted_ = 0;
  std::int64_t counted_ = 0, gradients_ = 0;
};

}  // namespace fieldscan::training
