#pragma once
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/store/growth.hpp"
#include "fieldscan/store/store.hpp"

/// What a scan wants, and what the store holds of it: the same for running, for status and for the plan.
namespace fieldscan::campaign {

using store::Cells;
using store::Extent;

/// The standings of a store, in a form that is quick to ask.
class Holdings {
 public:
  explicit Holdings(const store::Store& store);

  struct Held {
    std::int64_t draw = 0, initialisation = 0;
    Outcome outcome = Outcome::done;
    std::uint32_t observed = 0;  ///< position in the list of texts
    int attempt = 1;
  };
  /// What is held of a member; nullptr where nothing is.
  const Held* find(Id owner, scan::Task::Member member) const;
  /// Whether a member is done: it has a result, not a failure, in which everything asked was observed.
  bool done(Id owner, scan::Task::Member member, const std::string& asked) const;
  /// Of the members that are done: how many lack which of the observables that they were asked for ("without …").
  const std::map<std::string, std::uint64_t>& incomplete() const { return incomplete_; }

 private:
  std::vector<std::string> texts_;
  std::map<std::string, std::uint64_t> incomplete_;
  std::unordered_map<Id, std::vector<Held>> held_;  ///< ordered by (draw, initialisation)
};

/// One owner of results, with members that the scan wants from it.
struct Wanted {
  store::OwnerKind kind = store::OwnerKind::point;
  Id owner;
  scan::Task task;  ///< with all those members
};

/// What is asked to be observed of a member, as text; nothing for a prediction.
std::string asked_of(const scan::Point& point, const Wanted& wanted, scan::Task::Member member);

/// Remembers what of each prediction was visited already: points share predictions.
using VisitedMembers = std::unordered_map<Id, Extent>;

/// Calls visit for what a point wants at an extent: its replicas outside of the extent `before`, then of its
/// predictions what was not visited before.
void visit_wanted(const scan::Point& point, Extent before, Extent extent, VisitedMembers& visited,
                  const std::function<void(const Wanted&)>& visit);

/// Calls visit for everything that a scan wants, point after point, each ensemble as large as what the store holds asks
/// for.
void for_each_wanted(const scan::Scan& scan, const store::Store& store,
                     const std::function<void(const scan::Point&, const Wanted&)>& visit);
/// The same for every point by itself: predictions that points share are visited at each of them.
void for_each_wanted_alone(const scan::Scan& scan, const store::Store& store,
                           const std::function<void(const scan::Point&, const Wanted&)>& visit);

}  // namespace fieldscan::campaign
