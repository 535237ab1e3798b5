#include "fieldscan/network/spec.hpp"

#include <fmt/format.h>

namespace fieldscan::network {
namespace {

template <class Number>
std::optional<std::string> length_problem(std::string_view name, const PerLayer<Number>& list, int depth) {
  if (list.is_one() || list.values.size() == static_cast<std::size_t>(depth)) return std::nullopt;
  return fmt::format("{} lists {} values, but the depth is {}; give one number, or one per hidden layer", name,
                     list.values.size(), depth);
}

std::optional<std::string> readout_problem(const Spec& spec) {
  const InitialReadout& readout = spec.initial.readout;
  if (readout.exponent != InitialReadout{}.exponent && readout.law != ReadoutLaw::power_law)
    return "initial.readout.exponent is of `law: power_law` alone";
  if (readout.law != ReadoutLaw::values)
    return readout.values.empty() ? std::nullopt
                                  : std::optional<std::string>("initial.readout.values are of `law: values` alone");
  if (readout.values.size() != static_cast<std::size_t>(last_width(spec)))
    return fmt::format("initial.readout.values lists {} numbers, but the last hidden layer has {} units",
                       readout.values.size(), last_width(spec));
  return std::nullopt;
}

std::optional<std::string> hidden_problem(const Spec& spec) {
  const InitialHidden& hidden = spec.initial.hidden;
  if (hidden.law == HiddenLaw::normal) {
    if (hidden.strength != InitialHidden{}.strength || hidden.direction != InitialHidden{}.direction)
      return "initial.hidden.strength and direction are of `law: balanced` alone; `scale` is the size of normal weights";
    return std::nullopt;
  }
  if (hidden.scale != 1) return "initial.hidden.scale is of `law: normal` alone; a balanced start has a `strength`";
  if (spec.initial.readout != InitialReadout{})
    return "the readout is part of a balanced start: leave out initial.readout";
  if (!std::holds_alternative<Linear>(spec.activation))
    return "a balanced start is one of linear units: set `activation: linear`";
  for (const double variance : spec.bias_variance.values)
    if (variance > 0) return "a balanced start has no biases: set `bias_variance: 0`";
  return std::nullopt;
}

/// Starts that are written down for the units of a fully connected network.
std::optional<std::string> convolution_problem(const Spec& spec) {
  if (!is_convolutional(spec.architecture)) return std::nullopt;
  if (spec.initial.hidden.law == HiddenLaw::balanced)
    return "a balanced start is one of fully connected layers: set `initial.hidden` otherwise";
  const ReadoutLaw law = spec.initial.readout.law;
  if (law == ReadoutLaw::power_law || law == ReadoutLaw::values)
    return fmt::format("initial.readout `{}` is for the units of fully connected layers", word(law));
  return std::nullopt;
}

std::optional<std::string> output_problem(const Spec& spec) {
  if (spec.output == OutputForm::plain) return std::nullopt;
  if (spec.depth != 1 || !std::holds_alternative<Quadratic>(spec.activation))
    return "output: centred_over_inputs has a closed form for one hidden layer of quadratic units: set `depth: 1` and "
           "`activation: quadratic`, or `centred: true`, which subtracts the output at initialisation";
  if (is_convolutional(spec.architecture)) return "output: centred_over_inputs is for fully connected layers";
  if (spec.bias_variance.at(0) > 0) return "output: centred_over_inputs is for units without bias: `bias_variance: 0`";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Spec::problem() const {
  if (auto text = length_problem("width", width, depth)) return text;
  if (auto text = length_problem("weight_variance", weight_variance, depth)) return text;
  if (auto text = length_problem("bias_variance", bias_variance, depth)) return text;
  if (auto text = convolution_problem(*this)) return text;
  if (auto text = readout_problem(*this)) return text;
  if (auto text = output_problem(*this)) return text;
  return hidden_problem(*this);
}

int width_of(const Spec& spec, int layer) { return spec.width.at(static_cast<std::size_t>(layer)); }

int last_width(const Spec& spec) { return width_of(spec, spec.depth - 1); }

}  // namespace fieldscan::network
