#pragma once
#include <fmt/format.h>

#include "../applicability.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/data/draw.hpp"

/// Reasons shared by theories of finite width.
namespace fieldscan::theory {

/// Theories of the posterior of all parameters at one data draw: hidden layers that learn.
inline Applicability needs_learned_layers(const Setting& setting) {
  if (const Applicability posterior = needs_posterior(setting); !posterior.applies) return posterior;
  if (setting.network.train == network::Trained::readout)
    return {false, "the hidden layers keep their initial values, and it is about those that learn"};
  return needs_draw(setting);
}

/// Where what is asked for is known of one output alone: throws NumericalError, *not applicable, because …*.
inline void require_one_output(const data::Draw& draw, const char* because) {
  if (const Index outputs = draw.train.label.cols(); outputs != 1)
    throw NumericalError(fmt::format("not applicable to {} outputs, because {}", outputs, because));
}

}  // namespace fieldscan::theory
