#pragma once
#include <chrono>
#include <map>
#include <optional>

#include "crew.hpp"
#include "ledger.hpp"
#include "log.hpp"
#include "progress.hpp"
#include "queue.hpp"

namespace fieldscan::campaign {

/// Rank 0: hands out what is missing, longest first, books and commits what comes back, and stops in time.
class Master {
 public:
  Master(Crew& crew, ForkServer& server, const scan::Scan& scan, const RunOptions& options, store::Store& store);
  RunSummary run();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Mode {
    working,
    draining,  ///< gives out nothing more; what runs may finish
    stopping,  ///< what runs is ended
  };

  void plan();
  void look_at_signals();
  void look_at_deadline();
  void hand_out();
  bool finished() const;
  void receive(const Report& report);
  void handle_failure(Job job, const Report& report);
  void commit_if_due();
  void commit_at_end();
  void stop();
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  double seconds_left() const;
  Progress progress() const;
  RunSummary summary() const;

  Crew& crew_;
  ForkServer& server_;
  const scan::Scan& scan_;
  const RunOptions& options_;
  store::Store& store_;
  RunLog log_;
  ProgressDisplay display_;
  Queue queue_;
  std::optional<Ledger> ledger_;
  struct Running {
    Job job;
    Clock::time_point started;
  };
  std::map<std::uint64_t, Running> running_;
  std::uint64_t next_ticket_ = 0;
  Mode mode_ = Mode::working;
  bool out_of_time_ = false;         ///< of what waits nothing can be done before the deadline
  std::optional<double> deadline_;   ///< seconds after the start
  std::optional<double> signalled_;  ///< when the first signal came, seconds after the start
  Clock::time_point start_ = Clock::now(), committed_ = Clock::now();
  std::string commit_error_;
  double busy_seconds_ = 0;
  std::size_t workers_at_start_ = 1;
};

}  // namespace fieldscan::campaign
