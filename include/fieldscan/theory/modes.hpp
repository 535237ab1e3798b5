#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <variant>

#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/kernels.hpp"
#include "fieldscan/theory/spectrum_sphere.hpp"

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

/// Linear networks on normal inputs of diagonal covariance: the kernel is c₀ + c₁ x·x′/d, the eigenfunctions are x_i/√Λ_i with
/// λ_i = c₁ Λ_i/d, and the constant with c₀. The covariance has trace d, so that Σ λ_i = c₁ whatever the dimension.
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

/// Eigenvectors of the kernel matrix on M rows of a file's training part: the exact spectrum of the uniform distribution on these rows.
/// It stands for the data where P ≪ M.
struct PoolModes {
  data::InputChoice input = data::File{};
  data::TargetChoice target = data::FileLabels{};
  int validation_size = 0;
  std::int64_t seed = 0;
  int points = 1;  ///< M

  static constexpr std::string_view kind = "pool_modes";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Eigenvectors of the kernel matrix on rows of a file.";
  static auto fields() {
    return std::tuple{field("input", &PoolModes::input, "the file"), field("target", &PoolModes::target, "the target"),
                      field("validation_size", &PoolModes::validation_size, "rows that are set aside", non_negative()),
                      field("seed", &PoolModes::seed, "of random targets and of the choice of rows"),
                      field("points", &PoolModes::points, "rows M that are looked at", at_least(1))};
  }
  bool operator==(const PoolModes&) const = default;
};

using ModesChoice = std::variant<SphereLevels, NormalModes, PoolModes>;

/// Whether the spectrum is known at a setting, and the choice that gives it.
Applicability needs_known_modes(const Setting& setting);
ModesChoice modes_of(const Setting& setting);

/// The kernel whose spectrum is wanted, and how far.
struct ModesWanted {
  KernelSpec kernel;
  KernelKind kind = KernelKind::nngp;
  network::Trained train = network::Trained::all;  ///< of the tangent kernel
  double points = 1, ridge = 0;                    ///< where levels may be cut off: see `sphere_spectrum`
};

/// A spectrum with the target on its modes.
struct ModeExpansion {
  Spectrum spectrum;
  Vector power;                              ///< g_l² [modes]
  Vector initial;                            ///< power of the output at initialisation, times χ [modes]
  double initial_hidden = 0;                 ///< its power on the modes that are not listed
  std::map<double, Vector> components = {};  ///< number of a named component of the target → its power on the modes
  double first_number = 0;                   ///< by which the first mode is called: level 0, or rank 1
  double pool = 0;                           ///< M of an empirical spectrum; 0 for a population's
};
ModeExpansion expand(const ModesChoice& modes, const ModesWanted& wanted);

/// Learnability of the target's components: Σ L_l c_l/Σ c_l with their powers c.
std::map<double, double> component_learnability(const ModeExpansion& modes, const VectorView& learnability);

/// Spectrum and target power of the uniform distribution on M points, from their kernel matrix K [M × M] and target g [M]:
/// λ_i = eigenvalue/M descending, eigenfunctions √M u_i, power (u_i·g)²/M. Rounding below zero is clipped.
struct EmpiricalModes {
  Spectrum spectrum;
  Vector power;
  Matrix vectors;  ///< u_i as columns
};
EmpiricalModes empirical_modes(const MatrixView& kernel, const VectorView& target);

}  // namespace fieldscan::theory
