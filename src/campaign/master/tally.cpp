#include "tally.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "fieldscan/core/text.hpp"
#include "fieldscan/store/earlier.hpp"

namespace fieldscan::campaign {

namespace {

std::string text_of(const scan::AxisValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return shortest(*number);
  return std::get<std::string>(value);
}

/// The axes of all blocks, empty; those of block b begin at `first[b]`.
std::vector<Standings::AxisTally> make_axes(const scan::Scan& scan, std::vector<std::size_t>& first) {
  std::vector<Standings::AxisTally> axes;
  for (const auto& block : scan.blocks()) {
    first.push_back(axes.size());
    for (const auto& axis : block.axes) {
      axes.push_back({.block = scan.blocks().size() > 1 ? block.name : "", .path = axis.path, .values = {}});
      for (const auto& value : axis.values) axes.back().values.emplace_back(text_of(value), Tally{});
    }
  }
  return axes;
}

/// Counts the members that are wanted of a point in all these tallies.
void count(const Holdings& holdings, const scan::Point& point, const Wanted& wanted,
           const std::vector<Tally*>& tallies) {
  const std::string same = point.observe.limits.empty() ? asked_of(point, wanted, {}) : "";
  for (const auto& member : wanted.task.members) {
    const auto* held = holdings.find(wanted.owner, member);
    const bool failed = held != nullptr && held->outcome == Outcome::failed;
    const bool there =
        holdings.done(wanted.owner, member, point.observe.limits.empty() ? same : asked_of(point, wanted, member));
    for (Tally* tally : tallies) {
      ++tally->wanted;
      ++(failed || there ? tally->by_outcome[static_cast<std::size_t>(held->outcome)] : tally->missing);
    }
  }
}

}  // namespace

std::vector<PointTally> tally_points(const scan::Scan& scan, const store::Store& store) {
  const Holdings holdings(store);
  std::vector<PointTally> points;
  scan.for_each_point([&](const scan::Point& point) {
    points.push_back({.point = point});
    return true;
  });
  std::unordered_map<Id, PointTally*> by_id;
  for (PointTally& point : points) by_id[point.point.id] = &point;
  for_each_wanted_alone(scan, store, [&](const scan::Point& point, const Wanted& wanted) {
    if (wanted.kind == store::OwnerKind::point || !scan::trains(point.spec))
      count(holdings, point, wanted, {&by_id.at(point.id)->members});
  });
  return points;
}

Standings tally(const scan::Scan& scan, const store::Store& store) {
  const Holdings holdings(store);
  Standings standings;
  std::vector<std::size_t> first;
  standings.axes = make_axes(scan, first);
  for_each_wanted(scan, store, [&](const scan::Point& point, const Wanted& wanted) {
    const bool replicas = wanted.kind == store::OwnerKind::point;
    count(holdings, point, wanted, {replicas ? &standings.replicas : &standings.predictions});
  });
  // On the axes points count their members by themselves: some share their predictions.
  for_each_wanted_alone(scan, store, [&](const scan::Point& point, const Wanted& wanted) {
    if (wanted.kind == store::OwnerKind::prediction && scan::trains(point.spec)) return;
    std::vector<Tally*> tallies;
    for (std::size_t axis = 0; axis < point.positions.size(); ++axis)
      tallies.push_back(&standings.axes[first[point.block] + axis].values[point.positions[axis]].second);
    count(holdings, point, wanted, tallies);
  });
  standings.incomplete = holdings.incomplete();
  standings.earlier = store::count_earlier(scan, store);
  if (standings.replicas.failed() + standings.predictions.failed() > 0)
    store.for_each_standing([&](Id, std::int64_t, std::int64_t, const store::Standing& standing) {
      if (standing.outcome == Outcome::failed) ++standings.failures[standing.reason];
    });
  return standings;
}

}  // namespace fieldscan::campaign
