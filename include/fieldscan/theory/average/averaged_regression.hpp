#pragma once
#include <tuple>
#include <utility>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/average/modes.hpp"
#include "fieldscan/theory/kernel_choice.hpp"

namespace fieldscan::theory {

/// What a theory of regression averaged over data sets depends on; `Modes` says where the spectrum and the target come
/// from.
template <class Modes>
struct AveragedRegression {
  KernelSpec kernel;
  KernelKind regression = KernelKind::nngp;
  double ridge = 0;
  double chi = 1;
  network::Trained train = network::Trained::all;
  bool centred = false;
  int train_size = 1;
  double noise = 0;
  int outputs = 1;
  Modes modes = SphereLevels{};

  static auto fields() {
    using T = AveragedRegression;
    return std::tuple{
        field("kernel", &T::kernel, "what the kernels depend on"),
        field("regression", &T::regression, "with K (samplers) or Θ (gradient descent)"),
        field("ridge", &T::ridge, "κ", non_negative()),
        field("chi", &T::chi, "χ", positive()),
        field("train", &T::train, "which parameters move"),
        field("centred", &T::centred, "the output at initialisation is subtracted"),
        field("train_size", &T::train_size, "P", at_least(1)),
        field("noise", &T::noise, "standard deviation σ of the label noise", non_negative()),
        field("outputs", &T::outputs, "C, over which powers, noise and variances are summed", at_least(1)),
        field("modes", &T::modes, "spectrum and target")};
  }
  bool operator==(const AveragedRegression&) const = default;
};

/// The inputs at a setting that regression with K or Θ describes; with Θ, networks without an output at initialisation
/// do not depend on χ.
template <class Modes>
AveragedRegression<Modes> averaged_regression(const Setting& setting, KernelKind regression, Modes modes) {
  const auto& network = setting.network;
  AveragedRegression<Modes> out{.kernel = kernel_spec(network),
                                .ridge = setting.ridge,
                                .chi = network.chi,
                                .train_size = data::train_points(setting.data),
                                .noise = setting.data.noise,
                                .outputs = data::output_count(setting.data),
                                .modes = std::move(modes)};
  if (regression == KernelKind::nngp) return out;
  out.regression = KernelKind::tangent;
  out.train = network.train;
  out.centred = is_centred(setting);
  if (out.centred) out.chi = 1;
  return out;
}

}  // namespace fieldscan::theory
