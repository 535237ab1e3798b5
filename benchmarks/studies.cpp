// How far the numbers of the analysis can be trusted: campaigns of known truth, 1000 of each kind. Prints a table; exit
// status 1 where a share lies outside its band by more than chance explains.
#include <fmt/format.h>

#include <cmath>

#include "../src/analysis/text/number.hpp"
#include "../tests/analysis/heavy_tails.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace studies = fieldscan::analysis::studies;

namespace {

/// Prints one line; whether the share lies in its band, give or take two standard errors of so many repetitions.
bool line(const std::string& what, double share, double low, double high, int repetitions) {
  const double chance = 2 * std::sqrt(share * (1 - share) / repetitions);
  const bool good = share + chance >= low && share - chance <= high;
  fmt::print("{:<78} {:6.1f} %   {:5.1f} … {:5.1f} %  {}\n", what, 100 * share, 100 * low, 100 * high,
             good ? "" : "outside");
  std::fflush(stdout);
  return good;
}

/// Few members: where verdicts are given, within the band; where they are refused, or no interval covers, how often
/// these would. `check(what, share, low, high)` prints a line.
template <class Check>
void few_members(Check check, int repetitions) {
  const double low = 0.925, high = 0.975;
  const auto mean = [&](int draws, int initialisations, const synthetic::Spread& spread) {
    return studies::mean_coverage({draws, initialisations, spread}, repetitions, false).value();
  };
  for (const int draws : {3, 4, 5, 6, 7})
    check(fmt::format("95 % intervals, mean of {} draws", draws), mean(draws, 1, {0.2, 0, 0.05}), low, high);
  for (const auto& [draws, initialisations] : {std::pair{3, 3}, {4, 4}, {7, 7}, {10, 4}, {4, 16}}) {
    const std::string of = fmt::format("95 % intervals, mean of {} × {}", draws, initialisations);
    check(of + ", draws vary", mean(draws, initialisations, {0.2, 0, 0.05}), low, high);
    check(of + ", both levels vary", mean(draws, initialisations, {0.1, 0.1, 0.1}), low, high);
    check(of + ", each network varies", mean(draws, initialisations, {0, 0, 0.2}), low, high);
  }
  // Refused: a level that is too small beside the other.
  for (const auto& [draws, initialisations] : {std::pair{10, 2}, {20, 3}})
    check(fmt::format("refused: {} × {}, the smaller level varies", draws, initialisations),
          mean(draws, initialisations, {0, 0.1, 0.2}), 0.8, low);
  // Not seen below six members, and no interval of so few covers it.
  for (const int draws : {3, 5, 7}) {
    check(fmt::format("{} lognormal members of σ = 0.5", draws),
          studies::lognormal_coverage(0.5, draws, repetitions).value(), 0.88, high);
    check(fmt::format("{} lognormal members of σ = 1: not covered", draws),
          studies::lognormal_coverage(1, draws, repetitions).value(), 0.75, 0.9);
  }
  for (const int draws : {8, 12, 16, 19})
    for (const CurveForm form : curve_forms)
      check(fmt::format("95 % intervals, exponent of a {}, {} draws", word_of(form), draws),
            studies::fit_coverage(form, {draws, 4, {0.1, 0.02, 0.1}}, repetitions).value(), low,
            draws == 8 ? 0.995 : high);  // too wide at eight, by leaving members out
}

}  // namespace

