#include "fieldscan/theory/droplet/modular_addition.hpp"

#include <cmath>

namespace fieldscan::theory {

MixedPhase mixed_phase(const ModularAddition& problem) {
  const double strength = problem.prior_strength, variance = problem.readout_per_unit;
  const double begin = problem.modulus * std::sqrt(variance / (problem.width * std::sqrt(strength / 3)));
  return {.begin = begin, .end = begin - 3 * variance / strength, .amplitude = std::sqrt(3 / strength)};
}

}  // namespace fieldscan::theory
