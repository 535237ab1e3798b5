#include "judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <cmath>
#include <optional>
#include <utility>

#include "../quantity/observe.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/statistics.hpp"
#include "power.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::int64_t members_for_tail = 6;  ///< from which robust_summary() says something

/// What would decide: the words, and the ensemble where one is known.
struct Growth {
  std::string words;
  EnsembleSize size = {};
};

std::int64_t times(double factor, std::int64_t members) {
  return static_cast<std::int64_t>(std::ceil(factor * static_cast<double>(members) * (1 - 1e-12)));
}

/// By how much the variance of the members must shrink so that the whole, with the errors that no number of members
/// makes smaller, shrinks by `factor`; nothing where it can not.
std::optional<double> factor_of_members(const Quantity& quantity, const Estimate& e, double factor) {
  const double all = e.standard_error * e.standard_error, rest = all / factor - quantity.variance;
  if (quantity.influence.empty() || !(rest > 0)) return std::nullopt;
  return (all - quantity.variance) / rest;
}

/// How many members of which level make the variance 1/factor of what it is; both levels where the other one's share is
/// a floor.
Growth times_more(const Quantity& quantity, const Estimate& e, double factor) {
  if (!(factor > 0)) return {"the margin has no width: no number of draws decides"};
  if (factor > 1000) return {"the number lies so close to the margin that more replicas would hardly decide"};
  const bool of_draws = quantity.sampler || e.share_draws >= e.share_initialisations;
  const double floor = quantity.sampler ? 0 : of_draws ? e.share_initialisations : e.share_draws;
  const double alone = (1 - floor) / (1 / factor - floor);
  const char* level = of_draws ? "data draws" : "initialisations";
  if (!(alone > 0) || alone > 10 * factor)
    return {fmt::format(
                "about {:.2g} times as many data draws and as many initialisations would decide, four times in five",
                factor),
            {.draws = times(factor, e.draws), .initialisations = times(factor, e.initialisations)}};
  const std::int64_t all = times(alone, of_draws ? e.draws : e.initialisations);
  return {fmt::format("about {:.2g} times as many {}, {} in all, would decide, four times in five", alone, level, all),
          of_draws ? EnsembleSize{.draws = all} : EnsembleSize{.initialisations = all}};
}

void join_sentence(std::string& text, const std::string& sentence) {
  if (!sentence.empty()) text += (text.empty() ? "" : "; ") + sentence;
}

/// Whether it is of networks; a theory has no initialisations.
bool has_networks(const Quantity& quantity) {
  return std::ranges::any_of(quantity.influence, [](const Cell& cell) { return cell.initialisation != whole_draw; });
}

/// Too few for an interval; how many decide is not known before there is one.
Finding too_few(const Quantity& quantity, const Estimate& e, std::int64_t needed) {
  const std::int64_t have = members(quantity, e);
  const bool of_draws = quantity.sampler || e.share_draws >= e.share_initialisations;
  const char* level = of_draws ? "data draw" : "initialisation";
  if (quantity.sampler) level = have == 1 ? "chain" : "chains over all data draw";
  Finding finding =
      nothing_to_judge({fmt::format("too few: {} {}{}, {} are needed, {} {} missing", have, level, have == 1 ? "" : "s",
                                    needed, needed - have, needed - have == 1 ? "is" : "are")});
  const std::int64_t chains = quantity.sampler ? std::max<std::int64_t>(e.initialisations, 1) : 1;
  finding.enough =
      of_draws ? EnsembleSize{.draws = (needed + chains - 1) / chains} : EnsembleSize{.initialisations = needed};
  return finding;
}

/// Data draws that are copies of one count as one, and more of them would be copies too.
Finding too_few_of_one_draw(const Estimate& e, std::int64_t needed, bool networks) {
  if (!networks)
    return nothing_to_judge(
        {"all data draws are the same in what it is formed from: a theory has one number for them, and nothing tells how "
         "it would vary"});
  Finding finding = nothing_to_judge({fmt::format(
      "too few: all data draws are the same in what it is formed from and count as one, with {} initialisation{}; {} are needed",
      e.initialisations, e.initialisations == 1 ? "" : "s", needed)});
  finding.enough = {.initialisations = needed};
  return finding;
}

/// Two members that enter alike have no spread.
Finding without_error() {
  Finding finding = nothing_to_judge(
      {"too few: it is formed from pairs, and of two data draws, or of one with two networks, nothing tells its error"});
  finding.enough = {.draws = members_beside};
  return finding;
}

