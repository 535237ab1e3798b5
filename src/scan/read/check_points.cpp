#include "check_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "../points/check_point.hpp"
#include "../points/sections.hpp"
#include "check_observables.hpp"
#include "few_members.hpp"
#include "fieldscan/scan/points/field_values.hpp"
#include "lost_times.hpp"
#include "reach.hpp"
#include "roundings.hpp"
#include "selections.hpp"
#include "traps.hpp"
#include "whole_scan.hpp"

namespace fieldscan::scan {
namespace {

/// Traps and the scope of theories are looked at for so many points of a block, evenly spread; a grid of many times
/// makes a look long.
std::uint64_t looks_at(const Block& block) {
  return std::clamp<std::uint64_t>(10'000'000 / (block.plan.times.values.size() + 1), 50, 2000);
}

/// The failures of one kind at one place.
struct Failures {
  PointFailure first;
  std::vector<std::string> examples;
  std::uint64_t count = 0;
};

/// What is warned of at one place, over the points.
struct Warned {
  Diagnostic first;
  std::string at;           ///< the first of the points
  std::uint64_t count = 0;  ///< points
  bool same = true;         ///< whether all say the same
};

/// The words in the `where` of a block, beside the values of all its combinations.
class WordsOfBlock {
 public:
  explicit WordsOfBlock(const Block& block) : where_(block.variants.front().where), compared_(words_of(block)) {
    std::vector<std::string> paths;
    for (const ComparedWord& word : compared_) paths.push_back(word.path);
    values_ = FieldValues(paths);
  }
  void see(const Walker& walker) {
    if (!compared_.empty()) values_.see(walker.point());
  }
  void report(Report& report) const {
    const auto unknown = values_.unknown(compared_);
    if (!unknown) return;
    const Place place = where_->place;
    const std::string message = fmt::format("`where`: {}", unknown->message);
    if (unknown->misspelt)
      report.error("FS0506", place, "where", message, unknown->help);
    else
      report.warning("FS0506", place, "where", message, unknown->help);
  }

 private:
  static std::vector<ComparedWord> words_of(const Block& block) {
    const Variant& first = block.variants.front();
    if (!first.where) return {};
    std::vector<std::string> paths;
    for (const std::size_t slot : first.where->slots) paths.push_back(first.names[slot].path);
    return compared_words(first.where->expression, paths);
  }

  const std::optional<Condition>& where_;
  std::vector<ComparedWord> compared_;
  FieldValues values_{{}};
};

class PointChecker {
 public:
  PointChecker(const Scan::Parsed& parsed, const Statements& statements, const std::set<std::string>& used,
               Report& report)
      : parsed_(parsed),
        statements_(statements),
        report_(report),
        whole_(parsed, statements, used, report),
        times_(report),
        selections_(parsed, statements, report),
        reach_(parsed, statements, report),
        roundings_(report),
        members_(parsed, statements, report) {}

  void run() {
    for (std::size_t b = 0; b < parsed_.blocks.size(); ++b) walk(b);
    warn_of_unused_observe(parsed_.blocks, report_);
    warn_of_no_grid();
    report_failures();
    report_traps();
    if (failures_.empty()) whole_.finish();  // else not all points were seen
    reach_.finish();
    roundings_.finish();
    if (failures_.empty() && report_.error_count() == 0) members_.finish();
    selections_.finish();
    for (const auto& [name, reasons] : inapplicable_)
      if (!applicable_.contains(name))
        report_.warning("FS0608", reasons.place, "theory",
                        fmt::format("the theory '{}' applies at {}: {}", name,
                                    looked_at_all_ && failures_.empty()
                                        ? "no point"
                                        : fmt::format("none of {} point{}", looked_, looked_ == 1 ? "" : "s"),
                                    reasons.because),
                        reasons.help);
  }

