#include "methods.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <sstream>

#include "../quantity/observe.hpp"
#include "../quantity/solver_residual.hpp"
#include "../text/axis_words.hpp"
#include "fieldscan/theory/predict.hpp"

namespace fieldscan::analysis {

namespace methods {
namespace {

/// Numbers by their value, then words.
struct BySize {
  static std::pair<double, std::string_view> key(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool number = error == std::errc() && end == text.data() + text.size();
    return {number ? value : std::numeric_limits<double>::infinity(), text};
  }
  bool operator()(const std::string& a, const std::string& b) const { return key(a) < key(b); }
};
using Values = std::set<std::string, BySize>;
/// Settings by path, with all values that points have.
using Settings = std::map<std::string, Values>;

/// The settings of the points that one kind of trainer trains, fields at their defaults left out.
std::map<std::string, Settings> settings_of(const Table& table, std::map<std::string, std::size_t>& points) {
  std::map<std::string, Settings> by_trainer;
  for (const TablePoint& point : table.points) {
    if (!scan::trains(point.point.spec)) continue;
    const std::string trainer(kind_of(point.point.spec.training));
    ++points[trainer];
    std::istringstream lines(scan::point_text(point.point.spec));
    for (std::string line; std::getline(lines, line);) {
      const auto equals = line.find('=');
      if (equals == std::string::npos || line.starts_with("seed")) continue;
      const std::string path = line.substr(0, equals);
      const bool is_axis = std::ranges::any_of(
          table.axes, [&](const Axis& axis) { return path == axis.path || path.starts_with(axis.path + "."); });
      if (!is_axis) by_trainer[trainer][path].insert(line.substr(equals + 1));
    }
    for (const Axis& axis : table.axes)
      if (const std::string label = axis_label(table, point, axis.path); !label.empty())
        by_trainer[trainer][axis.path].insert(short_value(label));
  }
  return by_trainer;
}

/// "network.width = [64] … 7 values".
std::string setting_text(const std::string& path, const Values& values) {
  constexpr std::size_t most = 6;
  if (values.size() <= most) return fmt::format("{} = {}", path, fmt::join(values, " | "));
  return fmt::format("{} of {} values", path, values.size());
}

std::string ensemble_text(const Table& table, const std::string& trainer) {
  std::set<std::string> sizes;
  for (const TablePoint& point : table.points)
    if (scan::trains(point.point.spec) && kind_of(point.point.spec.training) == trainer)
      sizes.insert(fmt::format("{} × {}", point.point.ensemble.data_draws, point.point.ensemble.initialisations));
  return fmt::format("{}", fmt::join(sizes, " or "));
}

/// Rows of one observable over all chains.
std::vector<double> diagnosis(const Table& table, Observable observable) {
  std::vector<double> values;
  for (const TablePoint& point : table.points)
    for (const Member& member : point.measured.members)
      if (const Row* row = find_row(member, observable, equilibrium, 0)) values.push_back(row->value);
  std::ranges::sort(values);
  return values;
}

std::string chains_text(const Table& table) {
  const std::vector<double> rhat = diagnosis(table, Observable::rhat), ess = diagnosis(table, Observable::ess);
  if (rhat.empty()) return "";
  std::size_t unequilibrated = 0, chains = 0;
  for (const TablePoint& point : table.points)
    for (const Member& member : point.measured.members) {
      chains += point.measured.sampler ? 1 : 0;
      unequilibrated += member.outcome == Outcome::not_equilibrated ? 1 : 0;
    }
  const std::string sizes = ess.empty()
                                ? ""
                                : fmt::format(", the effective sample size {:.0f} at least, {:.0f} in the median",
                                              ess.front(), ess[ess.size() / 2]);
  return fmt::format(
      "Of {} chains {} did not equilibrate; the largest split R-hat (rank-normalised) {:.3f}, its median {:.3f}{}.\n",
      chains, unequilibrated, rhat.back(), rhat[rhat.size() / 2], sizes);
}

/// What its solvers left, of a theory that iterates.
std::string solver_text(const Table& table, const std::string& theory) {
  const auto residual = solver_residual(table, theory);
  if (!residual) return "";
  return fmt::format(" Its equations are solved by iteration: the largest residual over all predictions is {}.",
                     words_of(*residual));
}

std::string theories_text(const Table& table) {
  std::map<std::string, std::string_view> kinds;
  for (const TablePoint& point : table.points)
    for (const scan::TheoryUse& use : point.point.theories) kinds[use.name] = theory::kind_of(use.theory);
  std::string text;
  for (const auto& [name, kind] : kinds)
    for (const theory::About& about : theory::all_theories())
      if (about.kind == kind)
        text += fmt::format("  {}: {} Regime: {}. Source: {}.{}\n", name, about.summary, about.card.regime,
                            about.card.source, solver_text(table, name));
  return text.empty() ? "" : "Theories:\n" + text;
}

constexpr std::string_view conventions =
    "Conventions: the loss is ½ Σ (f − y)² over the training points, a sum with the half; the ridge κ stands beside the "
    "kernel, K + κ I, and samplers draw from the posterior with likelihood exp(−χ Σ (f − y)²/2κ) and a normal prior of "
    "the parameters; the readout variance is divided by N χ. Test errors are those of single networks against the "
    "noiseless target.\n"
    "Statistics: means over the two-level ensemble of data draws and initialisations (chains), the same initialisations "
    "for all draws; standard errors are two-way with Satterthwaite's degrees of freedom, chains nested in their draws "
    "where they have settled; intervals are of 95 %. Statements of a test share one error rate, and tests of the scan one "
    "family error rate of 5 % (Holm). Errors of fitted exponents come from leaving out members jointly over all points.\n";

}  // namespace
}  // namespace methods

std::string methods_of(const ReportContents& contents) {
  const Table& table = *contents.context.table;
  std::map<std::string, std::size_t> points;
  std::string text =
      fmt::format("Methods of '{}'. Settings that are not named are the program's defaults.\n\n", contents.scan.name());
  for (const auto& [trainer, settings] : methods::settings_of(table, points)) {
    std::vector<std::string> parts;
    for (const auto& [path, values] : settings) parts.push_back(methods::setting_text(path, values));
    text +=
        fmt::format("Networks at {} points were trained by {}, {} data draws × initialisations (chains) each: {}.\n",
                    points[trainer], trainer, methods::ensemble_text(table, trainer), fmt::join(parts, ", "));
  }
  text += methods::chains_text(table) + methods::theories_text(table) + std::string(methods::conventions);
  std::set<std::string> versions;
  for (const auto& scan_text : contents.store.scan_texts()) versions.insert(scan_text.version);
  return text + fmt::format("Program: fieldscan {}; seed {}; works: references.bib.\n", fmt::join(versions, ", "),
                            contents.scan.seed());
}

}  // namespace fieldscan::analysis
