#include "observe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fieldscan/core/hash.hpp"
#include "fieldscan/core/observable_list.hpp"

namespace fieldscan::analysis {
namespace {

struct Value {
  const Member* member;
  double value;
  double standard_error;
  std::uint64_t source = 0;  ///< of that error
  Flag flag = Flag::none;
};

/// What members were looked at for.
struct Looked {
  Observable observable;
  double time = 0;
  scan::Redrawn redrawn = scan::Redrawn::rows;  ///< what of it differs between data draws
};
Looked looked_at(const Series& series, Observable observable, double time) {
  return {observable, time, redrawn(series, observable, time)};
}

std::int64_t initialisation_of(const Value& value) { return value.member->initialisation; }

/// Whether they are of all their initialisations on all their data draws.
bool is_complete(const std::vector<Value>& values) {
  std::set<std::int64_t> draws, initialisations;
  for (const Value& v : values) draws.insert(v.member->draw), initialisations.insert(initialisation_of(v));
  return values.size() == draws.size() * initialisations.size();
}

/// Mean, with (x − x̄)/n as the influence of each member.
Quantity mean(const Series& series, std::vector<Value> values, const Looked& at, const DrawSet& draws = std::nullopt) {
  if (values.empty()) return no_quantity("no results on the same replicas yet");
  const bool one = at.redrawn == scan::Redrawn::nothing && series.level != Level::nothing;
  std::shared_ptr<const Quantity> of_replicas;
  if (one && series.level == Level::replica && !is_complete(values))
    of_replicas = std::make_shared<const Quantity>(mean(series, values, {at.observable, at.time}, draws));
  if (one) keep_one_each(values, initialisation_of);
  const auto n = static_cast<double>(values.size());
  Quantity result;
  result.basis = one ? basis_of_one_draw(series, values.size(), draws) : basis_of(series, values.size(), draws);
  const bool fewer = result.basis.fewer();
  if (series.short_of_error == at.observable) result.basis.marks |= error_not_reached();
  double sum = 0, variance = 0;
  Unconverged unconverged;
  for (const Value& v : values) {
    result.basis.marks |= v.flag == Flag::not_equilibrated ? Marks{0} : mark_of(v.flag);  // told of settled chains
    sum += v.value;
    result.magnitude += std::abs(v.value) / n;
    variance += v.standard_error * v.standard_error;
    unconverged.add(*v.member, at.observable, at.time);
  }
  result.value = sum / n;
  result.sampler = of_settled_chains(series, at.time);
  if (series.level == Level::nothing || values.size() == 1) {
    result.variance = variance / (n * n);
    if (values.size() == 1 && variance > 0 && values[0].source != 0)
      result.shared[values[0].source] = values[0].standard_error;
  }
  if (series.level == Level::nothing) {
    result.basis.marks |= mark_of(values.front().member->outcome);
    return result;
  }
  result.same_data = at.redrawn != scan::Redrawn::rows;
  result.of_one_draw = one;
  result.of_replicas = std::move(of_replicas);
  if (result.sampler) {
    const auto unequilibrated = static_cast<std::size_t>(
        std::ranges::count_if(values, [](const Value& v) { return v.member->outcome == Outcome::not_equilibrated; }));
    result.unequilibrated = static_cast<double>(unequilibrated) / n;
    result.unsound = unsound_chains(unequilibrated, values.size());
  }
  unconverged.tell(result);
  if (one && series.level == Level::draw) {  // one number, formed once for every copy
    result.value = values.front().value;
    result.influence.push_back({one_draw, whole_draw, 0});
    return result;
  }
  for (const Value& v : values) {
    const std::int64_t i = series.level == Level::draw ? whole_draw : v.member->initialisation;
    result.influence.push_back({one ? one_draw : v.member->draw, i, (v.value - result.value) / n});
  }
  if (one) std::ranges::sort(result.influence, {}, &Cell::initialisation);
  if (one && !fewer) return result;
  for (const Member& member : series.members)
    result.survivors |= member.outcome == Outcome::diverged || member.outcome == Outcome::numerical_error;
  return result;
}

/// "diverged", "ended in a numerical error (not positive definite)".
std::string end_of(const Series& series, Outcome outcome) {
  const auto member = std::ranges::find(series.members, outcome, &Member::outcome);
  const std::string reason = member->reason.empty() ? "" : fmt::format(" ({})", member->reason);
  switch (outcome) {
    case Outcome::diverged:
      return "diverged";
    case Outcome::numerical_error:
      return "ended in a numerical error" + reason;
    case Outcome::failed:
      return "failed" + reason;
    default:
      return std::string(word_of(outcome)) + reason;
  }
}

/// Of n members none, or all, ended so: the exact (Clopper and Pearson's) interval of 95 % reaches 1 − 0.025^(1/n)
/// further; as the variance of a normal error of that reach.
double open_of_certain_share(std::size_t n) {
  const double reach = 1 - std::pow(0.025, 1 / static_cast<double>(std::max<std::size_t>(n, 1)));
  return std::pow(reach / 1.96, 2);
}

/// Whether the member `other` of a series of that level is the one that belongs to a member.
bool same_member(const Member& member, const Member& other, Level level) {
  return level == Level::nothing ||
         (other.draw == member.draw && (level == Level::draw || other.initialisation == member.initialisation));
}

/// Whether a member has no numbers.
bool is_lost(const Member& member) {
  const bool empty = member.rows.empty() && member.arrays.empty();
  return !has_numbers(member) || (member.outcome == Outcome::not_converged && empty);
}
/// Whether it has, and is not among what a number is restricted to.
bool is_aside(const Series& series, const Member& member, const DrawSet& draws) {
  return !is_lost(member) && draws && !draws->contains(series, member);
}

/// What a prediction says of its own error; that of a measurement is part of it.
double variance_of(const Row& row, const RowsOf& side) {
  return side.origin == RowsOf::Origin::predicted ? row.standard_error * row.standard_error : 0;
}

/// Whether it is an error of the same test rows as `error_test`.
bool is_test_error(Observable o) { return o == Observable::error_test || o == Observable::error_mean_predictor; }

/// One number for what the error of a row is of: the same wherever the prediction is used. Of theories whose errors are
/// of a choice of rows (`theory::error_source`) it is the same at all points, so that the whole error counts as common.
std::uint64_t source_of(const Series& series, const Row& row) {
  if (!series.error_source.empty())
    return hash128(fmt::format("{}\n{} {} {}", series.error_source,
                               is_test_error(row.observable) ? "test rows" : info(row.observable).name, row.time,
                               row.coordinate))
        .low;
  return hash128(fmt::format("{} {} {} {:a} {:a}", static_cast<int>(row.observable), row.time, row.coordinate,
                             row.value, row.standard_error))
      .low;
}

/// The members of both sides that belong together.
template <class Use>
void for_each_pair(const RowsOf& a, const RowsOf& b, Use&& use) {
  for (const Member& member : a.series.members)
    if (usable(member))
      for (const Member& other : b.series.members)
        if (same_member(member, other, b.series.level) && usable(other)) use(member, other);
}

/// Signed standard errors by what they are of.
using ErrorsBySource = std::map<std::uint64_t, double>;

double variance_of(const ErrorsBySource& errors) {
  double sum = 0;
  for (const auto& [source, u] : errors) sum += u * u;
  return sum;
}

/// Whether a side has one number for all members.
bool is_of_all(const RowsOf& side) { return side.series.level == Level::nothing; }

/// The errors that the differences a − b of all members have in common: those of sides that have one number for all.
ErrorsBySource errors_of_all(const RowsOf& a, const Row& left, const RowsOf& b, const Row& right) {
  ErrorsBySource errors;
  const auto add = [&](const RowsOf& side, const Row& row, double sign) {
    if (is_of_all(side) && variance_of(row, side) > 0) errors[source_of(side.series, row)] += sign * row.standard_error;
  };
  add(a, left, 1);
  add(b, right, -1);
  return errors;
}

/// Of a difference nothing is redrawn where nothing is of both sides.
Looked looked_at(const RowsOf& a, const RowsOf& b) {
  Looked at = looked_at(a.series, a.observable, a.time);
  if (b.series.level != Level::nothing) at.redrawn = std::min(at.redrawn, redrawn(b.series, b.observable, b.time));
  return at;
}

/// Mean over members of the mean over the elements of (a_ri − b_r)².
Quantity mean_squared_difference_of_arrays(const RowsOf& a, const RowsOf& b) {
  std::vector<Value> values;
  for_each_pair(a, b, [&](const Member& member, const Member& other) {
    const Array* left = find_array(member, a.observable, a.time);
    const Array* right = find_array(other, b.observable, b.time);
    if (!left || !right || left->data.empty() || left->shape != right->shape) return;
    double square = 0;
    for (std::size_t k = 0; k < left->data.size(); ++k) square += std::pow(left->data[k] - right->data[k], 2);
    values.push_back({&member, square / static_cast<double>(left->data.size()), 0});
  });
  return mean(a.series, std::move(values), looked_at(a, b));
}

}  // namespace

void Unconverged::add(const Member& member, Observable observable, double time) {
  ++members_;
  if (member.outcome != Outcome::not_converged || !is_last(member, observable, time)) return;
  ++count_;
  if (reason_.empty()) reason_ = member.reason;
}

void Unconverged::tell(Quantity& quantity) const {
  if (count_ == 0) return;
  quantity.unconverged = static_cast<double>(count_) / static_cast<double>(members_);
  if (count_ == members_)
    quantity.unfinished =
        fmt::format("none of {} networks converged{}", members_, reason_.empty() ? "" : ": " + reason_);
}

bool of_settled_chains(const Series& series, double time) { return series.sampler && std::isinf(time); }

std::string unsound_chains(std::size_t unequilibrated, std::size_t chains) {
  if (unequilibrated == chains)
    return fmt::format("none of {} chains equilibrated: their numbers are no samples of the posterior", chains);
  if (!(static_cast<double>(unequilibrated) > most_unequilibrated * static_cast<double>(chains))) return "";
  return fmt::format(
      "{} of {} chains did not equilibrate, and a mean with more than {:.0f} % of these is not judged by",
      unequilibrated, chains, 100 * most_unequilibrated);
}

Basis basis_of(const Series& series, std::size_t members, const DrawSet& draws) {
  Basis basis{.members = static_cast<std::int64_t>(members)};
  bool whole = true;  // whether nothing that has numbers is left aside
  std::int64_t copies = 0;
  for (const Member& member : series.members) {
    const bool aside = is_aside(series, member, draws);
    copies += member.copy ? 1 : 0;
    if (member.copy) continue;
    if (is_lost(member)) basis.marks |= mark_of(member.outcome);
    basis.asked += aside ? 0 : 1;
    whole = whole && !aside;
  }
  if (whole) basis.asked = std::max(basis.asked, asked_of(series) - copies);
  return basis;
}

Basis basis_of_one_draw(const Series& series, std::size_t members, const DrawSet& draws) {
  Basis basis = basis_of(series, members, draws);
  std::set<std::int64_t> asked;
  bool whole = true;
  for (const Member& member : series.members) {
    const bool aside = is_aside(series, member, draws);
    if (!aside) asked.insert(member.initialisation);
    whole = whole && !aside;
  }
  basis.asked = std::ssize(asked);
  if (whole && series.level == Level::replica) basis.asked = std::max(basis.asked, series.initialisations);
  if (!basis.fewer()) basis.marks = 0;
  return basis;
}

Missing nothing_of(const Series& series, Observable observable, const std::string& theory) {
  // A theory whose equations were not solved has no numbers, and will have none.
  const auto has_numbers = [](const Member& m) {
    return usable(m) && !(m.outcome == Outcome::not_converged && m.rows.empty() && m.arrays.empty());
  };
  const auto numbers = std::ranges::count_if(series.members, has_numbers);
  const std::string_view name = info(observable).name;
  const bool was_asked =
      series.level != Level::replica || std::ranges::find(series.asked, observable) != series.asked.end();
  if (numbers > 0 && was_asked)
    return {fmt::format("{} {} done, but without {}", numbers,
                        theory.empty() ? "replicas are" : "evaluations of " + theory + " are", name)};
  if (series.members.empty() || numbers > 0)
    return {fmt::format("no results{} yet for {}", theory.empty() ? "" : " of " + theory, name)};
  std::map<Outcome, std::size_t> counts;
  for (const Member& member : series.members) ++counts[member.outcome];
  if (!theory.empty() || counts.contains(Outcome::not_applicable))
    for (const Outcome outcome : {Outcome::not_applicable, Outcome::numerical_error, Outcome::not_converged})
      if (const auto found = std::ranges::find(series.members, outcome, &Member::outcome);
          found != series.members.end())
        return {fmt::format("{}: {}", word_of(outcome), found->reason),
                outcome == Outcome::not_applicable ? Lack::not_applicable : Lack::not_yet, basis_of(series, 0)};
  std::string ends;
  for (const auto& [outcome, count] : counts)
    ends += counts.size() == 1 ? end_of(series, outcome)
                               : fmt::format("{}{} {}", ends.empty() ? "" : ", ", count, end_of(series, outcome));
  const auto have = static_cast<std::int64_t>(series.members.size());
  const bool all = have >= series.wanted;
  const std::string who = theory.empty() ? "replicas" : "evaluations of " + theory;
  return {fmt::format("{}all {} {}{}{}{}", all ? "no numbers: " : "no numbers yet: ", have, who, all ? "" : " so far",
                      counts.size() == 1 ? " " : " ended without: ", ends),
          all ? Lack::no_numbers : Lack::not_yet, basis_of(series, 0)};
}

Quantity mean_of_rows(const Series& series, Observable observable, double time, double coordinate,
                      const DrawSet& draws) {
  std::vector<Value> values;
  for (const Member& member : series.members) {
    if (!usable(member)) continue;
    if (draws && !draws->contains(series, member)) continue;
    if (const Row* row = find_row(member, observable, time, coordinate))
      values.push_back(
          {&member, row->value, row->standard_error, row->standard_error > 0 ? source_of(series, *row) : 0, row->flag});
  }
  if (values.empty()) return no_quantity(nothing_of(series, observable));
  return mean(series, std::move(values), looked_at(series, observable, time), draws);
}

Quantity share_of(const Series& series, Outcome outcome) {
  std::vector<Value> values;
  for (const Member& member : series.members)
    if (member.outcome != Outcome::failed && !member.copy)
      values.push_back({&member, member.outcome == outcome ? 1.0 : 0.0, 0});
  const Looked at = looked_at(series, Observable::diverged, equilibrium);
  if (at.redrawn == scan::Redrawn::nothing) keep_one_each(values, initialisation_of);
  Quantity result = mean(series, values, at);
  result.of_replicas.reset();
  result.survivors = false;
  result.share = true;
  result.basis.marks = 0;
  result.unequilibrated = result.unconverged = 0;
  result.unsound.clear();
  result.unfinished.clear();
  if (result.value == 0 || result.value == 1) result.variance += open_of_certain_share(values.size());
  return result;
}

Quantity mean_squared_difference(const RowsOf& a, const RowsOf& b, double coordinate) {
  if (info(a.observable).form == Form::array) return mean_squared_difference_of_arrays(a, b);
  std::vector<Value> values;
  double sum = 0;
  ErrorsBySource errors;
  for_each_pair(a, b, [&](const Member& member, const Member& other) {
    const Row* left = find_row(member, a.observable, a.time, coordinate);
    const Row* right = find_row(other, b.observable, b.time, coordinate);
    if (!left || !right) return;
    const double difference = left->value - right->value;
    errors = errors_of_all(a, *left, b, *right);
    const double own = (is_of_all(a) ? 0 : variance_of(*left, a)) + (is_of_all(b) ? 0 : variance_of(*right, b));
    values.push_back({&member, difference * difference - own - variance_of(errors), 0});
    sum += difference;
  });
  Quantity result = mean(a.series, values, looked_at(a, b));
  const double common = variance_of(errors), mean_difference = sum / static_cast<double>(values.size());
  if (!result.has_value() || common == 0) return result;
  const double root = std::sqrt(std::max(mean_difference * mean_difference - common, 0.0));
  for (const auto& [source, u] : errors) result.shared[source] = 2 * std::copysign(root, mean_difference) * u;
  result.variance += 4 * root * root * common + 2 * common * common;
  return result;
}

bool Shared::contains(const Series& series, const Member& member) const {
  if (series.level == Level::nothing) return true;
  if (!draws.contains(member.draw)) return false;
  return series.level == Level::draw || !replicas || replicas->contains({member.draw, member.initialisation});
}

std::set<std::pair<std::int64_t, std::int64_t>> usable_replicas(const Series& series) {
  std::set<std::pair<std::int64_t, std::int64_t>> replicas;
  for (const Member& member : series.members)
    if (usable(member)) replicas.emplace(member.draw, member.initialisation);
  return replicas;
}

std::set<std::int64_t> usable_draws(const Series& series) {
  std::set<std::int64_t> draws;
  for (const Member& member : series.members)
    if (usable(member)) draws.insert(member.draw);
  return draws;
}

}  // namespace fieldscan::analysis
