#pragma once
#include "fieldscan/theory/setting.hpp"

/// Reasons shared by several theories.
namespace fieldscan::theory {

/// A theory given a data draw needs a training set and test points.
inline Applicability needs_draw(const Setting& setting) {
  if (setting.data.train_size.is(data::TrainSizeWord::online))
    return {false, "there is no training set when every step sees fresh examples"};
  return {};
}

/// Theories whose networks start at a draw of the prior. A posterior forgets where its chains start, but for what is
/// frozen, and a solved readout where it started.
inline Applicability needs_standard_start(const Setting& setting) {
  using network::Trained;
  const network::Initial& initial = setting.network.initial;
  const bool forgets = is_sampling(setting.dynamics);
  const bool of_hidden =
      initial.hidden != network::InitialHidden{} && !(forgets && setting.network.train != Trained::readout);
  const bool of_readout = initial.readout != network::InitialReadout{} &&
                          !(forgets && setting.network.train != Trained::hidden) &&
                          !is_any<dynamics::Solved>(setting.dynamics);
  if (of_hidden) return {false, "the hidden weights do not start at a draw of the prior (network.initial.hidden)"};
  if (of_readout) return {false, "the readout does not start at a draw of the prior (network.initial.readout)"};
  return {};
}

/// Kernels are those of plain outputs.
inline Applicability needs_plain_output(const Setting& setting) {
  if (setting.network.output != network::OutputForm::plain)
    return {false, "the mean over the inputs is subtracted from the output (network.output)"};
  return {};
}

/// Theories of linearised gradient descent: how the parameters move, and where the ridge pulls them.
inline Applicability needs_linear_descent(const Setting& setting) {
  if (!is_alone(setting.dynamics) && !is_descending(setting.dynamics))
    return {false, "it describes gradient descent, and the trainer is " + setting.trainer};
  if (setting.network.parameterisation != network::Parameterisation::ntk)
    return {false, "its rates are those of the ntk parameterisation, not of " +
                       std::string(word(setting.network.parameterisation))};
  if (anchor_of(setting.dynamics) == dynamics::Anchor::zero && setting.ridge > 0)
    return {false, "the ridge pulls towards zero, not towards the initial parameters"};
  return {};
}

/// Theories of where linearised descent ends: the same, or a readout that is solved, whatever its rates would be.
inline Applicability needs_regression(const Setting& setting) {
  return is_any<dynamics::Solved>(setting.dynamics) ? Applicability{} : needs_linear_descent(setting);
}

/// Theories of the posterior.
inline Applicability needs_posterior(const Setting& setting) {
  if (!is_alone(setting.dynamics) && !is_sampling(setting.dynamics))
    return {false, "it describes the posterior, and the trainer is " + setting.trainer};
  if (setting.network.train == network::Trained::hidden) return {false, "the readout is frozen"};
  if (is_centred(setting)) return {false, "the output at initialisation is subtracted"};
  return {};
}

}  // namespace fieldscan::theory
