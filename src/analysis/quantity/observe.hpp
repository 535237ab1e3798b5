#pragma once
#include <optional>
#include <set>
#include <utility>

#include "../table/table.hpp"
#include "quantity.hpp"

/// Quantities formed from the members of one series.
namespace fieldscan::analysis {

/// What both sides of a comparison have: data draws, and where both are of single replicas the replicas.
struct Shared {
  std::set<std::int64_t> draws = {};
  std::optional<std::set<std::pair<std::int64_t, std::int64_t>>> replicas = {};  ///< (draw, initialisation)
  bool empty() const { return draws.empty(); }
  bool contains(std::int64_t draw) const { return draws.contains(draw); }
  bool contains(const Series& series, const Member& member) const;
};

/// To what a number is restricted; nullopt: to nothing.
using DrawSet = std::optional<Shared>;

/// Whether a number is one of chains that have settled. At a finite time they are under way from weights that all data
/// draws share: crossed with the draws as initialisations are, and with nothing that had to be equilibrated.
bool of_settled_chains(const Series& series, double time);

/// Mean of an observable's rows over the usable members, at one time and coordinate. `draws`: only these, where given.
Quantity mean_of_rows(const Series& series, Observable observable, double time, double coordinate,
                      const DrawSet& draws = std::nullopt);

/// Why a series has no rows of an observable: none came yet (of the theory, where one is named), or all members ended
/// without: "no numbers: all 24 replicas diverged".
Missing nothing_of(const Series& series, Observable observable, const std::string& theory = "");
/// A mean in which a larger share of the chains did not equilibrate is not judged by: a tenth of them, off by one
/// standard deviation of the posterior, moves it by as much as the error of a hundred members is.
inline constexpr double most_unequilibrated = 0.1;
/// Why a mean over chains, so many of which did not equilibrate, is no number to judge by; empty where it is one.
std::string unsound_chains(std::size_t unequilibrated, std::size_t chains);

/// Counts the members of a number that did not converge: networks that did not reach the loss asked for. What a network
/// was before its training ended is no matter of that.
class Unconverged {
 public:
  /// A member with what it has of an observable at a time.
  void add(const Member& member, Observable observable, double time);
  /// Tells a number of these members their share; of networks none of which converged it is not judged by.
  void tell(Quantity& quantity) const;

 private:
  std::size_t members_ = 0, count_ = 0;
  std::string reason_;
};

/// What stands behind a number of so many members of a series; `draws`: of these alone, where given: what is there on
/// others is then not asked for, but replicas without numbers, which no set of draws to compare on has.
Basis basis_of(const Series& series, std::size_t members, const DrawSet& draws = std::nullopt);

/// The same of a number of which nothing differs between data draws: they count as one, and its members are
/// initialisations. Which data draw a member is of, and how many others of that initialisation ended without, is no
/// matter of it.
Basis basis_of_one_draw(const Series& series, std::size_t members, const DrawSet& draws = std::nullopt);

/// Share of the replicas that ended with an outcome, over all that gave a result.
Quantity share_of(const Series& series, Outcome outcome);

/// The rows of one side of a difference. The error that a prediction states of itself (Monte Carlo inside a theory) is
/// no part of the distance from what it predicts; what a network's row states is part of the network.
struct RowsOf {
  enum class Origin { measured, predicted };
  const Series& series;
  Observable observable;
  double time = 0;
  Origin origin = Origin::measured;
};

/// √ of the mean over members of (a_ri − b_r)² − s², replica by replica, as a *signed square*: the root is taken last.
/// s² is the variance of the predictions among a and b. Where all members have one prediction b with an error s, this
/// error moves all differences together: the variance 4 s² m² + 2 s⁴, m² the square of their mean without s², adds to
/// that of the ensemble. Of arrays the mean over the elements, with nothing taken off.
Quantity mean_squared_difference(const RowsOf& a, const RowsOf& b, double coordinate);

/// Draws of a series with at least one usable member, and its usable replicas.
std::set<std::int64_t> usable_draws(const Series& series);
std::set<std::pair<std::int64_t, std::int64_t>> usable_replicas(const Series& series);

}  // namespace fieldscan::analysis
