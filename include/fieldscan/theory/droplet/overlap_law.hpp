#pragma once
#include <optional>
#include <vector>

#include "fieldscan/theory/droplet/overlap_support.hpp"
#include "fieldscan/theory/droplet/single_index.hpp"

namespace fieldscan::theory {

/// Nodes in ρ = |w|²/d − m² for its prior, σ_w² χ²_{d−1}/d: equal steps in log ρ, whose error falls faster than any
/// power.
struct Transverse {
  Vector square, log_weight;  ///< ρ and the logarithm of its weight, Σ weight = 1 [nodes]
};
Transverse transverse_rule(double dimension, double weight_variance);

/// The law p(m) of one unit's overlap,
///
///     p(m) ∝ exp(−d m²/(2σ_w²)) ⟨exp((b/2) (P Σ_n t_n φ_n(m, m² + ρ))²)⟩_ρ
///
/// even in m. t: the discrepancy per mode, (c_n − f_n)/κ_eff. Held where it is above e^−40 of its largest value
/// (`overlap_support.hpp`).
class OverlapLaw {
 public:
  OverlapLaw(SingleIndex problem, Vector multipliers);

  double log_density(double m) const;          ///< log p(m)
  double mass(double low, double high) const;  ///< ∫ p over an interval; its ends may be infinite
  double beyond(double m) const;               ///< share of units with |overlap| > m
  double second_moment() const { return moment_; }
  /// Places m ≥ 0, ascending: nodes where the law is held, a few between them and beyond; log p there.
  const Vector& places() const { return places_; }
  const Vector& at_places() const { return log_density_; }

 private:
  double unnormalised(double m) const;
  double mass_above(double low, double high) const;  ///< 0 ≤ low < high
  void place_nodes();

  SingleIndex problem_;
  Vector multipliers_;
  Transverse transverse_;
  double spacing_, log_norm_ = 0, moment_ = 0;
  std::vector<Interval> held_;
  Vector places_, log_density_;
};

/// The extremes of p(m) on m ≥ 0.
struct OverlapShape {
  bool central = true;               ///< whether m = 0 is a maximum
  std::optional<double> outer = {};  ///< m_D: the highest maximum beyond the first, or beyond a centre that is none
  std::optional<double> edge = {};   ///< m_c: the lowest point between the two maxima
};
/// Maxima lower than e^−40 of the highest point do not count.
OverlapShape shape_of(const OverlapLaw& law);

}  // namespace fieldscan::theory
