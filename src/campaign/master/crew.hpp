#pragma once
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../message/message.hpp"
#include "bench.hpp"
#include "placement.hpp"

namespace boost::mpi {
class communicator;
}

namespace fieldscan::campaign {

/// Those who compute: the other ranks, or, with one rank, a compute child of this process. Workers are numbered from 0.
///
/// A worker is *gone* once it has said that it can not compute any more, and gets no more orders. Ranks with orders are
/// asked now and then whether they are there; one that does not answer can be left behind: its orders do not count any
/// more, it gets none until it speaks again, and MPI can not be finished while it is silent. Not for several threads.
class Crew {
 public:
  /// The other ranks call `work`. Who has not said within two minutes where it is counts as left behind.
  Crew(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  /// Dismisses, where that was not done.
  ~Crew();

  const std::vector<Place>& places() const { return places_; }  ///< of all workers, also of those who are gone
  std::size_t size() const;                                     ///< those who can still compute
  std::size_t orders_out() const;                               ///< given, not reported yet; not of those left behind
  std::size_t orders_of(std::size_t worker) const { return workers_[worker].orders; }
  bool can_compute(std::size_t worker) const { return !workers_[worker].gone && !workers_[worker].left_behind; }
  const std::set<std::size_t>& idle() const { return idle_; }  ///< those without an order
  /// Gives an order; a worker may have several, which it works through.
  void give(std::size_t worker, const Order& order);

  struct Answer {
    std::size_t worker = 0;
    Report report;
  };
  /// The next report; waits `patience` for it at most.
  std::optional<Answer> wait(std::chrono::milliseconds patience);
  /// Those with orders who were asked so many times, once in ten seconds, without an answer. Not measured by a clock:
  /// time in which this process itself was stopped says nothing about them.
  std::vector<std::size_t> silent(int times) const;
  void leave_behind(std::size_t worker);
  /// Who was left behind and has not spoken since: "rank 3 on node7".
  std::vector<std::string> left_behind() const;
  /// Takes back the orders that nobody has begun; the reports of it come by `wait`: stopped.
  void recall();
  /// Ends what is being computed; the reports of it come by `wait`: stopped, or answered where it was done just before.
  void stop(std::chrono::milliseconds patience = patience_to_save);
  /// The same of one worker.
  void stop_one(std::size_t worker);
  /// Ends what is being computed without regard to reports, and lets all go; who does not report and say goodbye in
  /// time is left behind. Must be called before MPI is finished.
  void dismiss(std::chrono::milliseconds patience = std::chrono::seconds(10));

 private:
  using Clock = std::chrono::steady_clock;
  struct Worker {
    std::size_t orders = 0;
    int unanswered = 0;  ///< times that it was asked since it spoke last, or got its first order after a rest
    bool gone = false, left_behind = false, waited_for = true;  ///< waited_for: it has not said where it is, or goodbye
  };
  std::optional<Answer> wait_ranks(std::chrono::milliseconds patience);
  std::optional<Answer> hear(const Message& message);
  void wait_for_word(std::chrono::milliseconds patience);
  void ask_if_due();
  void tell_busy(Tag tag);
  void book(std::size_t worker, const Report& report);

  boost::mpi::communicator& world_;
  Mailbox mailbox_;
  std::optional<Bench> here_;  ///< with one rank
  std::vector<Place> places_;
  std::vector<Worker> workers_;
  std::set<std::size_t> idle_;
  Clock::time_point asked_ = Clock::now();
  bool dismissed_ = false;
};

}  // namespace fieldscan::campaign
