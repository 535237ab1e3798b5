#pragma once
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// Gradient flow of infinitely wide networks in time: see `Flow` for the formula and the variance over initialisations.
///
/// `error_test` and `error_train` are those of *one* network. `eigenvalue`[mode] are the first 100 eigenvalues of Θ(X,
/// X)/P, mode = 1, 2 …, at the first time; `ntk_top` is the largest eigenvalue of Θ/χ, the same at all times.
///
/// `averaged: true` is the average over data sets in closed form (`average_flow`), without predictor and ntk_top; its
/// `eigenvalue`[mode] are those of the levels on the sphere. Flagged as outside validity where P (1 − γ) < 20 at the
/// ridge κ + 1/t, and the training error where it is below 1% of its start and still falling: then single data sets
/// make it, see `average_flow`.
struct NtkFlow {
  bool averaged = false;

  static constexpr std::string_view kind = "ntk_flow";
  static constexpr int revision = 4;
  static constexpr KernelKind describes = KernelKind::tangent;
  static constexpr std::string_view summary = "Gradient flow of infinitely wide networks: mean and variance in time.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {
      Observable::predictor,   Observable::error_test,   Observable::error_mean_predictor,
      Observable::error_train, Observable::learnability, Observable::eigenvalue,
      Observable::ntk_top,     listed("solver_residual")};
  static auto fields() {
    return std::tuple{
        field("averaged", &NtkFlow::averaged, "average over data draws in closed form, by the spectrum on the sphere")};
  }
  /// Of one draw there is no equation to solve.
  bool gives(Observable observable) const { return averaged || observable != listed("solver_residual"); }
  /// Averaged it is given nothing.
  constexpr Given given_to() const { return averaged ? Given::nothing : Given::draw; }
  bool operator==(const NtkFlow&) const = default;

  struct Inputs {
    KernelSpec kernel;
    double ridge = 0;
    double chi = 1;
    network::Trained train = network::Trained::all;
    bool centred = false;
    std::vector<double> times;
    // Of the average alone; of the rest a draw tells.
    int dim = 0;
    int train_size = 0;
    double noise = 0;
    std::map<int, double> power;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernels depend on"),
                        field("ridge", &Inputs::ridge, "κ", non_negative()),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("train", &Inputs::train, "which parameters move"),
                        field("centred", &Inputs::centred, "the output at initialisation is subtracted"),
                        field("times", &Inputs::times, "t = η·steps/χ", non_negative()),
                        field("dim", &Inputs::dim, "dimension d of the inputs, for the average"),
                        field("train_size", &Inputs::train_size, "P, for the average"),
                        field("noise", &Inputs::noise, "σ, for the average"),
                        field("power", &Inputs::power, "power of the target per level, for the average")};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw) const;
  Result predict(const Inputs& inputs) const;  ///< averaged over data
};

}  // namespace fieldscan::theory
