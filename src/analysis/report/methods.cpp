#include "methods.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "../quantity/observe.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/task/test_members.hpp"
#include "methods_settings.hpp"
#include "methods_theories.hpp"

namespace fieldscan::analysis {

namespace methods {
namespace {

/// The kind of points without networks.
constexpr std::string_view untrained = "none";

/// "4 data draws", with what they have in common: copies are one.
std::string draws_text(const TablePoint& point, bool trained) {
  const scan::Ensemble& e = point.point.ensemble;
  const int draws = !trained && e.theory_draws > 0 ? e.theory_draws : e.data_draws;
  const bool one = scan::draws_are_one(point.point, trained ? scan::Side::measured : scan::Side::predicted);
  return counted(static_cast<std::size_t>(draws), "data draw") + (draws < 2 ? ""
                                                                  : one ? " (copies of one another, which count as one)"
                                                                  : point.measured.same_data ? " (of the same rows)"
                                                                                             : "");
}

/// "4 data draws × 2 initialisations".
std::string ensemble_text(const Table& table, const std::string& trainer) {
  std::set<std::string> sizes;
  for (const TablePoint& point : table.points) {
    if (kind_of(point.point.spec.training) != trainer) continue;
    const bool trained = trainer != untrained;
    const char* noun = point.measured.sampler ? "chain" : "initialisation";
    const auto each = static_cast<std::size_t>(point.point.ensemble.initialisations);
    sizes.insert((point.point.ensemble.until ? "at least " : "") + draws_text(point, trained) +
                 (trained ? fmt::format(" × {}", counted(each, noun)) : ""));
  }
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

/// What the chains of a table were asked for before they counted as equilibrated.
std::string criterion_text(const Table& table) {
  std::set<std::string> targets;
  for (const TablePoint& point : table.points)
    if (point.measured.sampler)
      targets.insert(std::visit(
          []<class T>(const T& trainer) {
            training::ChainUntil until;
            if constexpr (requires { trainer.until.rhat; }) until = trainer.until;
            return fmt::format("split R-hat ≤ {} and an effective sample size ≥ {}", shortest(until.rhat),
                               shortest(until.ess));
          },
          point.point.spec.training));
  return targets.empty() ? ""
                         : fmt::format(
                               "A chain counts as equilibrated with {}, of all that it watches (training and "
                               "test error, the predictor at five test points); not if coordinates of it "
                               "stand still, or, with `langevin`, its step is unstable where it ends.",
                               fmt::join(targets, ", or "));
}

std::string chains_text(const Table& table) {
  const std::vector<double> rhat = diagnosis(table, Observable::rhat), ess = diagnosis(table, Observable::ess);
  const std::string criterion = criterion_text(table);
  if (rhat.empty()) return criterion.empty() ? "" : criterion + "\n";
  const std::string sizes = ess.empty()
                                ? ""
                                : fmt::format(", the effective sample size {:.0f} at least, {:.0f} in the median",
                                              ess.front(), ess[ess.size() / 2]);
  return criterion +
         fmt::format(" Of all chains the largest split R-hat (rank-normalised) is {:.3f}, its median {:.3f}{}.\n",
                     rhat.back(), rhat[rhat.size() / 2], sizes);
}

/// What there is to speak of.
struct Spoken {
  bool networks = false, chains = false, cross_entropy = false, tests = false, copies = false;
};
Spoken spoken_of(const Table& table, const scan::Scan& scan) {
  Spoken out{.tests = !scan.tests().empty()};
  for (const TablePoint& point : table.points) {
    const bool trained = scan::trains(point.point.spec);
    out.copies =
        out.copies || (point.point.ensemble.data_draws > 1 &&
                       scan::draws_are_one(point.point, trained ? scan::Side::measured : scan::Side::predicted));
    if (!trained) continue;
    out.networks = true;
    out.chains = out.chains || point.measured.sampler;
    out.cross_entropy =
        out.cross_entropy || scan::point_text(point.point.spec).find("loss=cross_entropy") != std::string::npos;
  }
  return out;
}

std::string conventions_text(const Spoken& of) {
  std::string text = "Conventions: ";
  if (of.networks) text += "the loss is ½ Σ (f − y)² over the training points, a sum with the half";
  if (of.cross_entropy) text += ", or with `loss: cross_entropy` Σ −log p of the labels' classes";
  if (of.networks) text += "; ";
  text += "the ridge κ stands beside the kernel, K + κ I";
  if (of.chains)
    text +=
        ", and samplers draw from the posterior with likelihood exp(−χ Σ (f − y)²/2κ) and a normal prior of the "
        "parameters";
  text += "; the readout variance is divided by N χ. ";
  return text + (of.networks
                     ? "Test errors are those of single networks against the noiseless target.\n"
                     : "Test errors are against the noiseless target: `error_test` that of one network of those "
                       "that a theory is about, `error_mean_predictor` that of their mean.\n");
}

std::string statistics_text(const Spoken& of) {
  std::string text = "Statistics: ";
  if (of.networks)
    text += fmt::format(
        "means over the two-level ensemble of data draws and initialisations{}, the same initialisations for all draws; "
        "standard errors are two-way with Satterthwaite's degrees of freedom{}",
        of.chains ? " (chains)" : "", of.chains ? ", chains nested in their draws where they have settled" : "");
  else
    text +=
        "predictions that are given a data draw are averaged over draws, with the standard error of that mean; those "
        "averaged over data in closed form have none but what is sampled in them";
  text += "; intervals are of 95 %.";
  if (of.copies)
    text += fmt::format(
        " Data draws that are copies of one another, the same rows in training and test without noise, count as one{}.",
        of.networks ? ", and errors are those of initialisations" : "");
  if (of.tests)
    text +=
        " Statements of a test share one error rate, and tests of the scan one family error rate of 5 % (Holm). Errors "
        "of fitted exponents come from leaving out members jointly over all points.";
  return text + "\n";
}

/// The points of one trainer, or those without, with their settings and how what ran there ended.
std::string group_text(const Table& table, const std::string& trainer, std::size_t points, const Settings& settings) {
  std::vector<std::string> parts;
  for (const auto& [path, values] : settings) parts.push_back(setting_text(path, values));
  const std::string sizes = ensemble_text(table, trainer);
  if (trainer == untrained)
    return fmt::format(
        "Predictions alone, without networks (`training: none`), at {}, on {} where a theory is given one: {}.\n",
        counted(points, "point"), sizes, fmt::join(parts, ", "));
  std::vector<const Series*> series;
  bool chains = false;
  for (const TablePoint& point : table.points)
    if (kind_of(point.point.spec.training) == trainer)
      series.push_back(&point.measured), chains = chains || point.measured.sampler;
  const std::string endings = chains ? endings_of(series, "chains", Outcome::not_equilibrated)
                                     : endings_of(series, "networks", Outcome::diverged);
  return fmt::format("Networks at {} were trained by {}, {} each: {}.{}{}\n", counted(points, "point"), trainer, sizes,
                     fmt::join(parts, ", "), endings.empty() ? "" : " ", endings);
}

}  // namespace
}  // namespace methods

std::string methods_of(const ReportContents& contents) {
  const Table& table = *contents.context.table;
  std::map<std::string, std::size_t> points;
  std::string text =
      fmt::format("Methods of '{}'. Settings that are not named are the program's defaults.\n\n", contents.scan.name());
  for (const auto& [trainer, settings] : settings_of(table, points))
    text += methods::group_text(table, trainer, points[trainer], settings);
  const methods::Spoken spoken = methods::spoken_of(table, contents.scan);
  text += methods::chains_text(table) + theories_text(table) + methods::conventions_text(spoken) +
          methods::statistics_text(spoken);
  std::set<std::string> versions;
  for (const auto& scan_text : contents.store.scan_texts()) versions.insert(scan_text.version);
  return text + fmt::format("Program: fieldscan {}; seed {}; works: references.bib.\n", fmt::join(versions, ", "),
                            contents.scan.seed());
}

}  // namespace fieldscan::analysis
