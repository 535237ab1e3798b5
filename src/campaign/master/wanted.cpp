#include "wanted.hpp"

#include <algorithm>

#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/store/observed.hpp"

namespace fieldscan::campaign {

Holdings::Holdings(const store::Store& store) {
  std::unordered_map<std::string, std::uint32_t> positions;
  store.for_each_standing(
      [&](Id owner, std::int64_t draw, std::int64_t initialisation, const store::Standing& standing) {
        const auto [position, fresh] = positions.emplace(standing.observed, static_cast<std::uint32_t>(texts_.size()));
        if (fresh) texts_.push_back(standing.observed);
        held_[owner].push_back({.draw = draw,
                                .initialisation = initialisation,
                                .outcome = standing.outcome,
                                .observed = position->second,
                                .attempt = standing.provenance.attempt});
        const auto lack = standing.reason.rfind(scan::without);
        if (standing.outcome == Outcome::done && lack != std::string::npos) ++incomplete_[standing.reason.substr(lack)];
      });
}

const Holdings::Held* Holdings::find(Id owner, scan::Task::Member member) const {
  const auto held = held_.find(owner);
  if (held == held_.end()) return nullptr;
  const auto key = [](const Held& h) { return std::pair(h.draw, h.initialisation); };
  const auto at = std::ranges::lower_bound(held->second, std::pair(member.draw, member.initialisation), {}, key);
  return at != held->second.end() && key(*at) == std::pair(member.draw, member.initialisation) ? &*at : nullptr;
}

bool Holdings::done(Id owner, scan::Task::Member member, const std::string& asked) const {
  const Held* held = find(owner, member);
  if (held == nullptr || held->outcome == Outcome::failed) return false;
  const std::string& observed = texts_[held->observed];
  return observed == asked || store::covers(observed, asked);
}

std::string asked_of(const scan::Point& point, const Wanted& wanted, scan::Task::Member member) {
  if (wanted.kind == store::OwnerKind::prediction) return "";
  return training::plan_text(scan::observe_plan(point, member.draw, member.initialisation));
}

namespace {

/// The members of an extent that are outside of the one before.
std::vector<scan::Task::Member> outside(Extent before, Extent extent) {
  std::vector<scan::Task::Member> members;
  for (std::int64_t draw = 0; draw < extent.draws; ++draw)
    for (std::int64_t i = 0; i < extent.initialisations; ++i)
      if (draw >= before.draws || i >= before.initialisations) members.push_back({draw, i});
  return members;
}

}  // namespace

void visit_wanted(const scan::Point& point, Extent before, Extent extent, VisitedMembers& visited,
                  const std::function<void(const Wanted&)>& visit) {
  Wanted wanted{.kind = store::OwnerKind::point, .owner = point.id, .task = {}};
  wanted.task.block = point.block;
  wanted.task.index = point.index;
  if (scan::trains(point.spec)) {
    wanted.task.members = outside(before, extent);
    if (!wanted.task.members.empty()) visit(wanted);
  }
  wanted.kind = store::OwnerKind::prediction;
  wanted.task.kind = scan::Task::Kind::prediction;
  scan::Ensemble grown = point.ensemble;
  grown.data_draws = static_cast<int>(extent.draws);
  grown.initialisations = static_cast<int>(extent.initialisations);
  for (std::size_t theory = 0; theory < point.theories.size(); ++theory) {
    wanted.owner = scan::prediction_id(point.theories[theory], point);
    wanted.task.theory = theory;
    const scan::PredictionMembers own = scan::prediction_members(point.theories[theory], grown);
    Extent& held = visited[wanted.owner];
    const Extent all{std::max(held.draws, own.draws), std::max(held.initialisations, own.initialisations)};
    wanted.task.members = outside(held, all);
    held = all;
    if (!wanted.task.members.empty()) visit(wanted);
  }
}

void for_each_wanted(const scan::Scan& scan, const store::Store& store,
                     const std::function<void(const scan::Point&, const Wanted&)>& visit) {
  VisitedMembers visited;
  scan.for_each_point([&](const scan::Point& point) {
    const Extent extent = store::extent_of(store::growth_rule(point), store::stored_cells(point, store));
    visit_wanted(point, {}, extent, visited, [&](const Wanted& wanted) { visit(point, wanted); });
    return true;
  });
}

void for_each_wanted_alone(const scan::Scan& scan, const store::Store& store,
                           const std::function<void(const scan::Point&, const Wanted&)>& visit) {
  scan.for_each_point([&](const scan::Point& point) {
    VisitedMembers alone;
    const Extent extent = store::extent_of(store::growth_rule(point), store::stored_cells(point, store));
    visit_wanted(point, {}, extent, alone, [&](const Wanted& wanted) { visit(point, wanted); });
    return true;
  });
}

}  // namespace fieldscan::campaign
