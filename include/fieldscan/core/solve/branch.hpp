#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/solved.hpp"

/// Solutions along a parameter.
namespace fieldscan::solve {

/// How a step of the parameter is made smaller where the solution at its end is not found from the one before.
struct FollowLimits {
  int halvings = 6;  ///< the shortest step is the way from one parameter to the next over 2^halvings
};

/// One sweep: the solution at each parameter in the order given, found from the last one that converged.
/// solve(parameter, guess) gives a Solved<T>. Where it does not converge, the way there is taken in shorter steps.
/// Where these do not lead there, that parameter is not converged, and the next one starts from the same guess. steps:
/// evaluations on the whole way to a parameter.
///
/// At a fold the branch ends: what is found beyond it is what `solve` finds from the last solution, another branch or
/// none.
template <class T, class Solve>
std::vector<Solved<T>> follow(std::span<const double> parameters, const T& start, Solve&& solve,
                              const FollowLimits& limits = {}) {
  std::vector<Solved<T>> out;
  T guess = start;
  double from = parameters.empty() ? 0 : parameters.front();
  for (const double end : parameters) {
    Solved<T> now = solve(end, guess);
    T on_the_way = guess;
    double at = from, step = (end - from) / 2;
    const double shortest = std::ldexp(std::abs(end - from), -limits.halvings);
    while (!now.converged && std::abs(step) >= shortest && step != 0) {
      const bool last = std::abs(end - at) <= std::abs(step);
      Solved<T> part = solve(last ? end : at + step, on_the_way);
      part.steps += now.steps;
      if (!part.converged) {
        step /= 2;
        now.steps = part.steps;
      } else if (last) {
        now = std::move(part);
      } else {
        now.steps = part.steps;
        on_the_way = std::move(part.value);
        at += step;
      }
    }
    if (now.converged) guess = now.value, from = end;
    out.push_back(std::move(now));
  }
  return out;
}

/// The solutions that are reached from below and from above, at each parameter in the order given.
template <class T>
struct Branches {
  std::vector<Solved<T>> up, down;
};

/// Follows a solution through the parameters (ascending) and back from its end. Where the two sweeps differ, two
/// solutions exist side by side: hysteresis, and between the two ends the first-order transition, where they have one
/// free energy.
template <class T, class Solve>
Branches<T> follow_both_ways(const std::vector<double>& parameters, const T& start, Solve&& solve,
                             const FollowLimits& limits = {}) {
  Branches<T> out;
  out.up = follow<T>(parameters, start, solve, limits);
  T turn = start;
  for (const Solved<T>& s : out.up)
    if (s.converged) turn = s.value;
  out.down = follow<T>(std::vector<double>(parameters.rbegin(), parameters.rend()), turn, solve, limits);
  out.down = {out.down.rbegin(), out.down.rend()};
  return out;
}

inline double distance(double a, double b) { return std::abs(a - b); }
inline double distance(const Vector& a, const Vector& b) { return (a - b).norm(); }

/// The places of the parameters where both sweeps converged, to solutions more than `tolerance` apart.
template <class T>
std::vector<std::size_t> side_by_side(const Branches<T>& branches, double tolerance) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < branches.up.size(); ++k) {
    const Solved<T>&a = branches.up[k], &b = branches.down[k];
    if (a.converged && b.converged && distance(a.value, b.value) > tolerance) out.push_back(k);
  }
  return out;
}

}  // namespace fieldscan::solve
