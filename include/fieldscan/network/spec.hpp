#pragma once
#include <array>
#include <string>
#include <string_view>

#include "fieldscan/core/field.hpp"
#include "fieldscan/network/activation/list.hpp"
#include "fieldscan/network/architecture.hpp"
#include "fieldscan/network/initial_law.hpp"

namespace fieldscan::network {

/// Rates of the tensors relative to one another and to other widths: the table beside `Tensor` in network.hpp.
enum class Parameterisation { ntk, standard, mup };
constexpr auto words(Parameterisation) { return std::array<std::string_view, 3>{"ntk", "standard", "mup"}; }

/// Which tensors move: all, the readout alone, or the hidden weights and biases alone. The others keep their initial
/// values.
enum class Trained { all, readout, hidden };
constexpr auto words(Trained) { return std::array<std::string_view, 3>{"all", "readout", "hidden"}; }

/// Whether the mean over the inputs is subtracted from the output.
enum class OutputForm {
  plain,
  centred_over_inputs,  ///< f − ⟨f⟩ over inputs with ⟨x xᵀ⟩ = 1: of quadratic units ⟨h_i²⟩ = (σ_w²/d)|W_i|² each
};
constexpr auto words(OutputForm) { return std::array<std::string_view, 2>{"plain", "centred_over_inputs"}; }

/// A fully connected network (of several outputs each with a readout a of its own),
///
///     h¹ = √(σ_w²/d) W¹ x + σ_b b¹,   hˡ⁺¹ = √(σ_w²/N_l) Wˡ⁺¹ φ(hˡ) + σ_b bˡ⁺¹,   f = √(σ_a²/(N_L χ)) Σ_i a_i
///     φ(h^L_i),
///
/// all parameters N(0, 1) in the `ntk` parameterisation; the others have the same function at initialisation and other
/// rates. χ = 1 is the standard (lazy) scaling, χ = N mean-field.
///
/// Or a convolutional one, with Q the positions of a filter (q or q²), C channels of the image, S positions after layer
/// L, s positions, the bias one per channel,
///
///     h¹_is = √(σ_w²/(QC)) Σ_{cβ} W¹_icβ x_{s·stride+β,c} + σ_b b¹_i,   hˡ⁺¹_is = √(σ_w²/(Q N_l)) Σ_{jβ} Wˡ⁺¹_ijβ
///     φ(hˡ_j,s+β) + σ_b bˡ⁺¹_i,
///     flatten: f = √(σ_a²/(N_L S χ)) Σ_is a_is φ(h^L_is),   pooling: f = √(σ_a²/(N_L χ)) Σ_i a_i (1/S) Σ_s φ(h^L_is),
///
/// whose kernels at N → ∞ are those of theory/kernel/convolutional_kernels.hpp.
struct Spec {
  Architecture architecture = {};
  int depth = 1;              ///< number of hidden layers L
  PerLayer<int> width = 128;  ///< N_l
  ActivationChoice activation = Erf{};
  PerLayer<double> weight_variance = 1;  ///< σ_w² of hidden layer l
  PerLayer<double> bias_variance = 0;    ///< σ_b² of hidden layer l; 0: no bias
  double readout_variance = 1;           ///< σ_a²
  double chi = 1;
  Parameterisation parameterisation = Parameterisation::ntk;
  double base_width = 64;  ///< width at which μP and standard parameterisation have the same rates
  Trained train = Trained::all;
  bool centred = false;  ///< subtract the output at initialisation
  Initial initial = {};
  OutputForm output = OutputForm::plain;

  static auto fields() {
    return std::tuple{
        field("architecture", &Spec::architecture, "what a layer sees: all units of the layer below, or patches of it"),
        field("depth", &Spec::depth, "number of hidden layers L", at_least(1)),
        field("width", &Spec::width,
              "units N of the hidden layers (channels of convolutions): one number, or a list with one per layer",
              at_least(1)),
        field("activation", &Spec::activation, "nonlinearity φ of the hidden layers"),
        field("weight_variance", &Spec::weight_variance,
              "σ_w², after division by fan-in: one number or one per hidden layer", positive()),
        field("bias_variance", &Spec::bias_variance, "σ_b²: one number or one per hidden layer; 0 means no bias",
              non_negative()),
        field("readout_variance", &Spec::readout_variance, "σ_a², after division by N χ", positive()),
        field("chi", &Spec::chi, "feature-learning scale χ: 1 standard (lazy), N mean-field; γ₀² N in the γ₀ form",
              positive()),
        field("parameterisation", &Spec::parameterisation, "how parameters are scaled: what one learning rate means"),
        field("base_width", &Spec::base_width, "width at which the rates of mup and standard equal those of ntk",
              positive()),
        field("train", &Spec::train, "which tensors are trained"),
        field("centred", &Spec::centred, "subtract the network's output at initialisation"),
        field("initial", &Spec::initial, "the parameters at the start, where they are no draw of the prior"),
        field("output", &Spec::output,
              "`centred_over_inputs`: f − ⟨f⟩ over the inputs, of one layer of quadratic units, which then have "
              "h_i² − (σ_w²/d)|W_i|² in place of h_i²"),
    };
  }
  /// Lists whose length is not the depth; initial laws that do not fit together or not this network; a shape that no
  /// image has; an output whose mean has no closed form.
  std::optional<std::string> problem() const;
  bool operator==(const Spec&) const = default;
};

/// The width of hidden layer l = 0 … depth − 1, and the last one.
int width_of(const Spec& spec, int layer);
int last_width(const Spec& spec);

}  // namespace fieldscan::network
