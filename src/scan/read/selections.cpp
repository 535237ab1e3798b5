#include "selections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../task/cost.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {
namespace {

/// So often conditions are evaluated in search of a point where they hold.
constexpr std::uint64_t most_trials = 100'000'000;
/// A statement takes the recorded time next to the one it asks for, where they differ by so little, relatively.
constexpr double near_enough = 0.05;

double distance(const std::vector<double>& times, double time) {
  double least = std::numeric_limits<double>::infinity();
  for (const double t : times) least = std::min(least, std::abs(t - time));
  return least;
}

/// Whether the results of such times have one at `time`.
bool has_time(const std::vector<double>& times, double time) {
  return times.size() == 1 || distance(times, time) <= near_enough * time;
}

/// Whether more stands in a condition than names beside numbers and words.
bool computes(const std::string& condition) { return condition.find_first_of("+-*/^(") != std::string::npos; }

/// "0, 1, 2" or "0, 0.1, … 2".
std::string few(const std::vector<double>& times) {
  std::string text;
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (times.size() > 6 && k == 3) text += ", …";
    if (times.size() > 6 && k >= 3 && k + 1 < times.size()) continue;
    text += (text.empty() ? "" : text.ends_with("…") ? " " : ", ") + shortest(times[k]);
  }
  return text;
}

/// Those that a condition compares fields with; none where it can not be read, which is reported where it was read.
std::vector<ComparedWord> words_of(const Symbols& symbols, const std::string& condition) {
  try {
    const Mentions mentioned = mentions(symbols, condition);
    std::vector<std::string> paths;
    for (const ResolvedName& name : mentioned.atoms)
      paths.push_back(name.kind == ResolvedName::Kind::field ? name.name : "");
    return compared_words(mentioned.expression, paths);
  } catch (const ExpressionError&) {
    return {};
  }
}

std::vector<std::string> paths_of(const std::vector<ComparedWord>& words) {
  std::vector<std::string> paths;
  for (const ComparedWord& word : words) paths.push_back(word.path);
  return paths;
}

}  // namespace

Selections::Selections(const Scan::Parsed& parsed, const Statements& statements, Report& report)
    : parsed_(parsed), report_(report) {
  const Symbols& symbols = parsed.symbols;
  for (const Selection& selection : statements.selections)
    if (auto formula = PointFormula::of(symbols, selection.where.text)) {
      FieldValues values(formula->fields());
      conditions_.push_back({.selection = &selection,
                             .formula = std::move(formula),
                             .values = std::move(values),
                             .everywhere = computes(selection.where.text)});
    }
  for (const Selection& selection : statements.selections)
    if (auto words = words_of(symbols, selection.where.text); !words.empty()) {
      FieldValues values(paths_of(words));
      words_.push_back({.selection = &selection, .compared = std::move(words), .values = std::move(values)});
    }
  for (const Windowed& windowed : statements.windows) {
    auto selected = Selected::by(symbols, windowed.where);
    auto versus = PointFormula::of(symbols, windowed.versus.text);
    if (selected && versus) ranges_.push_back({&windowed, std::move(*selected), std::move(versus)});
  }
  for (const Timed& timed : statements.timed)
    if (auto selected = Selected::by(symbols, timed.where))
      moments_.push_back({.timed = &timed,
                          .selected = std::move(*selected),
                          .time = parse_number(timed.at).value_or(0),
                          .nearest = {}});
}

void Selections::see(const SeenPoint& seen) {
  for (Words& words : words_) words.values.see(seen.point());
  if (trials_ >= most_trials) return;
  for (Condition& condition : conditions_)
    if (!condition.done) try_condition(condition, seen);
  for (Range& range : ranges_)
    if (!range.done) try_range(range, seen);
  for (Moment& moment : moments_)
    if (!moment.done) try_moment(moment, seen);
}

void Selections::see_unsound(const Walker& walker) {
  const Point& point = walker.point();
  for (Words& words : words_) words.values.see(point);
  const auto& axes = parsed_.infos[point.block].axes;
  const auto along_axes = [&](const PointFormula& formula) {
    return !formula.in_time() && std::ranges::all_of(formula.fields(), [&](const std::string& path) {
      return std::ranges::find(axes, path, &AxisInfo::path) != axes.end();
    });
  };
  for (Condition& condition : conditions_) {
    if (condition.done) continue;
    const bool known = along_axes(*condition.formula) || (walker.named() && !condition.formula->in_time());
    condition.done = !known || Selected{condition.formula}.holds(point);
  }
  // What is inside a window, and when it records, is not known of such a point.
  for (Range& range : ranges_) range.done = true;
  for (Moment& moment : moments_) moment.done = true;
}

void Selections::try_condition(Condition& condition, const SeenPoint& seen) {
  const PointFormula& formula = *condition.formula;
  condition.values.see(seen.point());
  try {
    const auto holds = [&](double time) {
      ++trials_;
      return formula.at(seen.point(), time).value_or(0) != 0;
    };
    const auto count = formula.in_time() ? std::ranges::count_if(seen.times(), holds) : holds(0) ? 1 : 0;
    condition.found = condition.found || count > 0;
    condition.done = condition.found && !condition.everywhere;
  } catch (const ExpressionError& error) {
    Place place = condition.selection->where.place;
    if (place.line) place.column += static_cast<int>(error.offset());
    const auto& words = parsed_.symbols.words;  // these were told where the condition was read
    if (std::ranges::none_of(formula.fields(), [&](const std::string& field) { return words.contains(field); }))
      report_.error(error.code().c_str(), place, "where", error.what(), error.help());
    condition.done = true;
  }
}

