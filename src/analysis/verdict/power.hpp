#pragma once
#include "judge.hpp"

/// How many members a verdict takes.
namespace fieldscan::analysis {

/// How sure an announced number of members decides: four times in five.
inline constexpr double announced_power = 0.8;

/// The chance that `factor` times as many members decide (interval inside the allowed range, or p below 5 %), given
/// what is known now.
///
/// The truth is where the present estimate v ± s has it, with no opinion of its own. With f times as many members the
/// estimate then moves to v′ ~ v + s √(1 − 1/f) t_ν and its error to s/√f, with f ν degrees of freedom. factor ≥ 1.
double chance_to_decide(const Estimate& estimate, const Allowed& allowed, double factor);

/// The least factor at which that chance is announced_power; infinite beyond 10⁴, or for a range of one point.
double factor_to_decide(const Estimate& estimate, const Allowed& allowed);

/// Before a campaign: the least number of members at which a true distance `truth` from what a test calls zero is found
/// out, with probability `power`, when one member has standard deviation `deviation` and the test allows ±margin at
/// error rate `level`.
///
/// n members make an error deviation/√n with n − 1 degrees of freedom; a truth outside the margin is found where the
/// estimate lies beyond it by t(1 − level, n − 1) errors; one inside is found supported where the interval of 1 −
/// error_rate fits. The chance is a non-central t probability. At least `least` members; 0 where the truth lies on the
/// margin.
std::int64_t members_to_find(double truth, double margin, double deviation, std::int64_t least,
                             double level = error_rate, double power = announced_power);

/// The largest standard deviation of one member with which n ≥ 2 members decide, with probability announced_power,
/// where the truth is known: a truth inside is found supported where both ends of the interval of 1 − error_rate fit
/// (each missed with half of what may be missed), one outside is found beyond its end at error rate `level`. 0 where
/// the truth lies on an end; infinite where there is none.
double deviation_to_decide(double truth, const Allowed& allowed, std::int64_t members, double level = error_rate);

/// The largest standard deviation of one member with which n ≥ 2 members find a truth in the middle of a margin
/// supported, with probability announced_power: what an ensemble resolves, before anything has run.
double deviation_to_find(double margin, std::int64_t members);

}  // namespace fieldscan::analysis
