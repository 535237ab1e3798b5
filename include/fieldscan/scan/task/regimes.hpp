#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"

/// Which theory of finite width to believe at which points of a scan, before anything is run.
namespace fieldscan::scan {

/// What decides, at one point.
struct RegimeNumbers {
  double signal = 0;      ///< E = (χ/N) tᵀKt, t = (K + κ)⁻¹ y
  double trace = 0;       ///< tr(GK)/N, G = (K + κ)⁻¹
  double points = 0;      ///< P
  double dimension = 0;   ///< d
  double width = 0;       ///< N of the last hidden layer
  double chi = 1;         ///< χ
  bool linear = false;    ///< linear units: exactly solvable at any width
  bool droplets = false;  ///< a target of one direction and erf units, as `droplet` needs them
};

/// The theory for such a point: its word as a scan file has it, or "" where none is known to hold.
///
///     linear units                                              deep_linear
///     one direction, P ≥ 3d, χ ≥ N/10                           droplet
///     E + tr(GK)/N ≤ 1/100                                      nngp: the width makes no difference
///     E ≤ 1/2 and tr(GK)/N ≤ 0.3                                perturbative
///     E ≥ 2 and E ≥ 3 tr(GK)/N                                  kernel_adaptation
///     χ < N/10, P/N and P/d within a factor of 5 of 1           kernel_renormalisation
std::string recommended_theory(const RegimeNumbers& numbers);

/// Points of a scan with one recommendation.
struct Regime {
  std::string theory = {};
  std::uint64_t points = 0;
  double signal_low = 0, signal_high = 0, trace_low = 0, trace_high = 0;
};

/// Seconds that may be spent on them.
enum class RegimeBudget { ten_seconds, any };

struct Regimes {
  std::vector<Regime> list = {};  ///< in order of first appearance
  double seconds = 0;             ///< estimated, of all
  bool computed = false;          ///< false where the estimate is above ten seconds
  std::uint64_t largest = 0;      ///< training points of the largest draw that was cut to `regime_points`; 0: none
};
inline constexpr int regime_points = 500;  ///< of a draw, at most

/// E and tr(GK)/N of draw 0 at every point whose networks are samples of the posterior (or that has only theories),
/// once per data, kernel and κ: χ and N scale them. Of larger training sets the first 500 points. Throws
/// EnvironmentError where data can not be read.
Regimes regimes_of(const Scan& scan, RegimeBudget budget);

/// Lines for `plan`; empty where no point is of a sampler.
std::string regimes_text(const Regimes& regimes);
/// A JSON array, or null where they were not computed.
std::string regimes_json(const Regimes& regimes);

}  // namespace fieldscan::scan
