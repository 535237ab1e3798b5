#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/feature_dynamics/feature_problem.hpp"

namespace fieldscan::theory {

/// Learning of features in time: gradient descent of infinitely wide networks at a fixed γ₀ = √(χ/N), in the trainer's
/// own steps, with momentum and ridge, see `FeatureProblem`. As γ₀ → 0 it becomes `ntk_descent` of a centred network.
///
/// A layer is a population of units in the field that they make themselves. Where their averages can be taken by a rule
/// the numbers are exact: linear units, whose second moments close, and smooth units that see at most two directions.
/// Otherwise units are sampled, in populations that know nothing of each other: their spread is the standard error. A
/// population of S units is a network of width S, with a bias in 1/S; each is run in halves as well, which takes it
/// off.
///
/// The width is not among what it solves for, γ₀ is: with χ ∝ N and η ∝ χ the numbers are the same at all widths, and
/// of centred networks one prediction serves them all. Networks differ by the fluctuation of f, of variance ∝ 1/N, and
/// a bias ∝ 1/N. Unless they are centred that variance is ⟨K⟩/χ at the start: `validity` is its share of the training
/// error there, (⟨K⟩/χ)/(⟨y²⟩ + ⟨K⟩/χ), and above 0.05 all numbers are flagged.
///
/// Deeper networks are marched in time with their responses, see `LayersInTime`. From the Jacobian of every unit:
/// (steps
/// + 1)·P ≤ 200, and rectifiers have an error beside the stated one, of the width that their φ″ is given: some .01 of
/// strong labels. From correlations with the noise (`responses: correlations`, Stein's lemma): up to 2500, far cheaper,
/// without φ″, and with a bias in (steps + 1)·P over the units of a population, which its halves take off in first
/// order.
///
/// From the first recorded time on at which h λ_max(Θ) + h κ > 2 (1 + β) numbers are flagged as outside validity: small
/// differences then grow, and populations tell no more of networks than their stated errors say.
/// `kernel_change` and `alignment` are those of the NTK (`of: ntk`). With a loss above 10⁴ times that of the start the
/// times from there on are left out, with the outcome `diverged`.
struct Dmft {
  enum class Averages { automatic, sampled };
  enum class Form { jacobians, correlations };
  std::optional<double> learning_rate = std::nullopt;
  std::optional<double> momentum = std::nullopt;
  Averages averages = Averages::automatic;
  Form responses = Form::jacobians;
  int samples = 16384;

  static constexpr std::string_view kind = "dmft";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Dynamical mean-field theory: gradient descent of infinitely wide networks that learn features, χ ∝ N.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr int estimates = 8;  ///< at least so many independent ones make the errors
  static constexpr std::array observables = {
      Observable::predictor,    Observable::error_test,   Observable::error_train,   Observable::error_mean_predictor,
      Observable::learnability, Observable::alignment,    Observable::kernel_change, listed("predictor_error"),
      Observable::validity,     listed("solver_residual")};
  static auto fields() {
    return std::tuple{
        field("learning_rate", &Dmft::learning_rate, "η, for `training: none`; left out: the trainer's", positive()),
        field("momentum", &Dmft::momentum, "β, for `training: none`; left out: the trainer's",
              Range{.low = 0, .high = 1, .high_open = true}),
        field("averages", &Dmft::averages,
              "how averages over units are taken: by a rule where there is one (linear units; smooth ones of one "
              "hidden layer that see at most two directions), or from samples in any case")
            .outside_identity(),
        field("responses", &Dmft::responses,
              "how the responses of several hidden layers are formed: from the Jacobian of every unit, or by Stein's "
              "lemma from correlations with the noise")
            .outside_identity(),
        field("samples", &Dmft::samples, "pairs of units of every layer in all populations, where they are sampled",
              at_least(1024))
            .outside_identity()};
  }
  bool operator==(const Dmft&) const = default;

  struct Inputs {
    KernelSpec kernel;
    double richness = 1;
    double step = 1;
    double momentum = 0;
    double ridge = 0;
    dynamics::Anchor anchor = dynamics::Anchor::initial;
    double time_per_step = 1;
    std::vector<double> times;
    std::optional<double> chi = std::nullopt;
    int samples = 0;
    Form responses = Form::jacobians;
    static auto fields() {
      return std::tuple{
          field("kernel", &Inputs::kernel, "layers, activation and variances"),
          field("richness", &Inputs::richness, "γ₀ = √(χ/N)", positive()),
          field("step", &Inputs::step, "h = η/χ, times the rate factor of the tensors", positive()),
          field("momentum", &Inputs::momentum, "β", non_negative()),
          field("ridge", &Inputs::ridge, "κ", non_negative()),
          field("anchor", &Inputs::anchor, "where the ridge pulls to"),
          field("time_per_step", &Inputs::time_per_step, "η/(χ(1 − β))", positive()),
          field("times", &Inputs::times, "that are asked for", non_negative()),
          field("chi", &Inputs::chi, "χ; none where the output at initialisation is subtracted", positive()),
          field("samples", &Inputs::samples, "pairs of units; 0: a rule", non_negative()),
          field("responses", &Inputs::responses, "of several hidden layers")};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  bool sampled(const Inputs& inputs) const;
  /// A sampled population is followed step by step: nothing is solved.
  bool iterates(const Setting& setting) const { return !sampled(inputs(setting)); }
  Result predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const;
};
constexpr auto words(Dmft::Form) { return std::array<std::string_view, 2>{"jacobians", "correlations"}; }
constexpr auto words(Dmft::Averages) { return std::array<std::string_view, 2>{"automatic", "sampled"}; }

}  // namespace fieldscan::theory
