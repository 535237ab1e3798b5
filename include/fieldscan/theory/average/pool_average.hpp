#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/average/effective_ridge.hpp"
#include "fieldscan/theory/average/modes.hpp"

/// Learning curves of real data, from one kernel matrix on a sample of them.
namespace fieldscan::theory {

/// The rows of a file that the errors of networks are means over, in all data draws together: those of a shared test
/// set, else all that are held out, of which every draw takes some. How hard they happen to be is in no average over
/// draws.
inline constexpr int all_held_out = -1;
int tested_rows(const Setting& setting);

/// Rows of a file's training part that stand for its distribution.
struct PoolModes {
  data::InputChoice input = data::File{};
  data::TargetChoice target = data::FileLabels{};
  int validation_size = 0;
  std::int64_t seed = 0;
  int points = 1;  ///< M, as far as the file has them
  data::TestFrom test_from = data::TestFrom::automatic;
  int tested = 0;  ///< see `tested_rows`; 0: nobody asks

  static constexpr std::string_view kind = "pool_modes";
  static constexpr int revision = 2;
  static constexpr std::string_view summary = "Eigenvectors of the kernel matrix on rows of a file.";
  static auto fields() {
    return std::tuple{field("input", &PoolModes::input, "the file"),
                      field("target", &PoolModes::target, "the target"),
                      field("validation_size", &PoolModes::validation_size, "rows that are set aside", non_negative()),
                      field("seed", &PoolModes::seed, "of random targets and of the choice of rows"),
                      field("points", &PoolModes::points, "rows M that are looked at", at_least(1)),
                      field("test_from", &PoolModes::test_from, "`pool`: without the rows that are held out for tests"),
                      field("tested", &PoolModes::tested, "rows that errors are measured on; -1: all that are held out",
                            at_least(all_held_out))};
  }
  bool operator==(const PoolModes&) const = default;
};

/// 8 P rows, at least 2048 and at most 4096.
PoolModes pool_of(const Setting& setting);

/// Exact spectrum of the uniform distribution on M points with kernel matrix K [M × M]: λ̂_i = eigenvalue/M, descending,
/// eigenfunctions √M u_i. Rounding is clipped to 0. Regression on points drawn from these M *with* replacement, tested
/// on all of them, follows `average_over_data` of it where P ≪ M.
struct EmpiricalModes {
  Vector eigenvalue;
  Matrix vectors;  ///< u_i as columns
};
EmpiricalModes empirical_modes(const MatrixView& kernel);
/// Power (u_i·g)²/M of a function with values g [M].
Vector empirical_power(const EmpiricalModes& modes, const VectorView& function);

/// `average_over_data` for the population that the M points were drawn from, tested on new inputs. Its eigenvalues are
/// not needed: the sums over them are those of the M points at another ridge. With ŵ_i = c/(λ̂_i + c) and means over the
/// M modes,
///
///     k = c/⟨ŵ⟩,   Σ λ/(λ + k) = M (1 − ⟨ŵ⟩),   Σ (λ/(λ + k))² = M (1 − ⟨ŵ⟩²/⟨ŵ²⟩),
///     Σ g² (k/(λ + k))² = Σ ĝ_i² ŵ_i²/⟨ŵ²⟩,   Σ g² k/(λ + k) = Σ ĝ_i² ŵ_i/⟨ŵ⟩,
///
/// and c follows from P = M (1 − ⟨ŵ⟩) + κ/k. The denominators are what the finite number of points does: without them
/// every mode that can not be learned would seem to be learned by P/M. `learnability` has one entry, Σ g² λ/(λ + k)/Σ
/// g². Domain: 0 < points < M. Source: derived, from the training error and its determinant at M points (generalised
/// cross-validation: A. Jacot et al., "Kernel alignment risk estimator", NeurIPS (2020)).
DataAverage average_over_pool(const VectorView& eigenvalue, const VectorView& power, double points, double ridge,
                              double noise_variance);

/// The c of `average_over_pool`; not where κ = 0 and there are no more positive eigenvalues than points.
double matched_ridge(const VectorView& eigenvalue, double points, double ridge);
/// The same of `count` modes whose ⟨ŵ⟩ is known as a function of c, and whose eigenvalues have this sum.
double matched_ridge(double count, double trace, double points, double ridge,
                     const std::function<double(double c)>& mean_missed);

/// The rows themselves, as the training set of a draw, and how many there are to choose from.
struct PoolRows {
  data::Draw draw;
  double all_rows = 0;
  double tested = 0;  ///< rows that errors are measured on; 0: nobody asks, or there are none
};
/// Throws EnvironmentError where the file can not be read, NumericalError where it has no more rows than so many
/// points.
PoolRows pool_rows(const PoolModes& modes, double points);

/// What a learning curve needs of a pool.
struct PoolExpansion {
  Vector eigenvalue;                    ///< λ̂ [M]
  Matrix vectors;                       ///< u_i as columns
  Matrix target;                        ///< the target on the rows [M × C]
  Vector initial;                       ///< power of the output at initialisation, times χ, on the modes; if kept
  Matrix initial_image;                 ///< its kernel K times the vectors; if kept
  std::map<double, Vector> components;  ///< of the target's named components on the rows, by their numbers
  double all_rows = 0;                  ///< that the M are drawn from, without replacement
  double tested = 0;                    ///< rows that errors are measured on, see `PoolRows`
};
/// Whether a network's output at initialisation is part of what is observed: only then its power is expanded.
enum class InitialOutput { kept, subtracted };
/// Throws EnvironmentError where the file can not be read.
PoolExpansion expand_pool(const PoolModes& pool, const ModesWanted& wanted, InitialOutput initial);

}  // namespace fieldscan::theory
