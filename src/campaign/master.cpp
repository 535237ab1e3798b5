#include "master.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <thread>
#include <utility>

#include "deadline.hpp"
#include "fieldscan/core/error.hpp"
#include "flat.hpp"

namespace fieldscan::campaign {

using namespace std::chrono_literals;

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
  deadline_ = seconds_to_deadline(options.deadline_seconds);
}

RunSummary Master::run() {
  plan();
  for (;;) {
    look_at_signals();
    look_at_deadline();
    hand_out();
    if (finished()) break;
    if (const auto answer = crew_.wait(50ms)) receive(*answer);
    commit_if_due();
    display_.update(progress());
  }
  commit_at_end();
  crew_.dismiss();
  return finish();
}

/// The last words: to the terminal, to status.json and to the log.
RunSummary Master::finish() {
  const RunSummary result = summary();
  Progress last = progress();
  last.exit_status = result.exit_status();
  last.state = result.left == 0 && result.failed == 0 ? "finished"
               : result.exit_status() == 75           ? "drained"
                                                      : "incomplete";
  display_.finish(last);
  const Utilisation used = utilisation(efforts_, result.seconds);
  std::string text =
      fmt::format("{}: {} done, {} already there, {} failed, {} left, after {:.1f} s; exit status {}", last.state,
                  result.done, result.already, result.failed, result.left, result.seconds, last.exit_status);
  if (result.all_without()) {
    const std::string nothing = fmt::format(
        "nothing was measured: all {} networks diverged or ended in a numerical error; `fieldscan status` counts them, "
        "the "
        "report has the reasons",
        result.replicas);
    display_.say(nothing);
    text += "; " + nothing;
  }
  if (result.done > 0) {
    display_.say(utilisation_text(used));
    text += "; " + utilisation_text(used);
  }
  log_.info("end", text,
            {{"done", std::to_string(result.done)},
             {"failed", std::to_string(result.failed)},
             {"left", std::to_string(result.left)},
             {"seconds", fmt::format("{:.3f}", result.seconds)},
             {"exit_status", std::to_string(last.exit_status)},
             {"busy_fraction", fmt::format("{:.4f}", used.busy_fraction)},
             {"tail_core_seconds", fmt::format("{:.3f}", used.tail_seconds)},
             {"workers", utilisation_json(efforts_, crew_.places())}});
  return result;
}

void Master::plan() {
  for (const auto& [kind, cost] : store_.costs())  // earlier runs count half
    queue_.learn(kind,
                 {.estimated_seconds = cost.estimated_seconds / 2, .measured_seconds = cost.measured_seconds / 2});
  ledger_.emplace(scan_, store_, queue_);
  const auto& counts = ledger_->counts();
  const std::string deadline = deadline_ ? fmt::format(", deadline in {}", duration_text(*deadline_)) : "";
  const std::string text = fmt::format(
      "start of '{}' ({}), fieldscan {}: {} of {} already there, {} tasks for {} workers, about {} core seconds{}",
      scan_.name(), options_.file, FIELDSCAN_VERSION, counts.already, counts.wanted, queue_.tasks(), crew_.size(),
      static_cast<long>(queue_.seconds()), deadline);
  log_.info("start", text,
            {{"already", std::to_string(counts.already)},
             {"wanted", std::to_string(counts.wanted)},
             {"tasks", std::to_string(queue_.tasks())},
             {"workers", std::to_string(crew_.size())},
             {"core_seconds", fmt::format("{:.6g}", queue_.seconds())}});
  display_.update(progress());
}

void Master::look_at_signals() {
  if (server_.signals_since() == 0) return;
  if (!signalled_) {
    signalled_ = seconds();
    drain();
    const std::string text =
        fmt::format("signal: draining; {} workers finish what they compute, the same signal again stops them",
                    crew_.size() - crew_.idle().size());
    log_.info("signal", text);
    display_.say(text);
  } else if (seconds() - *signalled_ > 2) {  // one signal may come by two ways at once
    stop();
  }
}

void Master::look_at_deadline() {
  if (!deadline_ || seconds() < *deadline_ || mode_ == Mode::stopping) return;
  log_.info("deadline", fmt::format("deadline: {} workers are stopped", crew_.size() - crew_.idle().size()));
  stop();
}

void Master::drain() {
  if (mode_ != Mode::working) return;
  mode_ = Mode::draining;
  crew_.recall();
}

void Master::stop() {
  if (std::exchange(mode_, Mode::stopping) != Mode::stopping) crew_.stop();
}

double Master::seconds_left() const {
  return deadline_ ? *deadline_ - seconds() : std::numeric_limits<double>::infinity();
}

void Master::commit_if_due() {
  if (store_.uncommitted() == 0 || Clock::now() - committed_ < 500ms) return;
  committed_ = Clock::now();
  try {
    if (commit_error_.empty()) store_.put_costs(queue_.learned());
    store_.commit();
    commit_error_.clear();
  } catch (const EnvironmentError& error) {
    if (commit_error_.empty()) {
      log_.error("commit_failed", fmt::format("{}; nothing more is started", error.what()));
      display_.say(error.what());
    }
    commit_error_ = error.what();
    drain();
  }
}

void Master::commit_at_end() {
  for (int attempt = 1;; ++attempt) {
    try {
      return store_.commit();
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
  double open = queue_.seconds();
  for (const auto& [ticket, running] : running_) {
    p.running += running.members;
    open += std::max(running.expected - (p.seconds - running.started), 0.0);
  }
  p.seconds_left = open / static_cast<double>(std::max<std::size_t>(crew_.size(), 1));
  p.busy_fraction = utilisation(efforts_, p.seconds).busy_fraction;
  return p;
}

RunSummary Master::summary() const {
  const auto& counts = ledger_->counts();
  const Progress now = progress();
  return {.done = counts.done,
          .already = counts.already,
          .results_not_done = counts.results_not_done,
          .failed = counts.failed,
          .left = counts.left(),
          .replicas = counts.replicas,
          .without = counts.without,
          .drained = mode_ != Mode::working || out_of_time_,
          .seconds = now.seconds,
          .busy_fraction = now.busy_fraction};
}

}  // namespace fieldscan::campaign