int main(int count, char** arguments) {
  const int repetitions = count > 1 ? std::atoi(arguments[1]) : 1000;
  if (repetitions < 100) {
    fmt::print(stderr, "usage: benchmark_studies [repetitions, at least 100]\n");
    return 2;
  }
  bool good = true;
  const auto check = [&](const std::string& what, double share, double low, double high) {
    good = line(what, share, low, high, repetitions) && good;
  };
  const double low = 0.925, high = 0.975;
  for (const auto& [name, spread] : {std::pair{"draws vary", synthetic::Spread{0.2, 0, 0.05}},
                                     {"initialisations vary", synthetic::Spread{0, 0.2, 0.05}},
                                     {"each network varies", synthetic::Spread{0, 0, 0.2}}})
    for (const bool ratio : {false, true})
      check(fmt::format("95 % intervals, {} from 8 × 8, {}", ratio ? "log of a ratio" : "mean", name),
            studies::mean_coverage({8, 8, spread}, repetitions, ratio).value(), low, high);
  few_members(check, repetitions);
  for (const CurveForm form : curve_forms)
    check(fmt::format("95 % intervals, exponent of a {}, 20 draws", word_of(form)),
          studies::fit_coverage(form, {20, 4, {0.1, 0.02, 0.1}}, repetitions).value(), low, high);
  // Heavy tails: coverage where a statement is decided, how often it abstains, and beside it what linear errors cover.
  const auto heavy = [&](const char* what, const studies::HeavyTail& tail, int draws, double least_cover,
                         double least_abstain, double most_abstain) {
    const studies::Decided d = studies::heavy_exponents(tail, draws, repetitions);
    if (least_cover > 0)
      check(fmt::format("95 % intervals of decided exponents, {}, {} draws (linear: {:.1f} %)", what, draws,
                        100 * d.linear.value()),
            d.covers.value(), least_cover, 0.995);
    check(fmt::format("… abstains{}", least_cover > 0 ? ""
                                                      : fmt::format(", {}, {} draws (linear: {:.1f} %)", what, draws,
                                                                    100 * d.linear.value())),
          d.abstains.value(), least_abstain, most_abstain);
  };
  heavy("normal draws", {.common = 0, .own = 0, .slope = 0, .rest = 0.3}, 24, low, 0, 0.02);
  heavy("lognormal points of σ = 0.5", {.own = 0.5}, 24, low, 0, 0.1);
  heavy("lognormal points of σ = 1", {.own = 1}, 24, 0.92, 0, 0.5);
  heavy("lognormal points of σ = 1.5", {.own = 1.5}, 24, 0.9, 0, 0.7);
  heavy("lognormal points of σ = 1.5", {.own = 1.5}, 100, 0.9, 0, 0.8);
  heavy("lognormal draws of σ = 1", {.common = 1}, 24, 0.88, 0, 0.8);
  heavy("lognormal draws of σ = 1.5", {.common = 1.5}, 24, 0.87, 0, 0.9);
  heavy("quiet draws with exponents of their own", {.common = 0.3, .slope = 0.2}, 24, 0.9, 0, 0.05);
  heavy("draws of σ = 1 with exponents that go with them", {.common = 1, .slope = 0.2}, 24, 0, 0.95, 1);
  heavy("draws of σ = 1.5 with exponents that go with them", {.common = 1.5, .slope = 0.2}, 24, 0, 0.95, 1);
  const studies::Ensemble shared{12, 4, {0.1, 0, 0.1}}, own{12, 1, {0, 0, 0.1}};
  check("χ² over 8 points that share draws, true theory: contradicted",
        studies::chi2_rejections(shared, repetitions, 0).value(), 0, 0.07);
  check("χ² over 8 independent points, true theory: contradicted",
        studies::chi2_rejections(own, repetitions, 0).value(), 0, 0.07);
  check("χ² over 8 independent points, theory off by two errors: contradicted",
        studies::chi2_rejections(own, repetitions, 2 * 0.1 / std::sqrt(12.0)).value(), 0.8, 1);
  check("families of 5 tests with truths on both margins: one contradicted",
        studies::family_errors({10, 1, {0.1, 0, 0}}, 5, repetitions).value(), 0, 0.07);
  check("undecided tests decided with the announced number of draws", studies::decided_at(1, 3 * repetitions).value(),
        0.75, 0.9);
  check("… with 0.7 times that number", studies::decided_at(0.7, 3 * repetitions).value(), 0.3, 0.8);
  check("… with 1.3 times that number", studies::decided_at(1.3, 3 * repetitions).value(), 0.8, 1);
  const studies::Planted mean = studies::planted_mean(0.05, 0.03, 0.05, repetitions);
  check(fmt::format("theory off by 5 %, margin 3 %, found with the named {} draws", mean.draws), mean.found.value(),
        0.75, 0.85);
  const studies::Planted slope = studies::planted_exponent(0.1, 0.05, repetitions);
  check(fmt::format("exponent off by 0.1, margin 0.05, found with the named {} draws", slope.draws),
        slope.found.value(), 0.75, 0.9);
  const studies::Published constants;
  const JointLaw law = studies::fit_published(constants, 0.0225, 1);
  fmt::print("joint law, errors of single runs 2.25 %: E {} ± {}, a {} ± {}, b {} ± {}\n", number(law.floor.value),
             number(estimate(law.floor).standard_error), number(law.exponents[0].value),
             number(estimate(law.exponents[0]).standard_error), number(law.exponents[1].value),
             number(estimate(law.exponents[1]).standard_error));
  return good ? 0 : 1;
}