 private:
  struct Inapplicable {
    std::string because;
    Place place;
    std::string help;
  };
  /// What is left to do where a theory does not apply.
  static std::string help_beside(Role role) {
    if (role == Role::reference)
      return "as a yardstick it needs what the trainer does not tell it, as its own `learning_rate` or `ridge`, and "
             "networks that it knows of: `fieldscan explain` and its kind";
    return "its regime: `fieldscan explain` and its kind; as a yardstick beside any trainer: role: reference";
  }
  /// Statements over all times, where start and end alone are recorded.
  void warn_of_no_grid() {
    const bool grid = std::ranges::any_of(parsed_.blocks, [](const Block& b) { return !b.plan.times.values.empty(); });
    if (grid || statements_.over_time.empty()) return;
    const Timed& first = statements_.over_time.front();
    report_.warning("FS0623", first.place, "times",
                    fmt::format("{} runs over all times, and `times` is not given: start and end alone are recorded",
                                first.statement),
                    "times: {logspace: [0.1, 10], num: 20}, {steps: [1, 10, 100]} or {epochs: …}");
  }

  void walk(std::size_t b) {
    const Block& block = parsed_.blocks[b];
    Walker walker(block, b);
    const std::uint64_t count = combinations(block);
    const Needs needs = needs_of(block);
    const std::uint64_t stride = 1 + (count - 1) / looks_at(block);
    looked_at_all_ = looked_at_all_ && stride == 1;
    std::uint64_t selected = 0, next_look = 0;
    std::set<Observable> measured;
    WordsOfBlock words(block);
    whole_.begin(b);
    times_.begin();
    for (std::uint64_t index = 0; index < count; ++index) {
      try {
        const bool chosen = walker.go_to(index);
        words.see(walker);
        if (!chosen) continue;
      } catch (const PointFailure& failure) {
        note(failure, b, walker);
        if (walker.named()) words.see(walker);
        selections_.see_unsound(walker);
        reach_.see_unsound(walker);
        continue;
      }
      ++selected;
      roundings_.see(walker);
      check_observables(needs, block, walker, report_);
      add_measured(block, walker.point().spec, measured);
      whole_.see(walker);
      if (index >= next_look || index + 1 == count) {
        look_at(b, walker);
        next_look = index + stride;
      }
      const SeenPoint seen(walker);
      selections_.see(seen);
      reach_.see(seen);
      times_.see(block, seen);
    }
    whole_.end(b, selected);
    if (failures_.empty()) warn_of_unmeasured(block, measured, report_);  // else not all points were seen
    times_.end(block);
    if (selected > 0) words.report(report_);
    const Place where = block.variants.front().where ? block.variants.front().where->place : block.place;
    if (selected == 0 && failures_.empty())
      report_.error("FS0219", where, "scan",
                    fmt::format("{} has no points: `where` excludes all {}", parsed_.infos[b].name, count),
                    "check the condition" + values_of_condition(block, b, count));
    else if (selected * 10 < count && failures_.empty())
      report_.warning("FS0607", where, "scan",
                      fmt::format("`where` keeps {} of {} combinations of {}", selected, count, parsed_.infos[b].name),
                      "is that meant?");
  }

  /// ": network.width is 64 or 128", of the fields in the condition of a block.
  static std::string values_of_condition(const Block& block, std::size_t b, std::uint64_t count) {
    const Variant& first = block.variants.front();
    if (!first.where) return "";
    std::vector<std::string> paths;
    for (const std::size_t slot : first.where->slots) paths.push_back(first.names[slot].path);
    FieldValues values(paths);
    Walker walker(block, b);
    for (std::uint64_t index = 0; index < count; ++index)
      if (!walker.go_to(index)) values.see(walker.point());
    const std::string text = values.text();
    return text.empty() ? "" : ": " + text;
  }

