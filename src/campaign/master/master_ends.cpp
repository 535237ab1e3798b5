// Rank 0 and the end: signals, the deadline, wishes from outside, and ranks that do not answer.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "fieldscan/campaign/cluster/stop.hpp"
#include "master.hpp"

namespace fieldscan::campaign {

namespace {

/// Asked so many times, once in ten seconds, without an answer, a rank counts as silent: while tasks are handed out,
/// and while what runs may finish.
constexpr int most_asked = 12, most_asked_draining = 6;
/// Seconds that a prediction may go on while the run drains.
constexpr double patience_with_predictions = 10;
/// Seconds in which the ranks must have stopped; and when mpirun is about to kill everybody.
constexpr double grace = 10, grace_in_haste = 0.5;

}  // namespace

void Master::look_at_signals() {
  const auto signals = server_.signals_since();
  if (signals.all() == 0) return;
  wished_ = true;
  if (signals.urgent > 0 && options_.launch == Launch::by_launcher) return save_at_once();
  if (!signalled_) {
    signalled_ = seconds();
    begin_to_drain("signal");
  } else if (seconds() - *signalled_ > 2) {  // one signal may come by two ways at once
    stop();
  }
}

void Master::begin_to_drain(const std::string& why) {
  drain();
  const std::string text = fmt::format(
      "{}: draining; {} workers finish what they compute (predictions within {:.0f} s, or they are ended), the same again "
      "stops them",
      why, crew_.size() - crew_.idle().size(), patience_with_predictions);
  log_.info("signal", text);
  display_.say(text);
}

/// The kill follows within two seconds: what is there is committed first, then whoever can saves the state of what it
/// computes.
void Master::save_at_once() {
  if (in_haste()) return;
  if (!signalled_) signalled_ = seconds();
  log_.info("signal", "signal: saving at once, as mpirun kills soon");
  commit_now();
  silence_allowed_ = grace_in_haste;
  stop(haste_to_save);
  stopping_since_ = seconds();
}

bool Master::in_haste() const { return silence_allowed_ < grace; }

void Master::look_at_wishes() {
  if (seconds() - looked_for_wishes_ < 1) return;
  looked_for_wishes_ = seconds();
  const auto wish = stop_request(options_.directory);
  if (!wish) return;
  forget_stop_request(options_.directory);
  if (mode_ == Mode::working && *wish == StopWish::drain)
    begin_to_drain("asked to stop");
  else
    stop();
  wished_ = true;
  if (!signalled_) signalled_ = seconds();
}

void Master::look_at_deadline() {
  if (!deadline_ || seconds() < deadline_->seconds || mode_ == Mode::stopping) return;
  log_.info("deadline", fmt::format("deadline: {} workers are stopped", crew_.size() - crew_.idle().size()));
  stop();
}

/// A prediction may take hours, and heeds nothing meanwhile: while the run drains it is ended with its child, and
/// computed again by the next run.
void Master::look_at_predictions() {
  if (mode_ != Mode::draining || seconds() - *draining_since_ < patience_with_predictions) return;
  const auto is_prediction = [](const Job& job) { return job.task.kind == scan::Task::Kind::prediction; };
  for (auto& [ticket, running] : running_) {
    if (running.ended || std::ranges::none_of(running.jobs, is_prediction)) continue;
    running.ended = true;
    log_.info(
        "prediction_ended",
        fmt::format("a prediction on {} took longer than {:.0f} s after the wish to stop and is ended; the next run "
                    "computes it again",
                    crew_.places()[running.worker].host, patience_with_predictions));
    crew_.stop_one(running.worker);
  }
}

/// Who does not answer holds nobody up: not past the end of the run, and not while others could do its tasks.
void Master::look_at_silence() {
  const bool grace_is_over = stopping_since_ && seconds() - *stopping_since_ > silence_allowed_;
  const int asked = grace_is_over ? 0 : mode_ == Mode::working ? most_asked : most_asked_draining;
  for (const std::size_t worker : crew_.silent(asked)) lose(worker);
}

void Master::lose(std::size_t worker) {
  std::size_t tasks = 0;
  for (auto at = running_.begin(); at != running_.end();) {
    if (at->second.worker != worker) {
      ++at;
      continue;
    }
    auto node = running_.extract(at++);
    if (tasks == 0) placement_.end(worker, node.mapped().large);
    tasks += node.mapped().jobs.size();
    take_back(node.mapped(), {.fate = Fate::stopped, .host = "", .reason = "", .log_tail = "", .results = {}});
  }
  single_.erase(worker);
  crew_.leave_behind(worker);
  const std::string text = fmt::format(
      "rank {} on {} does not answer (stopped, or its node or its file system is dead): {} tasks are taken back",
      worker + 1, crew_.places()[worker].host, tasks);
  log_.error("silent", text);
  if (!in_haste()) display_.insist(text);
}

void Master::drain() {
  if (mode_ != Mode::working) return;
  mode_ = Mode::draining;
  draining_since_ = seconds();
  crew_.recall();
}

void Master::stop(std::chrono::milliseconds patience) {
  if (std::exchange(mode_, Mode::stopping) == Mode::stopping) return;
  stopping_since_ = seconds();
  crew_.stop(patience);
}

double Master::seconds_left() const {
  return deadline_ ? deadline_->seconds - seconds() : std::numeric_limits<double>::infinity();
}

/// Submitting again is of use where this run got on, was cut by a wish, or had its processes killed; not where it had
/// time, or hands, for nothing at all: then a job that requeues itself would go round for ever.
Cut Master::cut(std::uint64_t left) const {
  if (left == 0) return Cut::none;
  if (crew_.size() == 0) return ledger_->counts().done > 0 || killed_ ? Cut::in_good_order : Cut::no_use;
  if (mode_ == Mode::working && !out_of_time_) return Cut::none;
  return next_ticket_ > 0 || wished_ || !commit_error_.empty() ? Cut::in_good_order : Cut::no_use;
}

std::string Master::reason_of(Cut cut) const {
  if (crew_.size() == 0)
    return "nobody is left who can compute: see above, and " + (options_.directory / "run.log").string();
  if (!deadline_ || cut != Cut::no_use) return "";
  if (deadline_->seconds <= 0)
    return fmt::format("nothing was started: the deadline has passed already ({}); {}", deadline_->source,
                       deadline_->source == "--deadline"
                           ? "give it more time"
                           : "unset that variable outside of its job, or give --deadline");
  return fmt::format(
      "nothing was started: the shortest of what waits takes about {}, and {} were left until the deadline ({}); give "
      "each job more time",
      duration_text(queue_.shortest()), duration_text(deadline_->seconds), deadline_->source);
}

}  // namespace fieldscan::campaign
