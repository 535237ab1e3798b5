#pragma once
#include <vector>

#include "fieldscan/theory/droplet/single_index.hpp"

/// Where units are: the places of m ≥ 0 that count to averages over the law of the overlaps.
namespace fieldscan::theory {

struct Interval {
  double low = 0, high = 0;
};
/// Intervals of m ≥ 0, ascending and apart, outside of which p(m) at the discrepancies t is below e^−40 of its largest
/// value, whatever ρ. As droplets are as narrow as the prior, σ_w/√d, few of the nodes that reach them are needed.
///
/// φ_n grow with m towards limits, which bound the tilt: where that bound is near it is the only interval's end;
/// elsewhere the maxima of the law are looked for, and followed down on both sides.
std::vector<Interval> overlap_support(const SingleIndex& problem, const VectorView& multipliers);

/// Whether every one of the intervals lies in another list's.
bool covers(const std::vector<Interval>& intervals, const std::vector<Interval>& others);
/// What lies in either, the second's widened by `margin` at both ends.
std::vector<Interval> united(std::vector<Interval> intervals, const std::vector<Interval>& others, double margin);

/// Standard deviation of m under the prior.
double overlap_width(const SingleIndex& problem);

}  // namespace fieldscan::theory
