#pragma once
#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "encode.hpp"

namespace boost::mpi {
class communicator;
}

namespace fieldscan::campaign {

/// Those who compute: the other ranks, or, with one rank, a compute child of this process. Not for several threads.
class Crew {
 public:
  Crew(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  /// Dismisses, where that was not done.
  ~Crew();

  std::size_t size() const { return idle_.size() + busy_.size(); }  ///< those who can still compute
  std::size_t busy() const { return busy_.size(); }
  bool has_idle() const { return !idle_.empty(); }
  /// Gives an order to one who is idle.
  void give(const Order& order);
  /// The next report; waits `patience` for it at most. Who is gone is not counted any more.
  std::optional<Report> wait(std::chrono::milliseconds patience);
  /// Ends what is being computed; the reports of it come by `wait`: stopped, or answered where it was done just before.
  void stop();
  /// Ends what is being computed without regard to reports, and lets all go. Must be called before MPI is finished.
  void dismiss();

 private:
  std::optional<Report> wait_here(std::chrono::milliseconds patience);
  std::optional<Report> wait_ranks(std::chrono::milliseconds patience);

  boost::mpi::communicator& world_;
  std::optional<Compute> here_;  ///< with one rank
  std::uint64_t ticket_here_ = 0;
  std::optional<Report> at_once_;  ///< a report that needs no waiting
  std::set<int> idle_, busy_;
  bool dismissed_ = false;
};

}  // namespace fieldscan::campaign
