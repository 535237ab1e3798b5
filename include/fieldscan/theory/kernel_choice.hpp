#pragma once
#include <array>
#include <string_view>

#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/setting.hpp"

namespace fieldscan::theory {

/// Which kernel a theory of regression takes: the one that the point's trainer follows, or one that is named.
enum class KernelChoice { automatic, nngp, tangent };
constexpr auto words(KernelChoice) { return std::array<std::string_view, 3>{"auto", "nngp", "tangent"}; }

/// `auto`: Θ for descent, K for samplers. Without a trainer K as well, but Θ where there is no posterior of the
/// network: its output at initialisation is subtracted, or its readout frozen.
KernelKind kernel_of(KernelChoice choice, const Setting& setting);

/// Whether regression with that kernel describes what the trainer does: K the posterior, Θ the end of descent. Without
/// a trainer both do, as far as the network has a posterior, or the rates and the ridge of linear descent.
Applicability needs_kernel(KernelChoice choice, const Setting& setting);

/// What is said of the field in every theory that has it.
inline constexpr std::string_view kernel_sentence =
    "`nngp`: the posterior; `tangent`: the end of gradient descent; `auto`: what the trainer does, without one the "
    "posterior";

}  // namespace fieldscan::theory
