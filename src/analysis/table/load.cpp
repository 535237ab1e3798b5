#include "load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <unordered_map>

#include "fieldscan/data/equal_draws.hpp"
#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/scan/task/test_members.hpp"
#include "fieldscan/store/store.hpp"
#include "fieldscan/theory/error_source.hpp"
#include "fieldscan/theory/predict.hpp"

namespace fieldscan::analysis {
namespace {

/// The observables that a text of what was observed names at the beginning of its lines.
std::vector<Observable> observables_of(const std::string& observed) {
  std::set<Observable> found;
  std::istringstream lines(observed);
  for (std::string line; std::getline(lines, line);)
    if (const auto observable = find_observable(line.substr(0, line.find(' ')))) found.insert(*observable);
  return {found.begin(), found.end()};
}

/// Keeps of `asked` what a replica was asked for as well; the replicas of a series mostly share one text.
void keep_asked(const std::string& observed, std::string& last, bool first, std::vector<Observable>& asked) {
  if (!first && observed == last) return;
  const std::vector<Observable> here = observables_of(observed);
  if (first)
    asked = here;
  else
    std::erase_if(asked, [&](Observable o) { return std::ranges::find(here, o) == here.end(); });
  last = observed;
}

Series load_series(const store::Store& store, Id owner, Level level, bool sampler) {
  Series series{.level = level, .sampler = sampler, .members = {}, .id = owner};
  std::string last;
  for (store::StoredResult& stored : store.results(owner, store::Store::Arrays::with)) {
    Result& result = stored.result;
    keep_asked(stored.standing.observed, last, series.members.empty(), series.asked);
    series.members.push_back({.draw = result.data_draw,
                              .initialisation = result.initialisation,
                              .outcome = stored.standing.outcome,
                              .reason = stored.standing.reason,
                              .rows = std::move(result.rows),
                              .arrays = std::move(result.arrays)});
  }
  sort_series(series);
  return series;
}

Level level_of(theory::Given given) {
  switch (given) {
    case theory::Given::nothing:
      return Level::nothing;
    case theory::Given::draw:
      return Level::draw;
    case theory::Given::replica:
      break;
  }
  return Level::replica;
}

void add_axes(Table& table, const scan::Scan& scan) {
  for (const scan::BlockInfo& block : scan.blocks()) {
    std::vector<Table::BlockAxis> axes;
    for (const scan::AxisInfo& axis : block.axes) {
      std::vector<std::string> labels;
      for (const scan::AxisValue& value : axis.values) labels.push_back(text_of(value));
      axes.push_back({.path = axis.path, .zipped = axis.zipped, .labels = std::move(labels)});
      if (std::ranges::find(table.axes, axis.path, &Axis::path) == table.axes.end())
        table.axes.push_back({.path = axis.path, .short_name = axis.short_name});
    }
    table.blocks.push_back(std::move(axes));
  }
}

/// What is asked of a point, of a growing ensemble as far as it has grown; nothing where that is not known.
std::optional<scan::Ensemble> asked_at(const TablePoint& entry) {
  scan::Ensemble asked = entry.point.ensemble;
  if (!asked.until) return asked;
  if (!entry.growth) return std::nullopt;
  asked.data_draws = static_cast<int>(entry.growth->extent.draws);
  asked.initialisations = static_cast<int>(entry.growth->extent.initialisations);
  return asked;
}

/// How many members the scan asks of a prediction; 0 where that is not known.
std::int64_t wanted_of(const scan::TheoryUse& use, const TablePoint& entry) {
  if (theory::given_of(use.theory) == theory::Given::nothing) return 1;
  const auto asked = asked_at(entry);
  return asked ? scan::prediction_members(use, *asked).count() : 0;
}

/// How many networks are asked for, and whether they are as many as the error that is asked for takes.
void tell_asked(TablePoint& entry) {
  Series& networks = entry.measured;
  const auto asked = asked_at(entry);
  networks.initialisations = asked.value_or(entry.point.ensemble).initialisations;
  if (asked) networks.wanted = std::int64_t{asked->data_draws} * asked->initialisations;
  if (entry.growth && entry.growth->end == store::Growth::End::largest)
    networks.short_of_error = find_observable(entry.point.ensemble.until->observable);
}

/// What the errors of a theory are of at a point that it applies to.
std::string error_source_of(const scan::TheoryUse& use, const scan::Point& point) {
  const theory::Setting setting = scan::setting_of(point, use);
  return theory::applicability(use.theory, setting).applies ? theory::error_source(use.theory, setting) : "";
}

void tell_copies(Series& series, bool same_data, bool one, scan::SameRows same) {
  series.same_data = same_data;
  series.same = std::move(same);
  if (one) mark_copies(series);
}

}  // namespace

Table make_table(const scan::Scan& scan, const Sources& sources) {
  Table table;
  add_axes(table, scan);
  std::array<std::unordered_map<Id, std::shared_ptr<Series>>, 2> predictions;  // of draws that are not one, that are
  scan.for_each_point([&](const scan::Point& point) {
    TablePoint entry{.point = point, .measured = {}, .theories = {}};
    const bool same_data = data::equal_draws(point.spec.data);
    const bool one = draws_are_one(point, scan::trains(point.spec) ? scan::Side::measured : scan::Side::predicted);
    if (scan::trains(point.spec)) entry.measured = sources.measured(point);
    if (sources.growth) entry.growth = sources.growth(point);
    tell_asked(entry);
    tell_copies(entry.measured, same_data, one, scan::same_rows(point, scan::Side::measured));
    for (const scan::TheoryUse& use : point.theories) {
      auto& series = predictions[one ? 1 : 0][scan::prediction_id(use, point)];
      if (!series) {
        Series predicted = sources.predicted(point, use);
        predicted.error_source = error_source_of(use, point);
        if (predicted.level != Level::nothing)
          tell_copies(predicted, same_data, one, scan::same_rows(point, scan::Side::predicted));
        series = std::make_shared<Series>(std::move(predicted));
      }
      series->wanted = std::max(series->wanted, wanted_of(use, entry));
      entry.theories[use.name] = series;
    }
    table.points.push_back(std::move(entry));
    return true;
  });
  return table;
}

Table load_table(const scan::Scan& scan, const store::Store& store) {
  const auto measured = [&](const scan::Point& point) {
    return load_series(store, point.id, Level::replica, is_sampling(scan::dynamics_of(point.spec)));
  };
  const auto predicted = [&](const scan::Point& point, const scan::TheoryUse& use) {
    return load_series(store, scan::prediction_id(use, point), level_of(theory::given_of(use.theory)), false);
  };
  const auto growth = [&](const scan::Point& point) {
    return store::growth_of(store::growth_rule(point), store::stored_cells(point, store));
  };
  return make_table(scan, {.measured = measured, .predicted = predicted, .growth = growth});
}

namespace {

/// How much of what is asked for is there.
struct Progress {
  std::int64_t wanted = 0, there = 0;
  void add(std::int64_t asked, const Series& series) {
    wanted += asked;
    there += std::min<std::int64_t>(asked, std::ssize(series.members));
  }
  bool complete() const { return there >= wanted; }
};

}  // namespace

std::string partly_there(const Table& table) {
  Progress networks, predictions;
  std::set<const Series*> seen;  // points share predictions
  for (const TablePoint& point : table.points) {
    if (scan::trains(point.point.spec)) networks.add(point.measured.wanted, point.measured);
    for (const auto& [name, series] : point.theories)
      if (seen.insert(series.get()).second) predictions.add(series->wanted, *series);
  }
  std::string text;
  if (!networks.complete()) text = fmt::format("{} of {} networks", networks.there, networks.wanted);
  if (!predictions.complete())
    text += fmt::format("{}{} of {} predictions", text.empty() ? "" : ", ", predictions.there, predictions.wanted);
  return text;
}

}  // namespace fieldscan::analysis
