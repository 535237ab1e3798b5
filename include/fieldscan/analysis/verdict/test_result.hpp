#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fieldscan::analysis {

enum class Verdict { supported, contradicted, undecided };
std::string_view word_of(Verdict verdict);

/// Data draws and initialisations; 0: as many as there are.
struct EnsembleSize {
  std::int64_t draws = 0, initialisations = 0;
  bool known() const { return draws > 0 || initialisations > 0; }
};
/// "--set ensemble.data_draws=24": how to ask for it; empty where nothing is known.
std::string options_of(const EnsembleSize& size);

/// Which share of a number's members are not what they were asked to become: chains that did not equilibrate, networks
/// that did not converge; of several numbers the largest.
struct Unsettled {
  double chains = 0, networks = 0;
  bool any() const { return chains > 0 || networks > 0; }
  void join(const Unsettled& other);
};
/// "as many as 8 % of the chains did not equilibrate"; empty where all did.
std::string words_of(const Unsettled& unsettled);

/// The number that a statement tells: of a law its exponent, of an agreement the difference, relative where its margin
/// is.
struct JudgedEstimate {
  double value = 0, standard_error = 0;
  double low = 0, high = 0;                  ///< its 95 % interval
  double allowed_low = 0, allowed_high = 0;  ///< what the test allows; either may be infinite
  std::int64_t data_draws = 0, initialisations = 0;
  std::string is = {};                  ///< "exponent", "difference", "relative difference" …
  std::optional<double> expected = {};  ///< what it is judged by its distance from
};

/// Differences of many points at once: Σ z², its mean where each is its statistical error alone, and the degrees of
/// freedom that are left by their correlations.
struct JudgedChi2 {
  double value = 0, points = 0, degrees = 0;
};

/// Of so many places those at which the `where` of a test has no value, and which it leaves out for that.
struct WhereUnknown {
  std::size_t of = 0;
  struct Place {
    std::string label;   ///< "width = 64, time = 3"
    std::string reason;  ///< one sentence
  };
  std::vector<Place> places = {};
};

/// What one declared test came to.
struct TestResult {
  std::string name;
  std::string statement;  ///< the test in words, with its numbers: "exponent of deviation(nngp) in width, 64 … 1024:
                          ///< −0.98 ± 0.03; expected −1 ± 0.2"
  Verdict verdict = Verdict::undecided;
  std::string because;  ///< one or two sentences; for undecided: what is missing and roughly how much more
  double p_value = 1;   ///< of the null that would make it contradicted, before Holm
  struct Part {
    std::string label;
    std::string statement;
    Verdict verdict;
    std::map<std::string, std::string> key = {};  ///< axis (full path) or dimension → label, where the part has a place
    double p = 1;                                 ///< of this statement alone; NaN where nothing was judged
    std::optional<JudgedEstimate> number = {};    ///< nothing where there is none
    std::int64_t members = 0, asked = 0;          ///< replicas or predictions that it is formed of, of how many
    std::string flag = {};                        ///< what to beware of in it: "diverged outside_validity"
    std::optional<JudgedEstimate> distance = {};  ///< of an exponent from the expected one, which is what is judged
    std::optional<JudgedChi2> chi2 = {};          ///< of statements on many points at once
    std::string_view outcome = {};                ///< judged, open, not_applicable, no_numbers
  };
  std::vector<Part> parts;                               ///< one per value of `by`
  std::string kind = {};                                 ///< agreement, power_law …
  std::string form = {};                                 ///< of a law that is more than a power: floor, crossover …
  std::optional<std::pair<double, double>> window = {};  ///< of a fit
  WhereUnknown where_unknown = {};
  Unsettled unsettled = {};  ///< of all parts: the verdict is marked with it
  /// Of the theories that it is about and whose equations are solved by iteration: the largest `solver_residual` over
  /// all points; nothing where none is stored.
  std::map<std::string, std::optional<double>> solver_residual = {};
  /// The same of `start_difference` and `solver_error`, of theories that have them.
  std::map<std::string, std::optional<double>> start_difference = {}, solver_error = {};
  std::string there = {};    ///< of a run that is not finished what it is of: "70 of 160 networks"; else empty
  EnsembleSize enough = {};  ///< undecided: an ensemble that would decide every open part, four times in five
  bool without_numbers =
      false;  ///< undecided, and more compute does not help: all replicas of a point ended without numbers
};

}  // namespace fieldscan::analysis
