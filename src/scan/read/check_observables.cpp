#include "check_observables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../points/check_point.hpp"
#include "../points/sections.hpp"
#include "measured.hpp"

namespace fieldscan::scan {
namespace {

/// Whether the data are what an observable needs.
void check_data(Observable observable, const Needs& all, const Variant& variant, const data::Spec& data,
                Report& report) {
  const std::string_view name = info(observable).name;
  const int directions = data::direction_count(data.target);
  const auto say = [&](const char* code, const char* path, std::string_view message, const char* help) {
    report.error(code, place_of(variant, path), path, std::string(message), help);
  };
  switch (info(observable).data) {
    case DataNeed::any:
      return;
    case DataNeed::shared_test_set:
      if (data.test_set != data::TestSet::shared)
        say("FS0308", "data.test_set", fmt::format("'{}' needs one test set for all data draws", name),
            "data: {test_set: shared}");
      return;
    case DataNeed::drawn_test_set:
      if (data.test_size.is(data::TestSizeWord::exact))
        say("FS0113", "data.test_size",
            fmt::format("{} is a share of drawn test points, and `test_size: exact` draws none", name),
            "give a number of test points");
      return;
    case DataNeed::validation_set:
      if (data.validation_size == 0)
        say("FS0307", "data.validation_size",
            all.best ? "`at: best` is the time of the smallest validation error, and there is no validation set"
                     : fmt::format("'{}' without a validation set", name),
            "data: {validation_size: 200}");
      return;
    case DataNeed::one_direction:
      if (directions != 1)
        say("FS0309", "data.target", fmt::format("'{}' needs a target that looks along one direction", name),
            "target: linear, hermite, gegenbauer, or a teacher_network of width 1");
      return;
    case DataNeed::directions:
      if (directions == 0)
        say("FS0309", "data.target", fmt::format("'{}' needs a target that looks along directions", name),
            "target: linear, hermite, gegenbauer, or teacher_network");
      return;
  }
}

/// Overlaps are those of weights on whole inputs with directions of the target.
void check_units(Observable observable, const Variant& variant, const network::Spec& network, Report& report) {
  if (!is_convolutional(network.architecture) || !has_any(info(observable).needs, Need::first_layer)) return;
  report.error(
      "FS0309", place_of(variant, "network.architecture"), "network.architecture",
      fmt::format("'{}' is of units that see the whole input, and the network is convolutional", info(observable).name),
      "leave it out, or take a fully connected network");
}

void check_droplets(const Needs& all, const Block& block, Report& report) {
  constexpr Observable droplets = Observable::droplet_fraction;
  const bool listed = block.asked.has(droplets);
  if (all.observables.contains(droplets) && !listed)
    report.error("FS0310", place_of(block, "observe"), "observe",
                 "'droplet_fraction' is mentioned, and `observe` does not say beyond which |m| a unit counts",
                 droplet_help);
}

/// `on: 64` where the test set has fewer: those that there are are taken.
void warn_of_few_points(const Block& block, const data::Spec& data, Report& report) {
  for (const training::View& view : block.asked.views) {
    const Index there = data::test_points(data);
    if (view.points == 0 || there < 0 || view.points <= there) continue;
    const std::string path = fmt::format("observe.{}", word(view.observable));
    report.warning("FS0622", place_of(block, path), "observe.on",
                   fmt::format("'{}' is asked on {} test points, and there are {}: those are taken",
                               word(view.observable), view.points, there),
                   "raise data.test_size, or lower `on`");
  }
}

void check_kernels(const Needs& all, const Block& block, const Variant& variant, const Point& point, Report& report) {
  if (!all.ensemble.contains(Observable::ntk_variance)) return;
  if (training::is_sampler(point.spec.training))
    report.error("FS0305", place_of(variant, "training"), "training",
                 "'ntk_variance' compares the kernels of single networks, and a chain has the mean of its samples' "
                 "kernels",
                 "use a descent, for example training: {kind: gradient_descent, …}");
  else if (block.ensemble.initialisations < 2)
    report.error("FS0305", place_of(block, "ensemble"), "ensemble",
                 "'ntk_variance' compares initialisations on the same data, and there is only one",
                 "ensemble: {initialisations: 8}");
}

}  // namespace

void check_observables(const Needs& all, const Block& block, const Walker& walker, Report& report) {
  const Point& point = walker.point();
  if (!trains(point.spec)) return;
  for (const auto* mentioned : {&all.ensemble, &all.observables})
    for (const Observable observable : *mentioned) {
      check_data(observable, all, walker.variant(), point.spec.data, report);
      check_units(observable, walker.variant(), point.spec.network, report);
    }
  check_droplets(all, block, report);
  warn_of_few_points(block, point.spec.data, report);
  check_kernels(all, block, walker.variant(), point, report);
}

void add_measured(const Block& block, const PointSpec& spec, std::set<Observable>& measured) {
  const auto look = [&](Observable observable) {
    if (!measured.contains(observable) && is_measured(observable, spec)) measured.insert(observable);
  };
  for (const Observable asked : block.asked.observables) look(asked);
  if (block.ensemble.until)
    if (const auto until = find_observable(block.ensemble.until->observable)) look(*until);
}

void warn_of_unmeasured(const Block& block, const std::set<Observable>& at_points, Report& report) {
  const auto measured = [&](Observable observable) {
    return at_points.contains(observable) || std::ranges::any_of(block.variants, [&](const Variant& variant) {
             return is_measured(observable, variant.spec);
           });
  };
  const bool any = std::ranges::any_of(block.variants, trains, &Variant::spec);
  for (const Observable asked : block.asked.observables) {
    const std::string path = fmt::format("observe.{}", word(asked));
    if (any && !measured(asked))
      report.warning("FS0616", place_of(block, path), "observe",
                     fmt::format("'{}' is measured by no trainer of this block", word(asked)),
                     "leave it out; " + how_to_measure(asked));
  }
  if (!any || !block.ensemble.until) return;
  const auto until = find_observable(block.ensemble.until->observable);
  if (until && !measured(*until))
    report.error("FS0516", place_of(block, "ensemble.until.observable"), "ensemble.until",
                 fmt::format("`until` waits for '{}', which no trainer of this block measures", word(*until)),
                 how_to_measure(*until));
}

void warn_of_unused_observe(const std::vector<Block>& blocks, Report& report) {
  for (const Block& block : blocks) {
    if (std::ranges::any_of(block.variants, trains, &Variant::spec)) return;
    if (!block.places.contains("observe")) continue;
    report.warning("FS0616", place_of(block, "observe"), "observe",
                   "nothing is trained, and so nothing of `observe` is measured",
                   "leave it out: theories give all they have; or give a trainer");
  }
}

}  // namespace fieldscan::scan
