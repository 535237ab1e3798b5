#pragma once
#include <array>
#include <string_view>

#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"
#include "fieldscan/theory/kernel_choice.hpp"
#include "fieldscan/theory/regression/estimates.hpp"
#include "fieldscan/theory/regression/kept_kernels.hpp"

namespace fieldscan::theory {

/// Regression with the kernel of a convolutional network of infinitely many channels, on the same data as the point's
/// own network.
///
/// `kernel: nngp` (the default) is the posterior, with the rows of `nngp`; `tangent` the end of gradient descent of all
/// parameters, with those of `ntk`; `auto` the one of both that the trainer follows. Beside a convolutional network it
/// is of that network, unless it is given an architecture. Beside a fully connected one the network is described here,
/// and only χ and `centred` (for `tangent`) are those of the section `network`: the theory says what an architecture
/// that knows of images would do.
struct ConvolutionalGp {
  ConvolutionalSpec architecture;
  KernelChoice kernel = KernelChoice::nngp;
  Estimates estimates = Estimates::all;

  static constexpr std::string_view kind = "convolutional_gp";
  static constexpr int revision = 3;
  static constexpr std::string_view summary =
      "Convolutional networks of infinitely many channels: regression with their NNGP or tangent kernel.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr bool convolutional = true;
  static constexpr std::array observables = {
      Observable::predictor,   Observable::error_test,         Observable::error_mean_predictor,
      Observable::error_train, Observable::variance_posterior, Observable::learnability,
      Observable::kappa_eff,   Observable::condition_number,   Observable::jitter,
      Observable::error_loo,   Observable::error_gcv,          Observable::log_evidence,
      Observable::accuracy};
  static auto fields() {
    return std::tuple{
        field("architecture", &ConvolutionalGp::architecture, "the convolutional network; left out, the point's own"),
        field("kernel", &ConvolutionalGp::kernel, kernel_sentence),
        field("estimates", &ConvolutionalGp::estimates, estimates_sentence)};
  }
  bool operator==(const ConvolutionalGp&) const = default;
  bool gives(Observable observable) const { return theory::gives(estimates, observable); }

  struct Inputs {
    ConvolutionalSpec architecture;
    KernelKind kernel = KernelKind::nngp;
    double ridge = 0;
    double chi = 1;
    bool centred = false;
    static auto fields() {
      return std::tuple{field("architecture", &Inputs::architecture, "the network, with its width"),
                        field("kernel", &Inputs::kernel, "K or Θ"), field("ridge", &Inputs::ridge, "κ", non_negative()),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("centred", &Inputs::centred, "the output at initialisation is subtracted")};
    }
    bool operator==(const Inputs&) const = default;
  };

  /// The architecture that it takes at a point.
  ConvolutionalSpec architecture_at(const Setting& setting) const;
  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw, KeptKernels* kept = nullptr) const;
};

}  // namespace fieldscan::theory
