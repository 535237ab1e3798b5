#pragma once
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench.hpp"
#include "message.hpp"
#include "placement.hpp"

namespace boost::mpi {
class communicator;
}

namespace fieldscan::campaign {

/// Those who compute: the other ranks, or, with one rank, a compute child of this process. Workers are numbered from 0. Not for
/// several threads.
class Crew {
 public:
  /// All ranks of `world` must be told their setup at the same time: rank 0 here, the others in `work`.
  Crew(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  /// Dismisses, where that was not done.
  ~Crew();

  const std::vector<Place>& places() const { return places_; }  ///< of all workers, also of those who are gone
  std::size_t size() const { return places_.size() - gone_; }   ///< those who can still compute
  std::size_t orders_out() const { return orders_out_; }        ///< given, not reported yet
  std::size_t orders_of(std::size_t worker) const { return orders_[worker]; }
  const std::set<std::size_t>& idle() const { return idle_; }  ///< those without an order
  /// Gives an order; a worker may have several, which it works through.
  void give(std::size_t worker, const Order& order);

  struct Answer {
    std::size_t worker = 0;
    Report report;
  };
  /// The next report; waits `patience` for it at most. Who is gone gets no more orders.
  std::optional<Answer> wait(std::chrono::milliseconds patience);
  /// Takes back the orders that nobody has begun; the reports of it come by `wait`: stopped.
  void recall();
  /// Ends what is being computed; the reports of it come by `wait`: stopped, or answered where it was done just before.
  void stop();
  /// Ends what is being computed without regard to reports, and lets all go. Must be called before MPI is finished.
  void dismiss();

 private:
  std::optional<Answer> wait_ranks(std::chrono::milliseconds patience);
  void tell_busy(Tag tag);
  void book(std::size_t worker, const Report& report);

  boost::mpi::communicator& world_;
  Mailbox mailbox_;
  std::optional<Bench> here_;  ///< with one rank
  std::vector<Place> places_;
  std::vector<std::size_t> orders_;
  std::set<std::size_t> idle_;
  std::size_t orders_out_ = 0, gone_ = 0;
  bool dismissed_ = false;
};

}  // namespace fieldscan::campaign
