#pragma once
#include <limits>
#include <optional>

#include "../quantity/quantity.hpp"
#include "../quantity/robust.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "finding.hpp"

/// From a number with its error to a finding.
namespace fieldscan::analysis {

using scan::members_beside, scan::members_for_chi2, scan::members_for_fit, scan::members_for_mean;
inline constexpr double error_rate = 0.05;

/// The 95 % interval: value ± t(0.975, ν) standard errors.
struct Interval {
  double low = 0;
  double high = 0;
};
Interval interval(const Estimate& estimate);
/// That of a number with its estimate: the same, but a share's p stays between 0 and 1. It is the exact one of p m of m
/// independent members (Clopper and Pearson, Biometrika 26, 404 (1934)); m is what makes the standard error s what it
/// is, 1 + p (1 − p)/s², corrected for its degrees of freedom, and at most the n that there are (Korn and Graubard,
/// Survey Methodology 24, 193 (1998)). Of independent members m = n, and it covers in 95 % of ensembles or more.
Interval interval(const Quantity& quantity, const Estimate& estimate);
/// Its standard error and interval, as tables and figures show them.
struct Uncertainty {
  double standard_error = 0;
  Interval interval;
};
/// Nothing where nothing tells how far the number may be off: of one member, of pairs of the same two, and of what no
/// member enters and no error is stated of (a closed form), where an interval of no width would say that it is known.
std::optional<Uncertainty> uncertainty_of(const Quantity& quantity);

/// The range that a test allows; either end may be infinite.
struct Allowed {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  double rounding = 0;  ///< what rounding, or the tolerance of a fit, may make of the number that is judged
};

/// How far a number without an error may lie from an end of its range and be on it: 1e-12 of both, what rounding makes
/// of the numbers that it is formed of, and `allowed.rounding`.
double slack_of(const Quantity& quantity, const Allowed& allowed);
/// Whether an error is none beyond rounding (and the tolerance of a fit).
bool is_rounding(double standard_error, const Quantity& quantity, const Allowed& allowed);

/// Which shares of a number's members are not what they were asked to become: by it verdicts are marked, and points of
/// figures.
Unsettled unsettled_of(const Quantity& quantity);

/// What there is to say where there is no number.
Finding nothing_to_judge(const Missing& missing);
/// The outcome of a finding that lacks a number.
Finding::Outcome outcome_of(Lack lack);

/// Whether every member has a number above zero, below it: then it may be skewed to large sizes.
bool all_positive(const Quantity& quantity);
bool all_negative(const Quantity& quantity);

/// Compares a quantity with its allowed range. Inside: the 95 % interval lies in it, which is stricter than two
/// one-sided tests at 5 %. Of a number that has one sign in every member, with a bound on its size alone, the interval
/// must lie within it on the scale of logarithms too: v exp(t s/v), since errors that are skewed to large sizes are not
/// seen in a few members, and v + t s then lies below the truth too often. p: the probability of a value at least as
/// far out when the truth lies at the nearest end. Fewer members than `needed`, a level too small beside the other
/// (scan::both_levels_known), no standard error, or one member that carries the number: undecided, with what is
/// missing. A number whose error is none beyond rounding is inside where it lies in the range or, within slack_of(), on
/// its end, and contradicted otherwise. Of a number of which a bound is known the bound is judged where it decides:
/// beyond an end of the range, or within a range that is open on the number's side; else a longer axis has to. `shown`:
/// how the sentences write what is of the quantity's own size.
Finding judge(const Quantity& quantity, const Allowed& allowed, std::int64_t needed, Shown shown = Shown::plain);

/// A quantity with its error and interval, and what is allowed of it. is: what it is called ("exponent").
JudgedEstimate judged_estimate(const Quantity& quantity, const Allowed& allowed, std::string is);
/// What was judged is `found` less what is expected, and the statement tells `found`: that becomes the finding's
/// number, with what is allowed of it, and what was judged its distance.
void state_number(Finding& finding, std::string is, const Quantity& found, const Quantity& expected);
/// What the number of a finding, where there is one, is called.
void name_number(Finding& finding, std::string_view is);

}  // namespace fieldscan::analysis
