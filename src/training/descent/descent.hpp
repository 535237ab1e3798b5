#pragma once
#include <functional>

#include "../observe/recorder.hpp"
#include "fieldscan/training/train.hpp"
#include "schedule.hpp"

/// The loop that gradient descent, SGD and Adam share.
namespace fieldscan::training {

/// When a descent ends before its time.
struct Limits {
  std::optional<double> stop_loss;
  double diverged_above = 0;
  double points = 0;  ///< where the limit was given per point: of so many
};

/// Watches the loss: whether it has diverged, and whether it is low enough.
class Watch {
 public:
  /// `typical`: see `typical_loss`.
  Watch(const Limits& limits, double typical)
      : limits_(limits), typical_(typical), largest_(limits.diverged_above * typical) {}
  bool diverged(double loss) const { return !(loss <= largest_); }
  bool low_enough(double loss) const { return limits_.stop_loss && loss <= *limits_.stop_loss; }
  /// The outcome and its sentence at the end of a descent that did not diverge; done with a sentence where the loss has
  /// risen.
  std::pair<Outcome, std::string> ending(bool stopped, double loss) const;

 private:
  Limits limits_;
  double typical_, largest_;
};
/// A descent that `max_steps` ended at a time before its last one, and not by its stop.
std::pair<Outcome, std::string> cut_short(std::int64_t steps, double time, double end);
std::string divergence_text(double loss, std::int64_t step);

/// The first loss of a replica, or that of the output 0 (½ Σ y²; P log C) where it is larger: what divergence is
/// measured by.
double typical_loss(const Problem& problem, const network::Network& network, const Vector& start, Index batch);

struct DescentSettings {
  Schedule schedule;
  Limits limits;
  Index batch = 0;  ///< examples per step; 0: the whole training set
  Sampling sampling = Sampling::permutation;
  std::optional<std::int64_t> patience = std::nullopt;
  std::vector<Vector*> state = {};  ///< what the update remembers from step to step
};

/// θ ← θ + …, from the gradient of the summed loss (a batch's sum already times P/B), which it may change.
using Update = std::function<void(std::int64_t step, Vector& gradient, Vector& theta)>;

/// Descends from θ₀ and records at the schedule's steps. Once the loss is low enough the network stays as it is, and
/// the remaining times record it so: all replicas then have the same times. With early stopping that network, and the
/// one at the end, is the one with the smallest validation error.
Result descend(const Problem& problem, const network::Network& network, const Vector& start, const ObservePlan& plan,
               const DescentSettings& settings, const Update& update);

/// Shortens a gradient longer than `longest`; frozen tensors take no part in its length, and lose their gradient.
void clip_gradient(const network::Network& network, std::optional<double> longest, Vector& gradient);

/// u ← β u − η r_l (g + (κ/χ)(θ − anchor)),  θ ← θ + u, with the rate factor r_l of each tensor; β = 0 needs no u.
class HeavyBall {
 public:
  /// `pull`: κ/χ. `anchor`: θ₀, or empty for zero.
  HeavyBall(const network::Network& network, double momentum, double pull, Vector anchor);
  void step(double rate, const Vector& gradient, Vector& theta);
  Vector& velocity() { return velocity_; }

 private:
  const network::Network& network_;
  double momentum_, pull_;
  Vector anchor_, velocity_;
};

}  // namespace fieldscan::training
