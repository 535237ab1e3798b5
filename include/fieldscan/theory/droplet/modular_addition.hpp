#pragma once

namespace fieldscan::theory {

/// Addition modulo a large P by quadratic units with a sixth-order weight prior of strength γ: N units, readout
/// variance σ_a² per unit, σ² = κ/χ. Units leave the centre at a weight amplitude Φ* within a range of σ², the mixed
/// phase:
///
///     (σ²_I)² = σ_a² P²/(N √(γ/3)),   σ²_II = σ²_I − 3σ_a²/γ,   Φ* = √(3/γ)
///
/// Above σ²_I nothing is learned; inside, droplets take up what lies beyond the discrepancy σ²/σ²_I.
/// Source: N. Rubin, I. Seroussi, Z. Ringel, "Grokking as a first order phase transition in two layer networks", ICLR
/// (2024).
struct ModularAddition {
  double modulus = 1;           ///< P
  double prior_strength = 1;    ///< γ
  double width = 1;             ///< N
  double readout_per_unit = 1;  ///< σ_a²
};
struct MixedPhase {
  double begin = 0, end = 0;  ///< σ²_I and σ²_II, which may be below 0: then there is no end
  double amplitude = 0;       ///< Φ*
};
MixedPhase mixed_phase(const ModularAddition& problem);

}  // namespace fieldscan::theory
