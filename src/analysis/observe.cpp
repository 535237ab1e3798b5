#include "observe.hpp"

#include <cmath>

namespace fieldscan::analysis {
namespace {

struct Value {
  const Member* member;
  double value;
  double standard_error;
};

/// Mean, with (x − x̄)/n as the influence of each member.
Quantity mean(const Series& series, const std::vector<Value>& values) {
  if (values.empty()) return no_quantity("no results yet");
  const auto n = static_cast<double>(values.size());
  Quantity result;
  double sum = 0, variance = 0;
  for (const Value& v : values) {
    sum += v.value;
    variance += v.standard_error * v.standard_error;
    result.unconverged |= v.member->outcome != Outcome::done;
  }
  result.value = sum / n;
  result.sampler = series.sampler;
  if (series.level == Level::nothing || values.size() == 1) result.variance = variance / (n * n);
  if (series.level == Level::nothing) return result;
  for (const Value& v : values) {
    const std::int64_t i = series.level == Level::draw ? whole_draw : v.member->initialisation;
    result.influence.push_back({v.member->draw, i, (v.value - result.value) / n});
  }
  for (const Member& member : series.members)
    result.survivors |= member.outcome == Outcome::diverged || member.outcome == Outcome::numerical_error;
  return result;
}

}  // namespace

Quantity mean_of_rows(const Series& series, Observable observable, double time, double coordinate,
                      const std::optional<std::set<std::int64_t>>& draws) {
  std::vector<Value> values;
  for (const Member& member : series.members) {
    if (!usable(member)) continue;
    if (draws && series.level != Level::nothing && !draws->contains(member.draw)) continue;
    if (const Row* row = find_row(member, observable, time, coordinate))
      values.push_back({&member, row->value, row->standard_error});
  }
  if (values.empty())
    for (const Member& member : series.members)
      if (member.outcome == Outcome::not_applicable || member.outcome == Outcome::numerical_error)
        return no_quantity(std::string(word_of(member.outcome)) + ": " + member.reason);
  Quantity result = mean(series, values);
  if (!result.has_value()) result.problem = "no results yet for " + std::string(info(observable).name);
  return result;
}

Quantity share_of(const Series& series, Outcome outcome) {
  std::vector<Value> values;
  for (const Member& member : series.members)
    if (member.outcome != Outcome::failed) values.push_back({&member, member.outcome == outcome ? 1.0 : 0.0, 0});
  Quantity result = mean(series, values);
  result.survivors = result.unconverged = false;
  return result;
}

Quantity mean_squared_difference(const Series& a, Observable observable_a, double time_a, const Series& b,
                                 Observable observable_b, double time_b, double coordinate) {
  std::vector<Value> values;
  for (const Member& member : a.members) {
    if (!usable(member)) continue;
    const Row* left = find_row(member, observable_a, time_a, coordinate);
    for (const Member& other : b.members) {
      const bool same =
          b.level == Level::nothing ||
          (other.draw == member.draw && (b.level == Level::draw || other.initialisation == member.initialisation));
      const Row* right = same && usable(other) ? find_row(other, observable_b, time_b, coordinate) : nullptr;
      if (left && right) values.push_back({&member, (left->value - right->value) * (left->value - right->value), 0});
    }
  }
  return mean(a, values);
}

std::set<std::int64_t> usable_draws(const Series& series) {
  std::set<std::int64_t> draws;
  for (const Member& member : series.members)
    if (usable(member)) draws.insert(member.draw);
  return draws;
}

}  // namespace fieldscan::analysis
