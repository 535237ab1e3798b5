#pragma once
#include <array>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "basis.hpp"
#include "fieldscan/core/two_level.hpp"

/// Numbers with errors, and functions of them.
namespace fieldscan::analysis {

/// The initialisation of a contribution that belongs to a whole data draw (a theory given that draw).
inline constexpr std::int64_t whole_draw = -1;

/// The draw at which the contributions to what is the same in all draws stand.
inline constexpr std::int64_t one_draw = 0;

/// Why there is no number.
enum class Lack {
  nothing,         ///< there is one
  not_yet,         ///< results are missing, or those that are there make none
  not_applicable,  ///< a theory does not hold here
  no_numbers,      ///< every replica has ended, none with a number: more compute does not help
  undefined,       ///< a formula makes none of the numbers that there are: it divides by zero …
};
struct Missing {
  std::string text;  ///< one sentence
  Lack lack = Lack::not_yet;
  Basis basis = {};  ///< how those ended that were asked for
};

enum class Censored { no, below, above };  ///< the true value lies below, above the number

/// A number θ formed from the ensemble, with the influence of every member on it.
///
/// Let every member (r, i) carry a weight c_ri = 1. The influence is U_ri = ∂θ/∂c_ri: for a mean over n members (x_ri −
/// x̄)/n. It adds up under differentiation, so that differences, ratios, fits and pairings on the same draws follow by
/// the chain rule, over all points at once. The pseudo-values θ + n U_ri take the place of the x_ri in the two-level
/// estimate (the infinitesimal jackknife, Jaeckel 1972; Efron, "The Jackknife, the Bootstrap and Other Resampling
/// Plans", SIAM 1982).
struct Quantity {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::vector<Cell> influence;  ///< ascending in (draw, initialisation), each once; Cell::value is U_ri
  double variance = 0;   ///< of errors that are not the ensemble's: Monte Carlo inside a theory, an interpolation
  double magnitude = 0;  ///< size of the numbers that it is formed of; 0: not known
  /// Of this variance what other numbers have as well, by its source: the signed error u of each, Σ u² ≤ variance. One
  /// prediction beside several points moves all their differences together, and falls out of what they have in common.
  std::map<std::uint64_t, double> shared = {};
  bool sampler = false;    ///< initialisations are chains
  bool same_data = false;  ///< its data draws are copies of one: it is about this one set of data
  /// Nothing that it is formed from differs between data draws: its influence stands at `one_draw` for all of them.
  /// Beside a number that varies over draws, each of them has its share (`combine`).
  bool of_one_draw = false;
  /// The same number of every replica that has one, where these are not all initialisations on all draws: beside a
  /// number that varies over draws it takes the place of the one, so that both are of the same replicas, pair by pair.
  std::shared_ptr<const Quantity> of_replicas = {};
  bool survivors = false;      ///< formed without members that diverged or failed numerically
  bool share = false;          ///< how many of its members are something, over all of them: between 0 and 1
  double unconverged = 0;      ///< the share of its networks that did not converge; of several numbers the largest
  bool without_error = false;  ///< it is of two members that enter alike: nothing is left that tells its error
  double unequilibrated = 0;   ///< the share of its chains that did not equilibrate; of several numbers the largest
  Censored censored = Censored::no;
  Basis basis = {};     ///< how many members it is formed of, of how many
  std::string problem;  ///< why there is no number; empty where there is one
  Lack lack = Lack::nothing;
  std::string unsound;  ///< why its members stand for nothing: too many of the chains did not equilibrate; else empty
  std::string unfinished;  ///< the same where none of the networks converged whose end it is about
  std::string carried;     ///< which member carries it, so that no interval can be trusted; empty where none does

  std::set<std::string> outside;  ///< the theories that are here beyond their stated range of validity
  /// In how many of a theory's predictions that is so; of several numbers in the larger share.
  struct OutsideIn {
    std::int64_t outside = 0, all = 0;
    bool of_draws = true;  ///< one prediction a data draw
  };
  std::map<std::string, OutsideIn> outside_in = {};

  /// Why no verdict can be given on it; empty where one can.
  const std::string& why_unsound() const { return unsound.empty() ? unfinished : unsound; }
  bool has_value() const { return problem.empty(); }
  bool exact() const { return influence.empty() && variance == 0; }
};

Quantity exact_quantity(double value);
Quantity no_quantity(std::string problem);
Quantity no_quantity(Missing missing);
/// The same problem as another number has.
Quantity no_quantity(const Quantity& other);
/// All that a number is to be marked with: its basis, what it is censored by, theories beyond their range, members that
/// did not equilibrate or converge.
Marks marks_of(const Quantity& quantity);
/// The basis of a number with all that it is to be marked with.
Basis marked_basis(const Quantity& quantity);
/// The part of the variance that no other number has.
double own_variance(const Quantity& quantity);

/// factor·q, with its errors; a negative factor turns what is censored above into what is censored below.
Quantity scaled(const Quantity& quantity, double factor);

/// Parts that are of one draw, beside others that vary over draws, as `of_replicas`; all others, and all parts that are
/// of one draw together, as they are.
std::vector<Quantity> replica_by_replica(std::span<const Quantity> parts);

/// value + Σ_k slope_k (q_k − their values): the chain rule. The first problem among the parts is the result's; parts
/// that are censored on opposite sides leave no number. What is of one draw belongs to all draws of the other parts
/// alike: initialisation by initialisation its influence is shared equally among them.
Quantity combine(double value, std::span<const Quantity> parts, std::span<const double> slopes);

/// f(q_1, q_2, …) of the parts `replica_by_replica`, with slopes from central differences over ± reach times each
/// part's own scale √(Σ U² + variance).
Quantity propagate(const std::function<double(std::span<const double>)>& f, std::span<const Quantity> parts,
                   double reach = 0.1);

/// a − b, `replica_by_replica`.
Quantity difference(const Quantity& a, const Quantity& b);

/// What differences below are rounding: 1e-13 of the size of the numbers that it is formed of.
double rounding_of(const Quantity& quantity);

/// Where the ensemble's error is below `rounding_of` it is that of rounding: 1e-14 of that size adds to it in
/// quadrature, so that what is equal but for rounding is equal. A number beyond rounding that all members have exactly
/// keeps the error 0.
/// A quantity's standard error and degrees of freedom, two-way over draws and initialisations (for samplers over draws,
/// in which the chains are nested); exact quantities have standard error 0 and infinite degrees of freedom, those
/// without an error NaN, and so has one member that is left of several, whatever it states of its own error.
Estimate estimate(const Quantity& quantity);

/// The influence of the members (r, i), ascending: that of whole draws is shared equally among the members that the
/// draw has, and a draw without members counts as one.
std::vector<Cell> influence_of_members(const Quantity& quantity);

/// How many members an estimate rests on: those of the level with the larger share of the variance; for samplers draws
/// × chains.
std::int64_t members(const Quantity& quantity, const Estimate& estimate);

}  // namespace fieldscan::analysis
