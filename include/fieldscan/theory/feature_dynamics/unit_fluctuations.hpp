#pragma once
#include "fieldscan/theory/feature_dynamics/units_in_time.hpp"

namespace fieldscan::theory {

/// What makes networks of N units differ, of one hidden layer. With o = a φ(h)/g of one unit in the field of all
/// others, at the places (t, μ) in steps 0 … T, and its average's derivative D by the residuals Δ before,
///
///     δf = (1 + D)⁻¹ δo,   N Cov[f, f] = (1 + D)⁻¹ Cov[o, o] (1 + D)⁻ᵀ,
///
/// and at test points δf* = δo* − D* (1 + D)⁻¹ δo. Averages over units; all may be averaged over populations before
/// `scaled_variance` is taken. Source: B. Bordelon, C. Pehlevan, NeurIPS (2023).
struct UnitFluctuations {
  Matrix response;                      ///< D [places × places]
  Matrix covariance;                    ///< Cov[o, o] [places × places]
  std::vector<Matrix> test_response;    ///< D* at each time asked for [P* × places]
  std::vector<Matrix> test_covariance;  ///< Cov[o, o*] [places × P*]
  std::vector<Vector> test_variance;    ///< Var[o*] [P*]
  std::vector<Matrix> tangent;          ///< Θ at each time asked for [P × P]
};

/// D by central differences of the average with the same units, `difference` times the size of the labels: rectifiers
/// have no second derivative. Work: 2 places runs of the units, from each place to the end. Empty where the descent
/// diverges.
UnitFluctuations unit_fluctuations(const FeatureProblem& problem, const UnitSample& sample,
                                   const std::vector<std::int64_t>& steps, double difference);

/// N Var[f*] at time number k [P*].
Vector scaled_variance(const UnitFluctuations& fluctuations, std::size_t k);

/// The average over several of one shape.
UnitFluctuations average_of(const std::vector<const UnitFluctuations*>& parts);

}  // namespace fieldscan::theory
