#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace fieldscan::campaign {

/// Where a worker computes.
struct Place {
  std::string host;
  double memory_bytes = 0;  ///< of the whole node
};

/// What a task takes while it runs.
struct Needs {
  double bytes = 0;
  int threads = 1;
  bool operator==(const Needs&) const = default;
};

/// Who may start what beside what, by the memory and the cores of each node; a node has as many cores as workers.
///
/// An ordinary task needs no more than its worker's share of the node (memory / workers) and one thread, so ordinary
/// tasks never ask. A large one needs more: it starts where that much is free. While large ones wait, ordinary tasks
/// fill the gaps beside running large ones, but begin on no other node: so nodes run empty for the large, and none
/// waits forever.
class Placement {
 public:
  /// Worker k computes at places[k].
  explicit Placement(const std::vector<Place>& places);

  /// The memory of an ordinary task of this worker.
  double share(std::size_t worker) const;
  double node_memory(std::size_t worker) const { return node_of(worker).memory; }
  bool large(const Needs& needs) const;
  /// Whether some node, otherwise empty, has the memory.
  bool possible(const Needs& needs) const { return needs.bytes <= largest_memory_; }
  double largest_memory() const { return largest_memory_; }

  bool may_start(std::size_t worker, const Needs& needs) const;
  bool may_start_ordinary(std::size_t worker, bool large_waits) const;
  void start(std::size_t worker, const std::optional<Needs>& large);
  void end(std::size_t worker, const std::optional<Needs>& large);

 private:
  struct Node {
    std::string host;
    double memory = 0, used = 0;
    int workers = 0, cores_used = 0, large = 0;  ///< large: running large tasks
    double share() const { return memory / workers; }
    int cores(const Needs& needs) const;
  };
  void change(std::size_t worker, const std::optional<Needs>& large, int sign);
  const Node& node_of(std::size_t worker) const { return nodes_[node_of_worker_[worker]]; }

  std::vector<Node> nodes_;
  std::vector<std::size_t> node_of_worker_;
  double least_share_ = 0, largest_memory_ = 0;
};

}  // namespace fieldscan::campaign