/// The smaller level of a crossed ensemble is so small that chance may hide what it contributes.
Finding too_few_beside(const Estimate& e) {
  const bool of_draws = e.draws < e.initialisations;
  const char* level = of_draws ? "data draws" : "initialisations";
  const std::int64_t have = of_draws ? e.draws : e.initialisations;
  Finding finding = nothing_to_judge(
      {fmt::format("too few: {} {} beside {} {}: chance may hide what they contribute; {} are needed, or 1, which the "
                   "statement is then about",
                   have, level, of_draws ? e.initialisations : e.draws, of_draws ? "initialisations" : "data draws",
                   members_beside)});
  finding.enough = of_draws ? EnsembleSize{.draws = members_beside} : EnsembleSize{.initialisations = members_beside};
  return finding;
}

/// What to do where one member carries a number. How many it takes depends on a tail that is not known; where it is
/// light four times as many halve the error.
std::string more_than_one(const Quantity& quantity, const Estimate& e) {
  const std::int64_t have = members(quantity, e);
  return fmt::format("more members are needed, {} at first, four times as many as there are", 4 * have);
}

/// "4 data draws": the level whose spread is the error; `members` of tables counts replicas.
std::string members_in_words(const Quantity& quantity, const Estimate& e) {
  const std::int64_t count = members(quantity, e);
  const std::string_view level = quantity.sampler                           ? "chain"
                                 : e.share_draws >= e.share_initialisations ? "data draw"
                                                                            : "initialisation";
  return fmt::format("{} {}{}", count, level, count == 1 ? "" : "s");
}

/// "nngp is beyond its stated range of validity in 3 of 8 draws"; empty where no theory in it is.
std::string outside_words(const Quantity& quantity) {
  std::string text;
  for (const std::string& theory : quantity.outside) {
    const auto found = quantity.outside_in.find(theory);
    const bool partly = found != quantity.outside_in.end() && found->second.outside < found->second.all;
    join_sentence(text, theory + " is beyond its stated range of validity" +
                            (partly ? fmt::format(" in {} of {} {}", found->second.outside, found->second.all,
                                                  found->second.of_draws ? "draws" : "predictions")
                                    : ""));
  }
  return text;
}

std::string warnings(const Quantity& quantity, const Estimate& e, Shown shown) {
  std::string text;
  const auto add = [&](const std::string& sentence) { join_sentence(text, sentence); };
  if (quantity.survivors)
    add(quantity.basis.fewer() ? fmt::format("formed from the replicas that survived, {} of {}", quantity.basis.members,
                                             quantity.basis.asked)
                               : "formed from the replicas that survived");
  add(tail_sentence(quantity, shown));
  add(words_of(unsettled_of(quantity)));
  add(outside_words(quantity));
  if (quantity.same_data)
    add("all data draws are the same in what it is formed from: about this one set of data");
  else if (!quantity.influence.empty() && e.conditioned_on_draw)
    add("about this one data draw");
  if (has_networks(quantity) && e.conditioned_on_initialisation && !quantity.sampler)
    add("about this one initialisation");
  if (members(quantity, e) < members_for_tail)
    add(fmt::format("of {}: among so few a heavy tail is not seen", members_in_words(quantity, e)));
  return text;
}

/// The estimate of log |v|, with the error of first order.
Estimate logarithm_of(Estimate e) {
  e.standard_error /= std::abs(e.value);
  e.value = std::log(std::abs(e.value));
  return e;
}

/// The bound on the size of what may be skewed to large sizes, where nothing else is asked of it.
std::optional<double> bound_of_size(const Quantity& quantity, const Allowed& allowed) {
  if (std::isinf(allowed.low) && std::isfinite(allowed.high) && allowed.high > 0 && all_positive(quantity))
    return allowed.high;
  if (std::isinf(allowed.high) && std::isfinite(allowed.low) && allowed.low < 0 && all_negative(quantity))
    return -allowed.low;
  return std::nullopt;
}

/// How many independent members would have the standard error that a share has.
double independent_members(const Quantity& share, const Estimate& e) {
  const auto n = static_cast<double>(share.influence.size());
  if (!(e.standard_error > 0) || n < 2) return std::max(n, 1.0);
  const double m = 1 + share.value * (1 - share.value) / (e.standard_error * e.standard_error);
  const double reach = student_quantile(0.975, n - 1) / student_quantile(0.975, e.degrees_of_freedom);
  return std::clamp(m * reach * reach, 1.0, n);
}

