#pragma once
#include <string>

#include "fieldscan/theory/trajectory/scaling_dynamics.hpp"

/// What descent over random features is averaged with.
namespace fieldscan::theory {

/// A spectrum with the target on its modes.
struct FeatureModes {
  Spectrum spectrum;
  Vector power;             ///< g_k²; on a mode of eigenvalue 0 what is never learned
  double first_number = 1;  ///< by which the first mode is called
  bool known = true;        ///< of a file: whether there are rows enough for every mode
  std::string remark = {};
};

/// Of a file: the second moments Λ = ⟨x xᵀ⟩ of all its rows, λ_k = c₁ Λ_k/d for the linear kernel c₁ x·x′/d, and the
/// part of the labels that is linear in x, by least squares; the rest is a mode of eigenvalue 0. Throws
/// EnvironmentError where the file can not be read, NumericalError where it has no more rows than points.
FeatureModes feature_modes(const ScalingDynamics::Modes& modes, const ModesWanted& wanted);

}  // namespace fieldscan::theory
