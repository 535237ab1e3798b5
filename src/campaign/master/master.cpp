#include "master.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <utility>

#include "../message/flat.hpp"
#include "fieldscan/campaign/cluster/stop.hpp"
#include "fieldscan/core/build.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra_library.hpp"
#include "fieldscan/core/shell.hpp"

namespace fieldscan::campaign {

using namespace std::chrono_literals;

namespace {

/// Seconds that a run without a deadline waits at its end for a store that others hold.
constexpr double most_patience = 600;

}  // namespace

Master::Master(Crew& crew, ForkServer& server, const scan::Scan& scan, const RunOptions& options, store::Store& store)
    : crew_(crew),
      server_(server),
      scan_(scan),
      options_(options),
      store_(store),
      log_(options.directory),
      display_(options.directory, options.quiet),
      placement_(crew.places()),
      efforts_(crew.places().size()),
      busy_until_(crew.places().size(), 0.0) {
  queue_.separate([this](const Needs& needs) { return placement_.large(needs); });
  deadline_ = find_deadline(options.deadline_seconds);
}

/// What ends a run before its time is the last word of its log.
RunSummary Master::run() {
  try {
    return run_to_end();
  } catch (const store::Gone&) {
    throw;  // said
  } catch (const std::exception& error) {
    log_.error("broken", error.what());
    throw;
  }
}

RunSummary Master::run_to_end() {
  plan();
  for (;;) {
    look_at_signals();
    look_at_deadline();
    look_at_wishes();
    look_at_predictions();
    look_at_silence();
    learn_from_running();
    hand_out();
    if (finished()) break;
    if (const auto answer = crew_.wait(50ms)) receive(*answer);
    commit_if_due();
    display_.update(progress());
  }
  commit_at_end();
  const auto patience = std::chrono::milliseconds(static_cast<long>(1000 * silence_allowed_));
  if (!in_haste()) crew_.dismiss(patience);
  const RunSummary result = finish();
  crew_.dismiss(patience);
  if (!data_lost_.empty()) throw data::DataLost(data_lost_);
  return result;
}

/// The last words: to the terminal, to status.json and to the log.
RunSummary Master::finish() {
  const RunSummary result = summary();
  Progress last = progress();
  last.exit_status = data_lost_.empty() ? result.exit_status() : 1;
  last.done = result.done;
  last.state = result.left == 0 && result.failed == 0 ? "finished" : last.exit_status == 75 ? "drained" : "incomplete";
  if (store_.uncommitted() > 0) {
    const std::string text = fmt::format("{} results are not stored: {}; the next run computes them again",
                                         store_.uncommitted(), store_.holders());
    log_.error("not_stored", text);
    display_.say(text);
  }
  display_.finish(last);
  const Utilisation used = utilisation(efforts_, result.seconds);
  std::string text =
      fmt::format("{}: {} done, {} already there, {} failed, {} left, after {:.1f} s; exit status {}", last.state,
                  result.done, result.already, result.failed, result.left, result.seconds, last.exit_status);
  if (result.done > 0) {
    display_.say(utilisation_text(used));
    text += "; " + utilisation_text(used);
  }
  const std::string unsound = unsound_text(ledger_->counts());
  if (!unsound.empty()) log_.warning("unsound", unsound);
  log_.info("end", text,
            {{"done", std::to_string(result.done)},
             {"failed", std::to_string(result.failed)},
             {"left", std::to_string(result.left)},
             {"seconds", fmt::format("{:.3f}", result.seconds)},
             {"exit_status", std::to_string(last.exit_status)},
             {"busy_fraction", fmt::format("{:.4f}", used.busy_fraction)},
             {"tail_core_seconds", fmt::format("{:.3f}", used.tail_seconds)},
             {"workers", utilisation_json(efforts_, crew_.places())}});
  say_why(result);
  return result;
}

/// Why not everything is there, or nothing of use is, and what to do: the last lines.
void Master::say_why(const RunSummary& result) {
  const std::string reason = result.left > 0 ? reason_of(result.cut) : no_results_text(ledger_->counts());
  if (!reason.empty()) {
    log_.warning("why", reason);
    display_.insist(reason);
  }
  if (const auto silent = crew_.left_behind(); !silent.empty() && !in_haste())
    display_.insist(
        fmt::format("{} can not be waited for: MPI is aborted; what is done is saved", fmt::join(silent, ", ")));
  const std::string directory = shell_word(options_.directory.string());
  if (result.exit_status() == 75) display_.insist("stopped; go on with: " + options_.again);
  // Where nothing is sound it was said already.
  if (const std::string unsound = unsound_text(ledger_->counts()); !unsound.empty() && reason.empty())
    display_.say("not all is sound: " + unsound);
  if (result.exit_status() == 0)
    display_.say(fmt::format("next: fieldscan test {0}, and fieldscan report {0}", directory));
  if (result.exit_status() == 4)
    display_.say(fmt::format("next: fieldscan points {0} says of which points, fieldscan report {0} why", directory));
}

void Master::plan() {
  for (const auto& [kind, cost] : store_.costs()) {  // earlier runs count half
    const store::CostFactor half{.estimated_seconds = cost.estimated_seconds / 2,
                                 .measured_seconds = cost.measured_seconds / 2};
    queue_.learn(kind, half);
    queue_.keep(kind, half);
  }
  ledger_.emplace(scan_, store_, queue_);
  const auto& counts = ledger_->counts();
  const std::string deadline = deadline_ ? fmt::format(", deadline in {}", duration_text(deadline_->seconds)) : "";
  forget_stop_request(options_.directory);  // of a former run
  const std::string text = fmt::format(
      "start of '{}' ({}), fieldscan {}: {} of {} already there, {} tasks for {} workers, about {} core seconds{}",
      scan_.name(), options_.file, build::version(), counts.already, counts.wanted, queue_.tasks(), crew_.size(),
      static_cast<long>(queue_.seconds()), deadline);
  log_.info("start", text,
            {{"already", std::to_string(counts.already)},
             {"wanted", std::to_string(counts.wanted)},
             {"tasks", std::to_string(queue_.tasks())},
             {"workers", std::to_string(crew_.size())},
             {"core_seconds", fmt::format("{:.6g}", queue_.seconds())}});
  if (const std::string lost = store_.lost(); !lost.empty()) {
    log_.error("commits_lost", lost);
    display_.insist(lost);
  }
  log_.info("linear_algebra", linear_algebra_library());
  if (const std::string slow = slow_linear_algebra(); !slow.empty()) {
    log_.info("slow", slow);
    display_.insist(slow);
  }
  for (const auto& file : scan_.data_files())
    log_.info("data", data::describe(*file),
              {{"content", json_text(file->content)}, {"place", json_text(file->place)}});
  for (const std::string& rank : crew_.left_behind()) {
    const std::string silent = rank + " (or another host) does not answer; the run goes on without it";
    log_.error("silent", silent);
    display_.insist(silent);
  }
  display_.say(fmt::format("start of {}: {}, about {} on {} worker{}, writing to {}", scan_.name(),
                           queue_.tasks() == 1 ? "1 task" : fmt::format("{} tasks", queue_.tasks()),
                           duration_text(std::ceil(progress().seconds_left)), crew_.size(),
                           crew_.size() == 1 ? "" : "s", options_.directory.string()));
  display_.update(progress());
}

/// Commits what was put; false where others hold the store, which is said now and then: the results stay for a later
/// commit.
bool Master::store_now(std::chrono::milliseconds patience) {
  try {
    if (store_.try_commit(patience) == store::Commit::done) {
      held_since_.reset();
      held_said_.reset();
      return true;
    }
  } catch (const store::Gone& error) {
    say_gone(error.what());
    throw;
  }
  say_held();
  return false;
}

/// Readers that come and go are not worth a word.
void Master::say_held() {
  const auto now = Clock::now();
  if (!held_since_) held_since_ = now;
  if (now - *held_since_ < 2s || (held_said_ && now - *held_said_ < 1min)) return;
  held_said_ = now;
  const std::string text = fmt::format("{}; {} results wait to be stored", store_.holders(), store_.uncommitted());
  log_.warning("store_held", text);
  display_.say(text);
}

/// The last words of a run whose store is gone, where its directory is there again.
void Master::say_gone(const std::string& text) {
  log_.error("store_gone", text);
  Progress last = progress();
  last.state = "broken";
  last.exit_status = 1;
  display_.finish(last);
}

void Master::commit_if_due() {
  // With nothing to commit it is only looked at whether the store is still in its place.
  if (Clock::now() - committed_ >= (store_.uncommitted() > 0 ? 500ms : 5s)) commit_now();
}

void Master::commit_now() {
  try {
    if (store_.uncommitted() > 0 && commit_error_.empty()) store_.put_costs(queue_.kept());
    store_now(held_since_ ? 1s : 250ms);
    commit_error_.clear();
  } catch (const store::Gone&) {
    throw;
  } catch (const EnvironmentError& error) {
    if (commit_error_.empty()) {
      log_.error("commit_failed", fmt::format("{}; nothing more is started", error.what()));
      display_.say(error.what());
    }
    commit_error_ = error.what();
    drain();
  }
  committed_ = Clock::now();
}

/// How many seconds after the start of the run it is no use any more to wait for a store that others hold.
double Master::patience_at_end(double end_began) const {
  const double deadline = deadline_ ? deadline_->seconds : std::numeric_limits<double>::infinity();
  return signalled_ ? std::min(deadline, std::max(*signalled_, end_began)) + 10 : deadline + 10;
}

/// What can not be stored before the end is left to the next run.
void Master::commit_at_end() {
  const double began = seconds();
  if (next_ticket_ > 0) store_.put_costs(queue_.kept());
  for (int attempt = 1;; ++attempt) {
    try {
      while (!store_now(1s)) {
        look_at_signals();
        look_at_deadline();
        if (seconds() > patience_at_end(began)) return;
        if (seconds() - began > most_patience) throw store::Busy(store_.holders());
      }
      return;
    } catch (const store::Gone&) {
      throw;
    } catch (const EnvironmentError& error) {
      if (attempt == 5) throw;
      log_.error("commit_failed", error.what());
      std::this_thread::sleep_for(1s);
    }
  }
}

Progress Master::progress() const {
  const auto& counts = ledger_->counts();
  Progress p;
  p.state = mode_ == Mode::working ? "running" : mode_ == Mode::draining ? "draining" : "stopping";
  p.wanted = counts.wanted;
  p.already = counts.already;
  p.done = counts.done;
  p.failed = counts.failed;
  p.results_not_done = counts.results_not_done;
  p.workers = crew_.size();
  p.seconds = seconds();
  const double done = queue_.seconds_done();
  double open = queue_.seconds(), longest = 0;
  for (const auto& [ticket, running] : running_) {
    p.running += running.members;
    const double passed = p.seconds - running.started;
    const double left = std::max(running.expected - passed, 0.1 * passed);  // what is late will be later still
    open += left;
    longest = std::max(longest, left);
  }
  p.seconds_left = std::max(open / static_cast<double>(std::max<std::size_t>(crew_.size(), 1)), longest);
  p.work_done = done > 0 || open > 0 ? done / (done + open) : 1;
  p.busy_fraction = utilisation(efforts_, p.seconds).busy_fraction;
  return p;
}

RunSummary Master::summary() const {
  const auto& counts = ledger_->counts();
  const Progress now = progress();
  const auto lost = std::min<std::uint64_t>(counts.done, store_.uncommitted());
  const auto left = counts.left() + lost;
  return {.done = counts.done - lost,
          .already = counts.already,
          .results_not_done = counts.results_not_done,
          .failed = counts.failed,
          .left = left,
          .cut = cut(left),
          .without_result = left == 0 && !no_results_text(counts).empty(),
          .seconds = now.seconds,
          .busy_fraction = now.busy_fraction};
}

}  // namespace fieldscan::campaign
