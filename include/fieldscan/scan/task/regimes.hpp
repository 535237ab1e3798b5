#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"

/// Which theory of finite width to believe at which points of a scan, before anything is run.
namespace fieldscan::scan {

/// Points of a scan with one recommendation.
struct Regime {
  std::vector<std::string> theories = {};  ///< several: side by side; none: none has a meaning there
  std::uint64_t points = 0;
  /// Smallest and largest over points and draws.
  double signal_low = 0, signal_high = 0, trace_low = 0, trace_high = 0;
};

/// Seconds that may be spent on them.
enum class RegimeBudget { ten_seconds, any };

struct Regimes {
  std::vector<Regime> list = {};  ///< in order of first appearance
  double seconds = 0;             ///< estimated, of one draw of every data set
  int draws = 0;              ///< looked at of every data set; 0: not computed, one draw takes more than ten seconds
  std::uint64_t largest = 0;  ///< training points of the largest draw that was cut to `regime_points`; 0: none
};
inline constexpr int regime_points = 500;  ///< of a draw, at most
inline constexpr int regime_draws = 8;     ///< at most

/// E and tr(GK)/N, K the kernel at initialisation, at every point whose networks are samples of the posterior (or that
/// has only theories), once per data, kernel and κ: χ and N scale them. Of the first data draws: as many as the
/// ensemble has, `regime_draws` at most, and no more than the budget allows. Each draw gives a recommendation
/// (`src/scan/task/recommendation.hpp`); where those of the middle half, by E, differ a point has all of them. Of
/// larger training sets the first 500 points. Throws EnvironmentError where data can not be read.
Regimes regimes_of(const Scan& scan, RegimeBudget budget);

/// Lines for `plan`; empty where no point is of a sampler.
std::string regimes_text(const Regimes& regimes);
/// A JSON array, or null where they were not computed.
std::string regimes_json(const Regimes& regimes);

}  // namespace fieldscan::scan
