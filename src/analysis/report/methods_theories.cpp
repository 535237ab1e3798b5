#include "methods_theories.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "../quantity/convergence.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/predict.hpp"

namespace fieldscan::analysis {

namespace methods_theories {
namespace {

std::string_view ending_words(Outcome outcome) {
  switch (outcome) {
    case Outcome::diverged:
      return "diverged";
    case Outcome::not_converged:
      return "did not converge";
    case Outcome::not_equilibrated:
      return "did not equilibrate";
    case Outcome::numerical_error:
      return "ended in a numerical error";
    case Outcome::not_applicable:
      return "do not apply";
    case Outcome::failed:
      return "failed";
    case Outcome::done:
      break;
  }
  return "are done";
}

constexpr std::array<Outcome, 6> all_endings{Outcome::diverged,         Outcome::not_converged,
                                             Outcome::not_equilibrated, Outcome::numerical_error,
                                             Outcome::not_applicable,   Outcome::failed};

/// "solver = conjugate_gradients, tolerance = 1e-06".
std::string settings_text(const theory::AnyTheory& theory) {
  std::vector<std::string> parts;
  for (const auto& [path, value] : theory::options_of(theory)) parts.push_back(fmt::format("{} = {}", path, value));
  return parts.empty() ? "its defaults" : fmt::format("{}", fmt::join(parts, ", "));
}

/// The names under which one kind is used, with the settings of each.
using Names = std::map<std::string, std::set<std::string>>;

std::string difference_text(const Names& names) {
  std::vector<std::string> parts;
  for (const auto& [name, settings] : names)
    parts.push_back(fmt::format("{} has {}", name, fmt::join(settings, " or ")));
  if (names.size() == 1 && *names.begin()->second.begin() == "its defaults" && names.begin()->second.size() == 1)
    return "";
  return fmt::format(" {}: {}.", names.size() > 1 ? "They differ in their settings" : "Settings",
                     fmt::join(parts, "; "));
}

/// What is far from zero says that another start ends elsewhere.
constexpr double one_solution = 1e-4;

/// How well it was solved, of one name.
std::string convergence_text(const Table& table, const std::string& theory) {
  std::string text;
  if (const auto residual = solver_residual(table, theory))
    text += fmt::format(" Its equations are solved by iteration: the largest residual over all predictions is {}.",
                        words_of(*residual));
  if (const auto apart = largest_of(table, theory, listed("start_difference")))
    text += *apart <= one_solution
                ? fmt::format(" All starts lead to one solution (to {:.2g}, relative).", *apart)
                : fmt::format(
                      " Other starts lead to other solutions, {:.2g} apart from the one used, relative; that is "
                      "the one of least action.",
                      *apart);
  if (const auto error = largest_of(table, theory, listed("solver_error")))
    text += fmt::format(" It is integrated in time with an estimated error of {:.2g}, relative.", *error);
  return text;
}

/// Where the predictions lie in the theory's own measure, and how many of those with numbers it says to be beyond its
/// range: large in some measures, small in others.
std::string range_text(const std::vector<const Series*>& series) {
  std::optional<double> low, high;
  std::int64_t outside = 0, all = 0;
  for (const Series* one : series) {
    outside += count_outside(*one);
    all += std::ranges::count_if(one->members,
                                 [](const Member& member) { return has_numbers(member) && !member.rows.empty(); });
    if (const auto here = smallest_row(*one, Observable::validity)) low = std::min(low.value_or(*here), *here);
    if (const auto here = largest_row(*one, Observable::validity)) high = std::max(high.value_or(*here), *here);
  }
  std::string text;
  if (low && high) {
    const std::string least = fmt::format("{:.2g}", *low), most = fmt::format("{:.2g}", *high);
    text = least == most ? fmt::format(" Its `validity` is {}.", least)
                         : fmt::format(" Its `validity` lies between {} and {}.", least, most);
  }
  if (outside > 0) text += fmt::format(" Beyond its stated range are {} of the {} that have numbers.", outside, all);
  return text;
}

/// How well what is sampled in it is known.
std::string sampling_text(const Table& table, const std::vector<const Series*>& series, const std::string& theory) {
  if (const auto error = largest_of(table, theory, listed("predictor_error")))
    return fmt::format(
        " Its predictor is sampled: the largest Monte Carlo error, root mean square over test points, is {:.2g}.",
        *error);
  const auto sampled = [](const Member& member) {
    return has_numbers(member) && std::ranges::any_of(member.rows, [](const Row& row) {
             return row.standard_error > 0 && row.observable != listed("solver_error");
           });
  };
  const bool any =
      std::ranges::any_of(series, [&](const Series* one) { return std::ranges::any_of(one->members, sampled); });
  return any ? " Some of its numbers are sampled, with errors that are part of those that are stated." : "";
}

std::string record_text(const Table& table, const std::string& name, bool alone) {
  std::vector<const Series*> series;  // points that ask the same share a prediction, which is stored once
  std::set<const Series*> seen;
  std::set<Id> ids;
  const auto is_new = [&](const Series& one) {
    return seen.insert(&one).second && (one.id == Id{} || ids.insert(one.id).second);
  };
  for (const TablePoint& point : table.points)
    if (const auto found = point.theories.find(name); found != point.theories.end())
      if (is_new(*found->second)) series.push_back(found->second.get());
  const std::string endings = endings_of(series, "predictions", Outcome::not_converged);
  if (endings.empty()) return "";
  const std::string text = (alone ? " " : fmt::format(" {}: ", name)) + endings;
  const bool any = std::ranges::any_of(series, [](const Series* one) {
    return std::ranges::find(one->members, Outcome::done, &Member::outcome) != one->members.end();
  });
  return any ? text + range_text(series) + convergence_text(table, name) + sampling_text(table, series, name) : text;
}

}  // namespace
}  // namespace methods_theories

std::string endings_of(const std::vector<const Series*>& series, std::string_view noun, Outcome first) {
  using namespace methods_theories;
  std::map<Outcome, std::int64_t> count;
  std::int64_t there = 0, missing = 0;
  std::string why_failed;
  for (const Series* one : series) {
    const auto here = std::ssize(one->members);
    there += here;
    missing += std::max<std::int64_t>(one->wanted - here, 0);
    for (const Member& member : one->members) {
      ++count[member.outcome];
      if (member.outcome == Outcome::failed && why_failed.empty()) why_failed = member.reason;
    }
  }
  if (there == 0) return missing > 0 ? fmt::format("None of {} {} has run.", missing, noun) : "";
  std::string text = fmt::format("Of {} {} {} {}", there, noun, count[first], ending_words(first));
  for (const Outcome outcome : all_endings)
    if (outcome != first && count[outcome] > 0) text += fmt::format(", {} {}", count[outcome], ending_words(outcome));
  if (!why_failed.empty()) text += fmt::format(" ({})", why_failed);
  if (missing > 0) text += fmt::format("; {} more have not run", missing);
  return text + ".";
}

std::string unsound_of(const std::vector<const Series*>& series, std::string_view noun) {
  using namespace methods_theories;
  std::map<Outcome, std::int64_t> count;
  std::int64_t there = 0;
  for (const Series* one : series)
    for (const Member& member : one->members) ++count[member.outcome], ++there;
  std::string parts;
  for (const Outcome outcome : all_endings)
    if (outcome != Outcome::not_applicable && count[outcome] > 0)
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", count[outcome], ending_words(outcome));
  return parts.empty() ? "" : fmt::format("Of {} {} {}", there, noun, parts);
}

std::string theories_text(const Table& table) {
  using namespace methods_theories;
  std::map<std::string_view, Names> kinds;
  for (const TablePoint& point : table.points)
    for (const scan::TheoryUse& use : point.point.theories)
      kinds[theory::kind_of(use.theory)][use.name].insert(settings_text(use.theory));
  std::string text;
  for (const theory::About& about : theory::all_theories()) {
    const auto kind = kinds.find(about.kind);
    if (kind == kinds.end()) continue;
    std::vector<std::string> names;
    for (const auto& [name, settings] : kind->second) names.push_back(name);
    text += fmt::format("  {}: {} Regime: {}. Source: {}.{}", fmt::join(names, ", "), about.summary, about.card.regime,
                        about.card.source, difference_text(kind->second));
    for (const std::string& name : names) text += record_text(table, name, names.size() == 1);
    text += "\n";
  }
  return text.empty() ? "" : "Theories:\n" + text;
}

}  // namespace fieldscan::analysis
