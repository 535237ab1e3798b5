#include "placement.hpp"

#include <algorithm>
#include <unordered_map>

namespace fieldscan::campaign {

Placement::Placement(const std::vector<Place>& places) {
  std::unordered_map<std::string, std::size_t> known;
  for (const Place& place : places) {
    const auto [at, fresh] = known.emplace(place.host, nodes_.size());
    if (fresh) nodes_.push_back({.host = place.host, .memory = place.memory_bytes});
    node_of_worker_.push_back(at->second);
    ++nodes_[at->second].workers;
  }
  for (const Node& node : nodes_) {
    least_share_ = least_share_ > 0 ? std::min(least_share_, node.share()) : node.share();
    largest_memory_ = std::max(largest_memory_, node.memory);
  }
}

/// More threads than cores share what there is.
int Placement::Node::cores(const Needs& needs) const { return std::min(needs.threads, workers); }

double Placement::share(std::size_t worker) const { return node_of(worker).share(); }

bool Placement::large(const Needs& needs) const { return needs.threads > 1 || needs.bytes > least_share_; }

bool Placement::may_start(std::size_t worker, const Needs& needs) const {
  const Node& node = node_of(worker);
  return node.used + needs.bytes <= node.memory * (1 + 1e-9) && node.cores_used + node.cores(needs) <= node.workers;
}

bool Placement::may_start_ordinary(std::size_t worker, bool large_waits) const {
  const Node& node = node_of(worker);
  if (large_waits && node.large == 0) return false;
  return node.large == 0 || may_start(worker, {.bytes = node.share(), .threads = 1});
}

void Placement::change(std::size_t worker, const std::optional<Needs>& large, int sign) {
  Node& node = nodes_[node_of_worker_[worker]];
  node.used += sign * (large ? large->bytes : node.share());
  node.cores_used += sign * (large ? node.cores(*large) : 1);
  if (large) node.large += sign;
}

void Placement::start(std::size_t worker, const std::optional<Needs>& large) { change(worker, large, +1); }
void Placement::end(std::size_t worker, const std::optional<Needs>& large) { change(worker, large, -1); }

}  // namespace fieldscan::campaign