void Selections::take_abscissa(Range& range, double x) const {
  const auto [low, high] = range.windowed->window;
  const auto outside = [&](double y) { return std::max({low - y, y - high, 0.0}); };
  if (!range.nearest || outside(x) < outside(*range.nearest)) range.nearest = x;
  if (!(x >= low && x <= high)) return;
  range.done = range.inside && *range.inside != x;
  if (!range.inside) range.inside = x;
}

void Selections::try_range(Range& range, const SeenPoint& seen) const {
  const bool in_time = range.versus->in_time() || (range.selected.where && range.selected.where->in_time());
  const std::vector<double> now{0};
  for (const double time : in_time ? seen.times() : now) {
    if (range.done || !range.selected.holds(seen.point(), time)) continue;
    try {
      if (const auto x = range.versus->at(seen.point(), time)) take_abscissa(range, *x);
    } catch (const ExpressionError&) {
      range.done = true;  // words along the abscissa
    }
  }
}

void Selections::try_moment(Moment& moment, const SeenPoint& seen) const {
  if (seen.times().empty() || !moment.selected.holds_at_some_time(seen)) return;
  moment.any_selected = true;
  moment.done = has_time(seen.times(), moment.time);
  if (!(distance(seen.times(), moment.time) < distance(moment.nearest, moment.time))) return;
  moment.nearest = seen.times();
  const PointSpec& spec = seen.point().spec;
  moment.clock = training::clock_of(spec.training, training_setting(spec));
}

void Selections::report(const Condition& condition) const {
  const auto& [statement, where] = *condition.selection;
  const std::string values = condition.values.text();
  if (trials_ >= most_trials)
    report_.warning("FS0506", where.place, "where",
                    fmt::format("{}: no point was found where '{}' holds, and there were too many to try them all",
                                statement, where.text),
                    "fewer points, or fewer statements");
  else
    report_.error("FS0506", where.place, "where",
                  fmt::format("{} selects no point: '{}' holds nowhere", statement, where.text),
                  values.empty() ? "compare with the values of the axes (`fieldscan plan` lists them)" : values);
}

bool Selections::holds_nowhere(const Selection& selection) const {
  return std::ranges::any_of(conditions_, [&](const Condition& condition) {
    return condition.selection == &selection && !condition.done && !condition.found;
  });
}

/// What is nearly a word that points have is a mistake; another may be one that a shorter axis has left out.
void Selections::report(const Words& words) const {
  const auto unknown = words.values.unknown(words.compared);
  if (!unknown || holds_nowhere(*words.selection)) return;
  Place place = words.selection->where.place;
  if (place.line) place.column += static_cast<int>(unknown->compared.offset);
  const std::string message = fmt::format("{}: {}", words.selection->statement, unknown->message);
  if (unknown->misspelt)
    report_.error("FS0506", place, "where", message, unknown->help);
  else
    report_.warning("FS0506", place, "where", message, unknown->help);
}

void Selections::report(const Range& range) const {
  const Windowed& windowed = *range.windowed;
  const auto [low, high] = windowed.window;
  const std::string window = fmt::format("[{}, {}]", shortest(low), shortest(high));
  if (trials_ >= most_trials || !range.nearest) return;
  if (!range.inside)
    report_.error("FS0506", windowed.place, "window",
                  fmt::format("the window {} of {} contains no point: the nearest '{}' is {}", window,
                              windowed.statement, windowed.versus.text, shortest(*range.nearest)),
                  fmt::format("its ends are values of '{}', not of its logarithm", windowed.versus.text));
  else
    report_.warning("FS0617", windowed.place, "window",
                    fmt::format("the window {} of {} leaves a single value, {} = {}", window, windowed.statement,
                                windowed.versus.text, shortest(*range.inside)),
                    "widen it: a curve needs several");
}

/// The recorded time next to it; and the grid that would have one, where a step ends near enough.
std::string Selections::remedy(const Moment& moment) {
  const auto& times = moment.nearest;
  const double next = *std::ranges::min_element(times, {}, [&](double t) { return std::abs(t - moment.time); });
  const std::string recorded = fmt::format("at: {}", next == times.back() ? "end" : shortest(next));
  if (!moment.clock) return fmt::format("{}, or times: [{}]", recorded, moment.timed->at);
  const double step = moment.clock->time_per_step;
  const double reached = std::max(1.0, std::round(moment.time / step)) * step;
  if (has_time({0, reached}, moment.time)) return fmt::format("{}, or times: [{}]", recorded, moment.timed->at);
  return fmt::format("{}; a step is {} long, and none ends near it", recorded, shortest(round12(step)));
}

void Selections::report(const Moment& moment) const {
  const Timed& timed = *moment.timed;
  if (!moment.any_selected || trials_ >= most_trials)
    return;  // `where` selects nothing, or no point has times: both are said
  const double end = moment.nearest.back();
  const bool beyond = moment.time > end;
  report_.error("FS0511", timed.place, "at",
                fmt::format("`at: {}` of {} is {}", timed.at, timed.statement,
                            beyond ? fmt::format("beyond the end of training, which is at {}", shortest(end))
                                   : fmt::format("no time that is recorded; there are {}", few(moment.nearest))),
                beyond ? "train longer, or say `at: end`" : remedy(moment));
}

void Selections::finish() const {
  for (const Condition& condition : conditions_)
    if (!condition.done && !condition.found) report(condition);
  for (const Words& words : words_) report(words);
  for (const Range& range : ranges_)
    if (!range.done) report(range);
  for (const Moment& moment : moments_)
    if (!moment.done) report(moment);
}

}  // namespace fieldscan::scan