  /// What is worth saying about single points, once.
  void look_at(std::size_t b, const Walker& walker) {
    const Block& block = parsed_.blocks[b];
    const Point& point = walker.point();
    ++looked_;
    members_.see(block, point);
    Report here;
    warn_of_traps(block, point, walker.variant(), here);
    for (const Diagnostic& trap : here.sorted()) note(trap, b, walker);
    for (const auto& use : block.theories) {
      if (applicable_.contains(use.name)) continue;
      const auto answer = theory::applicability(use.theory, setting_of(point, use));
      if (answer.applies)
        applicable_.insert(use.name);
      else
        inapplicable_.try_emplace(
            use.name, Inapplicable{answer.because, place_of(block, "theory." + use.name), help_beside(use.role)});
    }
  }

  Needs needs_of(const Block& block) const {
    Needs all = statements_.needs;
    for (const Observable observable : block.asked.observables) need(observable, all);
    if (block.ensemble.until)
      if (const auto observable = find_observable(block.ensemble.until->observable)) need(*observable, all);
    return all;
  }

  void note(const PointFailure& failure, std::size_t b, const Walker& walker) {
    auto& entry = failures_[{failure.place.line, failure.place.column, failure.code}];
    if (entry.count++ == 0) entry.first = failure;
    if (entry.examples.size() < 3) entry.examples.push_back(place_in_scan(b, walker));
  }
  void note(const Diagnostic& trap, std::size_t b, const Walker& walker) {
    auto& entry = traps_[{trap.place.line, trap.place.column, trap.code}];
    if (entry.count++ == 0) {
      entry.first = trap;
      entry.at = parsed_.blocks.size() > 1 ? place_in_scan(b, walker) : walker.where_text();
    }
    entry.same = entry.same && trap.message == entry.first.message;
  }
  std::string place_in_scan(std::size_t b, const Walker& walker) const {
    const std::string at = walker.where_text();
    return at.empty() ? parsed_.infos[b].name : fmt::format("{} at {}", parsed_.infos[b].name, at);
  }

  /// Each once, with the first point where it is not the same for all.
  void report_traps() {
    for (const auto& [key, trap] : traps_) {
      std::string message = trap.first.message;
      const bool everywhere = trap.same && trap.count == looked_;
      if (!everywhere && !trap.at.empty())
        message += fmt::format(" ({}{}{})", trap.at.find(" at ") == std::string::npos ? "at " : "", trap.at,
                               trap.count == 1 ? ""
                                               : fmt::format(", and the like at {} of {} points{} in all", trap.count,
                                                             looked_, looked_at_all_ ? "" : " looked at"));
      report_.warning(trap.first.code.c_str(), trap.first.place, trap.first.path, message, trap.first.help);
    }
  }

  void report_failures() {
    for (const auto& [key, entry] : failures_) {
      std::string message = entry.first.message;
      const bool single = entry.count == 1 && parsed_.blocks.size() == 1 && parsed_.blocks[0].axes.empty();
      if (!single) {
        message += fmt::format(" (in {}", fmt::join(entry.examples, "; "));
        if (entry.count > entry.examples.size()) {
          const auto more = entry.count - entry.examples.size();
          message += fmt::format("; … and {} more point{}", more, more == 1 ? "" : "s");
        }
        message += ")";
      }
      report_.error(entry.first.code.c_str(), entry.first.place, entry.first.path, message, entry.first.help);
    }
  }

  const Scan::Parsed& parsed_;
  const Statements& statements_;
  Report& report_;
  WholeScan whole_;
  LostTimes times_;
  Selections selections_;
  Reach reach_;
  Roundings roundings_;
  FewMembers members_;
  std::uint64_t looked_ = 0;
  bool looked_at_all_ = true;
  std::map<std::tuple<int, int, std::string>, Failures> failures_;
  std::map<std::tuple<int, int, std::string>, Warned> traps_;
  std::set<std::string> applicable_;
  std::map<std::string, Inapplicable> inapplicable_;
};

}  // namespace

void check_points(const Scan::Parsed& parsed, const Statements& statements, const std::set<std::string>& used,
                  Report& report) {
  PointChecker(parsed, statements, used, report).run();
}

}  // namespace fieldscan::scan
