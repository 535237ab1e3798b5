#include "point_formula.hpp"

#include <algorithm>
#include <cmath>

#include "../task/cost.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "fieldscan/training/clock.hpp"
#include "fieldscan/training/train.hpp"

namespace fieldscan::scan {

namespace {

/// A time in the unit of its word.
std::optional<double> time_in(const PointSpec& spec, const std::string& word, double time) {
  const auto unit = from_word<training::ClockUnit>(word);
  if (!unit) return time;
  const auto clock = training::clock_of(spec.training, training_setting(spec));
  return clock ? clock->reading(*unit, time) : std::nullopt;
}

}  // namespace

const std::vector<double>& SeenPoint::times() const {
  if (!times_) {
    times_ = training::record_times(point().spec.training, training_setting(point().spec), point().observe.times);
    std::erase_if(*times_, [](double time) { return !std::isfinite(time); });
  }
  return *times_;
}

std::optional<PointFormula> PointFormula::of(const Symbols& symbols, const std::string& text) {
  try {
    const Mentions mentioned = mentions(symbols, text);
    PointFormula formula;
    for (const ResolvedName& name : mentioned.atoms) {
      const bool time = name.kind == ResolvedName::Kind::dimension && is_time(name.name);
      if (!time && name.kind != ResolvedName::Kind::field) return std::nullopt;
      formula.in_time_ = formula.in_time_ || time;
      formula.atoms_.push_back(name.name);
      formula.clocks_.push_back(time ? name.name : "");
      if (!time) formula.fields_.push_back(name.name);
    }
    formula.expression_ = mentioned.expression;
    return formula;
  } catch (const ExpressionError&) {
    return std::nullopt;  // reported where it was read
  }
}

std::optional<double> PointFormula::at(const Point& point, double time) const {
  std::vector<AxisValue> values;
  for (std::size_t k = 0; k < atoms_.size(); ++k) {
    const std::string& atom = atoms_[k];
    if (!clocks_[k].empty()) {
      const auto reading = time_in(point.spec, clocks_[k], time);
      if (!reading) return std::nullopt;
      values.emplace_back(*reading);
      continue;
    }
    const AxisValue* value = find_value(point, atom);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return expression_.evaluate(std::span<const AxisValue>(values));
}

std::optional<Selected> Selected::by(const Symbols& symbols, const Formula& where) {
  if (where.empty()) return Selected{};
  auto formula = PointFormula::of(symbols, where.text);
  if (!formula) return std::nullopt;
  return Selected{std::move(formula)};
}

bool Selected::holds(const Point& point, double time) const {
  if (!where) return true;
  try {
    return where->at(point, time).value_or(0) != 0;
  } catch (const ExpressionError&) {
    return false;
  }
}

bool Selected::holds_at_some_time(const SeenPoint& seen) const {
  if (!where || !where->in_time()) return holds(seen.point());
  return std::ranges::any_of(seen.times(), [&](double time) { return holds(seen.point(), time); });
}

}  // namespace fieldscan::scan
