#pragma once
#include <chrono>
#include <map>
#include <optional>

#include "../cluster/deadline.hpp"
#include "crew.hpp"
#include "effort.hpp"
#include "ledger.hpp"
#include "log.hpp"
#include "progress.hpp"
#include "queue.hpp"

namespace fieldscan::campaign {

/// Rank 0: hands out what is missing, longest first, books and commits what comes back, and stops in time.
///
/// Tasks that are done in a moment travel together, and as long as much is left a worker that computes an order has the
/// next one already: the time of the messages, and that of a commit, is hidden behind the computation.
class Master {
 public:
  Master(Crew& crew, ForkServer& server, const scan::Scan& scan, const RunOptions& options, store::Store& store);
  RunSummary run();

 private:
  RunSummary run_to_end();
  using Clock = std::chrono::steady_clock;
  enum class Mode {
    working,
    draining,  ///< gives out nothing more; what runs may finish, predictions for some seconds
    stopping,  ///< what runs is ended
  };

  void plan();
  RunSummary finish();
  void say_why(const RunSummary& result);
  void look_at_signals();
  void look_at_deadline();
  void look_at_wishes();
  void look_at_predictions();
  void look_at_silence();
  void lose(std::size_t worker);
  void refuse_impossible();
  void hand_out();
  void hand_out_ordinary(double seconds);
  void hand_out_ahead(double seconds);
  double fair_seconds() const;
  std::vector<Job> next_batch(double seconds);
  void give(std::size_t worker, std::vector<Job> jobs, const std::optional<Needs>& large);
  bool finished() const;
  void commit_if_due();
  void commit_now();
  void commit_at_end();
  bool store_now(std::chrono::milliseconds patience);
  double patience_at_end(double end_began) const;
  void drain();
  void stop(std::chrono::milliseconds patience = patience_to_save);
  void begin_to_drain(const std::string& why);
  void save_at_once();
  bool in_haste() const;
  Cut cut(std::uint64_t left) const;
  std::string reason_of(Cut cut) const;
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
  /// An order that is out.
  struct Running {
    std::vector<Job> jobs;
    std::size_t worker = 0;
    std::optional<Needs> large;
    double memory_bytes = 0;  ///< limit of the child
    double expected = 0;      ///< seconds
    std::uint64_t members = 0;
    double started = 0;  ///< seconds after the start of the run
    bool ended = false;  ///< its worker was told to end it
  };
  void receive(const Crew::Answer& answer);
  void take_back(Running& running, const Report& report);
  void book_answers(Running& running, const Report& report);
  void handle_failure(Job job, const Report& report, const Running& running);
  void give_up(const Job& job, const Report& report);
  void end_without_data(const Report& report);
  void note_end(const Running& running, const Report& report);
  void learn_from_running();
  void learn_from_stopped(const Running& running, const Report& report);

  std::map<std::uint64_t, Running> running_;
  std::uint64_t next_ticket_ = 0;
  Mode mode_ = Mode::working;
  bool out_of_time_ = false;  ///< of what waits nothing can be done before the deadline
  std::optional<Deadline> deadline_;
  std::optional<double> signalled_;  ///< when the first signal came, seconds after the start
  std::optional<double> draining_since_, stopping_since_;
  double silence_allowed_ = 10;  ///< seconds in which those who are stopped must report
  double looked_for_wishes_ = 0;
  bool killed_ = false;  ///< whether a fork server was killed
  bool wished_ = false;  ///< by a signal or from outside: to stop
  Clock::time_point start_ = Clock::now(), committed_ = Clock::now();
  std::string commit_error_;
  std::optional<Clock::time_point> held_since_,
      held_said_;  ///< when others held the store first, when that was said last
  void say_held();
  void say_gone(const std::string& text);
  std::string data_lost_;  ///< why the run ends for lack of its data; empty: it does not
  Placement placement_;
  std::vector<Effort> efforts_;     ///< by worker
  std::set<std::size_t> single_;    ///< workers with one ordinary order
  std::set<std::size_t> gone_;      ///< workers who can not compute any more
  std::vector<double> busy_until_;  ///< by worker, as expected
};

}  // namespace fieldscan::campaign