/// p-value and factor of members for an estimate with an error.
void decide(Finding& finding, const Quantity& quantity, const Estimate& e, const Allowed& allowed) {
  const double v = e.value, s = e.standard_error, nu = e.degrees_of_freedom;
  const Interval i = interval(quantity, e);
  if (is_rounding(s, quantity, allowed)) {
    const double slack = slack_of(quantity, allowed);
    finding.inside = v >= allowed.low - slack && v <= allowed.high + slack;
    finding.p = finding.inside ? 1 : 0;
    return;
  }
  finding.inside = i.low >= allowed.low && i.high <= allowed.high;
  // The truth at the nearest end: a value at least this far out, on either side.
  const double out = std::max(v - allowed.high, allowed.low - v);
  finding.p = std::min(1.0, student_cdf(-out / s, nu) + student_cdf(-(out + allowed.high - allowed.low) / s, nu));
  if (!finding.inside && finding.p >= error_rate && allowed.high > allowed.low)
    finding.more = factor_to_decide(e, allowed);
}

/// What the bound of a number can decide: it lies beyond an end of the range, and the number further on; or within a
/// range that is open on the number's side. Nothing where that depends on how far on the number is.
std::optional<Allowed> decided_by(const Quantity& quantity, const Allowed& allowed) {
  if (quantity.censored == Censored::no) return allowed;
  const bool above = quantity.censored == Censored::above;
  const double v = quantity.value;
  if (above ? v > allowed.high : v < allowed.low)
    return above ? Allowed{.high = allowed.high} : Allowed{.low = allowed.low};
  const bool open = std::isinf(above ? allowed.high : allowed.low);
  return open && (above ? v >= allowed.low : v <= allowed.high) ? std::optional(allowed) : std::nullopt;
}

/// Members behind a number; a bound that none of them moves, as the end of an axis is, is that of all: of the larger
/// level.
std::int64_t members_behind(const Quantity& quantity, const Estimate& e) {
  const bool unmoved = std::ranges::all_of(quantity.influence, [](const Cell& cell) { return cell.value == 0; });
  if (quantity.censored == Censored::no || quantity.sampler || !unmoved) return members(quantity, e);
  return std::max({members(quantity, e), e.draws, e.initialisations});
}

Finding judgement(const Quantity& quantity, const Allowed& asked, std::int64_t needed, Shown shown) {
  if (!quantity.has_value()) return nothing_to_judge({quantity.problem, quantity.lack});
  const Estimate e = estimate(quantity);
  const std::optional<Allowed> decided = decided_by(quantity, asked);
  if (!decided)
    return nothing_to_judge(
        {fmt::format("only a bound is known: the number lies {} {}; more draws do not help, a longer axis does",
                     quantity.censored == Censored::above ? "above" : "below", number(quantity.value))});
  const Allowed& allowed = *decided;
  if (!quantity.why_unsound().empty()) return nothing_to_judge({quantity.why_unsound()});
  if (quantity.without_error) return without_error();
  if (std::isinf(e.standard_error))
    return nothing_to_judge(
        {"its members are so large that their spread is beyond the range of numbers: leave a factor out"});
  if (!std::isfinite(e.standard_error) || members_behind(quantity, e) < needed)
    return quantity.same_data && !quantity.sampler && e.draws <= 1
               ? too_few_of_one_draw(e, needed, has_networks(quantity))
               : too_few(quantity, e, needed);
  if (!quantity.influence.empty() && !quantity.sampler && e.standard_error > 0 &&
      !scan::both_levels_known(e.draws, e.initialisations))
    return too_few_beside(e);
  if (!quantity.carried.empty()) return nothing_to_judge({quantity.carried + ": " + more_than_one(quantity, e)});
  Finding finding;
  decide(finding, quantity, e, allowed);
  // A distance near zero is no mean of skewed numbers: what several networks form has eight members at least.
  const bool mean = needed <= scan::members_for_mean;
  const auto size = finding.inside && mean && !is_rounding(e.standard_error, quantity, allowed)
                        ? bound_of_size(quantity, allowed)
                        : std::nullopt;
  if (size) {
    const Estimate log_e = logarithm_of(e);
    const Allowed log_allowed{.high = std::log(*size)};
    finding.inside = interval(log_e).high <= log_allowed.high;
    if (!finding.inside) finding.more = factor_to_decide(log_e, log_allowed);
  }
  finding.because = warnings(quantity, e, shown);
  // More members would decide on what a theory beyond its range does not claim: they are not advised.
  if (!quantity.outside.empty()) finding.more = 0;
  if (!finding.inside && finding.p >= error_rate && quantity.outside.empty()) {
    const auto of_members = finding.more > 0 && std::isfinite(finding.more)
                                ? factor_of_members(quantity, e, finding.more)
                                : std::optional(finding.more);
    if (!of_members) finding.more = 0;
    const Growth growth = of_members
                              ? times_more(quantity, e, *of_members)
                              : Growth{"its error is one of the theory's own, which more members do not make smaller"};
    join_sentence(finding.because, growth.words);
    finding.growth = growth.words;
    finding.enough = growth.size;
  }
  return finding;
}

}  // namespace

