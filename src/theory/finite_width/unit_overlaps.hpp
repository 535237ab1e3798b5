#pragma once
#include "dressed.hpp"
#include "fieldscan/core/bins.hpp"

/// What a theory of independent units says of their overlaps m with the target's direction.
namespace fieldscan::theory {

/// The density of m by points with weights, Σ = 1; inside every bin there are several.
struct OverlapPoints {
  Vector m, weight;
};

/// Of units with m ~ N(0, variance).
OverlapPoints normal_overlaps(double variance, const Bins& bins);
/// Of the nodes of a rule, whose first coordinate lies along the direction: m = length z_1. The density between the
/// nodes is that of the cardinal series, as exact as the rule itself.
OverlapPoints rule_overlaps(const Adaptation& adaptation, double length, const Bins& bins);
/// Of chains: m = z·direction.
OverlapPoints chain_overlaps(const Adaptation& adaptation, const Vector& direction);

/// Observables of N independent units, each with its derivative by the weight of every point.
struct OverlapNumber {
  double value = 0;
  Vector derivative;  ///< [points]
};
OverlapNumber moment_of(const OverlapPoints& points);
OverlapNumber share_of(const OverlapPoints& points, const Bins& bins, int bin);
/// ⟨max |m|⟩ over N units minus the mean |m| of the others; none for a single unit beside it.
OverlapNumber specialisation_of(const OverlapPoints& points, double units);

}  // namespace fieldscan::theory
