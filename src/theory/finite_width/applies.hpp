#pragma once
#include "../applicability.hpp"

/// Reasons shared by theories of finite width.
namespace fieldscan::theory {

/// Theories of the posterior of all parameters at one data draw: hidden layers that learn.
inline Applicability needs_learned_layers(const Setting& setting) {
  if (const Applicability posterior = needs_posterior(setting); !posterior.applies) return posterior;
  if (setting.network.train == network::Trained::readout)
    return {false, "the hidden layers keep their initial values, and it is about those that learn"};
  return needs_draw(setting);
}

}  // namespace fieldscan::theory
