#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/average/modes.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel_choice.hpp"

namespace fieldscan::theory {

/// Networks whose hidden layer is frozen, averaged over data and over the frozen weights: `average_over_features` in
/// width and data.
///
/// The features are those of the N hidden units, the spectrum that of the kernel K of infinitely many of them: on the
/// sphere level by level, for linear units on normal inputs the modes of the covariance. For samplers one network adds
/// the posterior variance (kappa_eff − κ)/χ to `error_test`, κ (1 − κ/kappa_eff)/χ to `error_train`; for gradient
/// descent (t → ∞) it adds what is left of the output at initialisation, unless that is subtracted.
/// `error_mean_predictor` is that of the mean over frozen weights at one data set, averaged over data sets. Where the
/// errors are infinite (N = P without a ridge) there are no rows for them. `validity` is 1/(P D): fluctuations between
/// data sets; numbers are flagged above 1/20, and for inputs on the sphere below d = 10 (nonlinear units are not
/// Gaussian features there: 10–25% too small an error in d = 6).
struct RandomFeatures {
  KernelChoice kernel = KernelChoice::automatic;  ///< the inputs say which: no part of the identity

  static constexpr std::string_view kind = "random_features";
  static constexpr int revision = 1;
  static constexpr std::string_view summary =
      "Frozen hidden layer: ridge regression on N random features, averaged over data and features.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {Observable::error_test,   Observable::error_mean_predictor,
                                             Observable::error_train,  Observable::variance_posterior,
                                             Observable::learnability, Observable::eigenvalue,
                                             Observable::kappa_eff,    Observable::validity,
                                             listed("solver_residual")};
  static auto fields() {
    return std::tuple{field("kernel", &RandomFeatures::kernel, kernel_sentence).outside_identity()};
  }
  bool operator==(const RandomFeatures&) const = default;

  struct Inputs {
    KernelSpec kernel;
    int width = 1;
    bool sampled = true;
    double ridge = 0;
    double chi = 1;
    bool centred = false;
    int train_size = 1;
    double noise = 0;
    int outputs = 1;
    ModesChoice modes = SphereLevels{};
    static auto fields() {
      return std::tuple{
          field("kernel", &Inputs::kernel, "what the features depend on"),
          field("width", &Inputs::width, "features N", at_least(1)),
          field("sampled", &Inputs::sampled, "the readout is sampled, not descended"),
          field("ridge", &Inputs::ridge, "κ", non_negative()),
          field("chi", &Inputs::chi, "χ", positive()),
          field("centred", &Inputs::centred, "the output at initialisation is subtracted"),
          field("train_size", &Inputs::train_size, "P", at_least(1)),
          field("noise", &Inputs::noise, "standard deviation σ of the label noise", non_negative()),
          field("outputs", &Inputs::outputs, "C, over which powers, noise and variances are summed", at_least(1)),
          field("modes", &Inputs::modes, "spectrum and target")};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
};

}  // namespace fieldscan::theory
