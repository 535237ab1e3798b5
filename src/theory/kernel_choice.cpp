#include "fieldscan/theory/kernel_choice.hpp"

#include "applicability.hpp"

namespace fieldscan::theory {

KernelKind kernel_of(KernelChoice choice, const Setting& setting) {
  if (choice != KernelChoice::automatic)
    return choice == KernelChoice::tangent ? KernelKind::tangent : KernelKind::nngp;
  const auto& network = setting.network;
  const bool alone = is_alone(setting.dynamics) && (network.centred || network.train == network::Trained::hidden);
  return is_descent(setting) || alone ? KernelKind::tangent : KernelKind::nngp;
}

Applicability needs_kernel(KernelChoice choice, const Setting& setting) {
  Applicability law =
      kernel_of(choice, setting) == KernelKind::tangent ? needs_regression(setting) : needs_posterior(setting);
  if (!law.applies && choice != KernelChoice::automatic) law.because += "; its kernel is " + std::string(word(choice));
  return law;
}

}  // namespace fieldscan::theory
