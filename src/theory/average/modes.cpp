#include "fieldscan/theory/average/modes.hpp"

#include <algorithm>
#include <string>

#include "fieldscan/data/draw.hpp"

namespace fieldscan::theory {

namespace {

/// Whether K(x, x′) = |x||x′| k(cosine), or linear in x·x′: then normal inputs have the spectrum of the sphere.
bool follows_scale(const KernelSpec& kernel) {
  if (std::holds_alternative<network::Linear>(kernel.activation)) return true;
  const auto& bias = kernel.bias_variance.values;
  return network::is_rectifier(kernel.activation) &&
         std::all_of(bias.begin(), bias.end(), [](double b) { return b == 0; });
}

/// Linear networks, and targets whose power per mode of the covariance is known.
Applicability needs_linear(const Setting& setting) {
  if (!std::holds_alternative<network::Linear>(setting.network.activation))
    return {false, "for normal inputs of unequal variances the spectrum is known for linear networks only"};
  const auto* target = std::get_if<data::Linear>(&setting.data.target);
  if (!target || std::holds_alternative<data::IdentitySpectrum>(target->spectrum))
    return {
        false,
        "the power of the target per mode of the covariance is known for target linear with spectrum power_law only"};
  return {};
}

Applicability needs_levels(const Setting& setting) {
  const auto* gaussian = std::get_if<data::Gaussian>(&setting.data.input);
  if (gaussian && !follows_scale(kernel_spec(setting.network)))
    return {false, "for normal inputs the spectrum is known for linear networks and for rectifiers without bias only"};
  if (!gaussian && !std::holds_alternative<data::Sphere>(setting.data.input))
    return {false, "the spectrum is known for inputs on the sphere and normal inputs, not for " +
                       std::string(kind_of(setting.data.input))};
  if (data::dimension_of(setting.data.input) < 2) return {false, "the sphere in one dimension is two points"};
  if (!data::power_per_level(setting.data))
    return {false, "the power of the target per level of spherical harmonics is not known"};
  return {};
}

bool is_anisotropic(const data::InputChoice& input) {
  const auto* gaussian = std::get_if<data::Gaussian>(&input);
  return gaussian && !gaussian->isotropic();
}

ModeExpansion expand_one(const SphereLevels& modes, const ModesWanted& wanted) {
  const Index target_levels = modes.power.empty() ? 1 : modes.power.rbegin()->first + 1;
  ModeExpansion out;
  out.spectrum = sphere_spectrum(wanted.kernel, wanted.kind, wanted.train, modes.dim, wanted.points, wanted.ridge,
                                 std::max<Index>(target_levels, 2));
  const Index levels = out.spectrum.eigenvalue.size();
  out.target.on_modes = Vector::Zero(levels);
  for (const auto& [level, power] : modes.power) {
    out.target.on_modes[level] = power;
    if (power > 0) out.components[level] = {.on_modes = power * Vector::Unit(levels, level)};
  }
  const Spectrum prior = wanted.kind == KernelKind::nngp
                             ? out.spectrum
                             : first_levels(sphere_spectrum(wanted.kernel, KernelKind::nngp, network::Trained::all,
                                                            modes.dim, wanted.points, wanted.ridge, levels),
                                            levels);
  out.initial = {.on_modes = prior.eigenvalue.cwiseProduct(prior.degeneracy), .hidden = prior.tail};
  return out;
}

/// λ of the modes of the covariance Λ, and of the constant where the kernel has one.
Vector normal_eigenvalues(const KernelDiagonal& at, const ModesWanted& wanted, const Vector& covariance) {
  const Vector kernel = selected(wanted, at);  // at cosine 0 and 1
  const bool constant = kernel[0] > 0;
  Vector out(covariance.size() + (constant ? 1 : 0));
  out.head(covariance.size()) = (kernel[1] - kernel[0]) / static_cast<double>(covariance.size()) * covariance;
  if (constant) out[covariance.size()] = kernel[0];
  return out;
}

ModeExpansion expand_one(const NormalModes& modes, const ModesWanted& wanted) {
  const Vector covariance = data::spectrum_values(modes.covariance, modes.dim);
  const KernelDiagonal at = kernel_of_cosine(wanted.kernel, Vector::LinSpaced(2, 0, 1));
  ModeExpansion out;
  out.first_number = 1;
  out.spectrum.eigenvalue = normal_eigenvalues(at, wanted, covariance);
  const Index count = out.spectrum.eigenvalue.size();
  out.spectrum.degeneracy = Vector::Ones(count);
  out.target.on_modes = Vector::Zero(count);
  out.target.on_modes.head(modes.dim) =
      modes.norm * modes.norm / modes.dim * data::spectrum_values(modes.target, modes.dim);
  out.components[1] = out.target;
  ModesWanted prior = wanted;
  prior.kind = KernelKind::nngp;
  out.initial.on_modes = Vector::Zero(count);
  const Vector initial = normal_eigenvalues(at, prior, covariance);
  const Index common = std::min(count, initial.size());
  out.initial.on_modes.head(common) = initial.head(common);
  out.initial.hidden = initial.tail(initial.size() - common).sum();
  return out;
}

}  // namespace

Applicability needs_numbered_labels(const Setting& setting) {
  if (setting.data.train_size.is_word()) return {false, "it needs a number of training points"};
  if (setting.data.labels == data::Labels::shuffled) return {false, "the labels are shuffled"};
  return {};
}

Applicability needs_known_spectrum(const Setting& setting) {
  if (std::holds_alternative<data::File>(setting.data.input))
    return {false, "the spectrum of a file's distribution is not known mode by mode"};
  return is_anisotropic(setting.data.input) ? needs_linear(setting) : needs_levels(setting);
}

Applicability needs_known_modes(const Setting& setting) {
  const Applicability labels = needs_numbered_labels(setting);
  return labels.applies ? needs_known_spectrum(setting) : labels;
}

ModesChoice modes_of(const Setting& setting) {
  const data::Spec& spec = setting.data;
  const int dim = data::dimension_of(spec.input);
  if (is_anisotropic(spec.input)) {
    const auto& target = std::get<data::Linear>(spec.target);
    return NormalModes{.dim = dim,
                       .covariance = std::get<data::Gaussian>(spec.input).spectrum,
                       .target = target.spectrum,
                       .norm = target.norm};
  }
  return SphereLevels{.dim = dim, .power = data::power_per_level(spec).value()};
}

ModeExpansion expand(const ModesChoice& modes, const ModesWanted& wanted) {
  return std::visit([&](const auto& choice) { return expand_one(choice, wanted); }, modes);
}

std::map<double, double> component_learnability(const ModeExpansion& modes, const VectorView& learnability) {
  std::map<double, double> out;
  for (const auto& [number, power] : modes.components)
    out[number] = power.on_modes.dot(learnability) / (power.on_modes.sum() + power.hidden);
  return out;
}

}  // namespace fieldscan::theory