bool all_positive(const Quantity& quantity) {
  const std::vector<Cell> cells = influence_of_members(quantity);
  const auto n = static_cast<double>(cells.size());
  return quantity.value > 0 && !cells.empty() &&
         std::ranges::all_of(cells, [&](const Cell& cell) { return quantity.value + n * cell.value > 0; });
}

bool all_negative(const Quantity& quantity) { return all_positive(scaled(quantity, -1)); }

double slack_of(const Quantity& quantity, const Allowed& allowed) {
  double largest = std::abs(quantity.value);
  for (const double end : {allowed.low, allowed.high})
    if (std::isfinite(end)) largest = std::max(largest, std::abs(end));
  return std::max({1e-12 * largest, rounding_of(quantity), allowed.rounding});
}

bool is_rounding(double standard_error, const Quantity& quantity, const Allowed& allowed) {
  return !(standard_error > std::max(rounding_of(quantity), allowed.rounding));
}

Interval interval(const Estimate& e) {
  if (!(e.standard_error > 0)) return {e.value, e.value};
  const double reach = student_quantile(0.975, e.degrees_of_freedom) * e.standard_error;
  return {e.value - reach, e.value + reach};
}

std::optional<Uncertainty> uncertainty_of(const Quantity& quantity) {
  if (!quantity.has_value() || quantity.exact()) return std::nullopt;
  const Estimate e = estimate(quantity);
  if (!std::isfinite(e.standard_error)) return std::nullopt;
  return Uncertainty{e.standard_error, interval(quantity, e)};
}

Finding::Outcome outcome_of(Lack lack) {
  switch (lack) {
    case Lack::not_applicable:
      return Finding::Outcome::not_applicable;
    case Lack::no_numbers:
      return Finding::Outcome::no_numbers;
    case Lack::nothing:
    case Lack::not_yet:
    case Lack::undefined:
      break;
  }
  return Finding::Outcome::open;
}

Interval interval(const Quantity& q, const Estimate& e) {
  const Interval plain = interval(e);
  const double p = q.value, rest = p * (1 - p);
  if (!q.share || p < 0 || p > 1) return plain;
  if (rest == 0) return {std::max(plain.low, 0.0), std::min(plain.high, 1.0)};
  const double m = independent_members(q, e), of = p * m;
  using Beta = boost::math::beta_distribution<double>;
  return {boost::math::quantile(Beta(of, m - of + 1), 0.025), boost::math::quantile(Beta(of + 1, m - of), 0.975)};
}

Finding nothing_to_judge(const Missing& missing) {
  Finding finding;
  finding.because = missing.text;
  finding.basis = missing.basis;
  finding.outcome = outcome_of(missing.lack);
  return finding;
}

Unsettled unsettled_of(const Quantity& quantity) {
  return {.chains = quantity.unequilibrated, .networks = quantity.unconverged};
}

Finding judge(const Quantity& quantity, const Allowed& allowed, std::int64_t needed, Shown shown) {
  Finding finding = judgement(quantity, allowed, needed, shown);
  finding.unsettled = unsettled_of(quantity);
  finding.basis = marked_basis(quantity);
  if (finding.outcome != Finding::Outcome::judged) {
    join_sentence(finding.because, outside_words(quantity));
    if (!quantity.outside.empty()) finding.enough = {};
  }
  if (!quantity.has_value() || quantity.censored != Censored::no) return finding;
  finding.judged = {
      .value = quantity.value, .low = allowed.low, .high = allowed.high, .beyond_validity = !quantity.outside.empty()};
  finding.number = judged_estimate(quantity, allowed, "value");
  return finding;
}

JudgedEstimate judged_estimate(const Quantity& quantity, const Allowed& allowed, std::string is) {
  const Estimate e = estimate(quantity);
  const Interval i = interval(quantity, e);
  return {.value = e.value,
          .standard_error = e.standard_error,
          .low = i.low,
          .high = i.high,
          .allowed_low = allowed.low,
          .allowed_high = allowed.high,
          .data_draws = e.draws,
          .initialisations = e.initialisations,
          .is = std::move(is),
          .expected = {}};
}

void state_number(Finding& finding, std::string is, const Quantity& found, const Quantity& expected) {
  if (!found.has_value()) return;
  JudgedEstimate number = judged_estimate(found, {}, std::move(is));
  if (finding.number) {
    number.expected = expected.value;
    number.allowed_low = expected.value + finding.number->allowed_low;
    number.allowed_high = expected.value + finding.number->allowed_high;
    finding.distance = finding.number;
    finding.distance->is = "distance";
  }
  finding.number = std::move(number);
}

void name_number(Finding& finding, std::string_view is) {
  if (finding.number) finding.number->is = is;
}

}  // namespace fieldscan::analysis
