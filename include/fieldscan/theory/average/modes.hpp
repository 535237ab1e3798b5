#pragma once
#include <array>
#include <map>
#include <string_view>
#include <variant>

#include "fieldscan/theory/average/spectrum_sphere.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/setting.hpp"

/// Where the spectrum of a kernel, and the power of the target on its eigenfunctions, come from.
namespace fieldscan::theory {

/// Spherical harmonics, level by level; also normal inputs of covariance I where the kernel is linear or homogeneous.
struct SphereLevels {
  int dim = 2;
  std::map<int, double> power = {};  ///< ⟨g_l²⟩ per level

  static constexpr std::string_view kind = "sphere_levels";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Levels of spherical harmonics.";
  static auto fields() {
    return std::tuple{field("dim", &SphereLevels::dim, "dimension d of the inputs", at_least(2)),
                      field("power", &SphereLevels::power, "power of the target per level")};
  }
  bool operator==(const SphereLevels&) const = default;
};

/// Linear networks on normal inputs of diagonal covariance: the kernel is c₀ + c₁ x·x′/d, the eigenfunctions are
/// x_i/√Λ_i with λ_i = c₁ Λ_i/d, and the constant with c₀. The covariance has trace d, so that Σ λ_i = c₁ whatever the
/// dimension.
struct NormalModes {
  int dim = 2;
  data::SpectrumChoice covariance = data::IdentitySpectrum{};
  data::SpectrumChoice target = data::IdentitySpectrum{};  ///< p_i; the power of mode i is norm² p_i/d
  double norm = 1;

  static constexpr std::string_view kind = "normal_modes";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Modes of the covariance of normal inputs, for linear networks.";
  static auto fields() {
    return std::tuple{field("dim", &NormalModes::dim, "dimension d of the inputs", at_least(1)),
                      field("covariance", &NormalModes::covariance, "eigenvalues of the covariance, trace d"),
                      field("target", &NormalModes::target, "power of the target per mode, up to norm²/d"),
                      field("norm", &NormalModes::norm, "root of the mean square of the target", positive())};
  }
  bool operator==(const NormalModes&) const = default;
};

using ModesChoice = std::variant<SphereLevels, NormalModes>;

/// Whether the spectrum of the population is known at a setting, and the choice that gives it.
Applicability needs_numbered_labels(const Setting& setting);  ///< a number of points, and labels that follow the target
Applicability needs_known_spectrum(const Setting& setting);   ///< of inputs and target, whatever is seen of them
Applicability needs_known_modes(const Setting& setting);      ///< both
ModesChoice modes_of(const Setting& setting);

/// The kernel whose spectrum is wanted, and how far.
struct ModesWanted {
  KernelSpec kernel;
  KernelKind kind = KernelKind::nngp;
  network::Trained train = network::Trained::all;  ///< of the tangent kernel
  double points = 1, ridge = 0;                    ///< where levels may be cut off: see `sphere_spectrum`
};

/// The power of a function on the modes of a spectrum.
struct ModePower {
  Vector on_modes;    ///< g_l² [modes]
  double hidden = 0;  ///< on modes that are not listed: in the tail of the spectrum, or without an eigenvalue
};

/// K or the tangent kernel of what is trained.
template <class Values>
auto selected(const ModesWanted& wanted, const Values& values) {
  return wanted.kind == KernelKind::nngp ? values.nngp : tangent_of(wanted.train, values);
}

/// A spectrum with the target on its modes.
struct ModeExpansion {
  Spectrum spectrum;
  ModePower target;
  ModePower initial;                            ///< of the output at initialisation, times χ
  std::map<double, ModePower> components = {};  ///< of the target's named components, by their numbers
  double first_number = 0;                      ///< by which the first mode is called: level 0, or rank 1
};
ModeExpansion expand(const ModesChoice& modes, const ModesWanted& wanted);

/// Learnability of the target's components: Σ L_l c_l/Σ c_l with their powers c; what is hidden is not learned.
std::map<double, double> component_learnability(const ModeExpansion& modes, const VectorView& learnability);

}  // namespace fieldscan::theory
