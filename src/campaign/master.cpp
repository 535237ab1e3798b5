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

namespace {

/// A task is only given out when it is expected to need less than this part of the time that is left.
constexpr double part_of_time_left = 0.7;

bool may_go_better(Failure failure) { return failure == Failure::crashed || failure == Failure::out_of_memory; }

std::string label(const Job& job) {
  const auto& members = job.task.members;
  const std::string which = members.size() == 1
                                ? fmt::format("draw {} initialisation {}", members[0].draw, members[0].initialisation)
                                : fmt::format("{} members from draw {} initialisation {}", members.size(),
                                              members[0].draw, members[0].initialisation);
  return fmt::format("{} {} {}", job.kind == store::OwnerKind::point ? "point" : "prediction", job.owner.hex(), which);
}

}  // namespace

Master::Master(Crew& crew, ForkServer& server, const scan::Scan& scan, const RunOptions& options, store::Store& store)
    : crew_(crew),
      server_(server),
      scan_(scan),
      options_(options),
      store_(store),
      log_(options.directory),
      display_(options.directory, options.quiet),
      workers_at_start_(crew.size()) {
  deadline_ = seconds_to_deadline(options.deadline_seconds);
}

RunSummary Master::run() {
  plan();
  for (;;) {
    look_at_signals();
    look_at_deadline();
    hand_out();
    if (finished()) break;
    if (const auto report = crew_.wait(50ms)) receive(*report);
    commit_if_due();
    display_.update(progress());
  }
  commit_at_end();
  crew_.dismiss();
  const RunSummary result = summary();
  Progress last = progress();
  last.exit_status = result.exit_status();
  last.state = result.left == 0 && result.failed == 0 ? "finished"
               : result.exit_status() == 75           ? "drained"
                                                      : "incomplete";
  display_.finish(last);
  log_.info(fmt::format("{}: {} done, {} already there, {} failed, {} left, after {:.1f} s; exit status {}", last.state,
                        result.done, result.already, result.failed, result.left, result.seconds, last.exit_status));
  return result;
}

void Master::plan() {
  ledger_.emplace(scan_, store_, queue_);
  const auto& counts = ledger_->counts();
  const std::string deadline = deadline_ ? fmt::format(", deadline in {}", duration_text(*deadline_)) : "";
  log_.info(fmt::format(
      "start of '{}' ({}), fieldscan {}: {} of {} already there, {} tasks for {} workers, about {} core seconds{}",
      scan_.name(), options_.file, FIELDSCAN_VERSION, counts.already, counts.wanted, queue_.tasks(), workers_at_start_,
      static_cast<long>(queue_.seconds()), deadline));
  display_.update(progress());
}

void Master::look_at_signals() {
  if (server_.signals_since() == 0) return;
  if (!signalled_) {
    signalled_ = seconds();
    if (mode_ == Mode::working) mode_ = Mode::draining;
    const std::string text =
        fmt::format("signal: draining; {} running tasks finish, the same signal again stops them", crew_.busy());
    log_.info(text);
    display_.say(text);
  } else if (seconds() - *signalled_ > 2) {  // one signal may come by two ways at once
    stop();
  }
}

void Master::look_at_deadline() {
  if (!deadline_ || seconds() < *deadline_ || mode_ == Mode::stopping) return;
  log_.info(fmt::format("deadline: {} running tasks are stopped", crew_.busy()));
  stop();
}

void Master::stop() {
  if (std::exchange(mode_, Mode::stopping) != Mode::stopping) crew_.stop();
}

double Master::seconds_left() const {
  return deadline_ ? *deadline_ - seconds() : std::numeric_limits<double>::infinity();
}

void Master::hand_out() {
  out_of_time_ = false;
  while (mode_ == Mode::working && crew_.has_idle() && !queue_.empty()) {
    auto job = queue_.take(part_of_time_left * seconds_left());
    if (!job) {
      out_of_time_ = true;
      return;
    }
    const double limit = options_.task_seconds_limit > 0
                             ? options_.task_seconds_limit
                             : std::max(600.0, 10 * std::max(job->estimate, queue_.expected_seconds(*job)));
    const std::uint64_t ticket = next_ticket_++;
    crew_.give({.ticket = ticket, .seconds_limit = limit, .task = job->task});
    running_.emplace(ticket, Running{.job = std::move(*job), .started = Clock::now()});
  }
}

bool Master::finished() const {
  if (crew_.busy() > 0) return false;
  return queue_.empty() || mode_ != Mode::working || out_of_time_ || crew_.size() == 0;
}

void Master::receive(const Report& report) {
  auto node = running_.extract(report.ticket);
  if (node.empty()) return log_.warning(fmt::format("a report for the unknown ticket {}", report.ticket));
  Job& job = node.mapped().job;
  busy_seconds_ += report.seconds;
  switch (report.fate) {
    case Fate::stopped:
      return queue_.add(std::move(job));
    case Fate::gone:
      log_.error(fmt::format("a worker on {} can not compute any more: {}", report.host, report.reason));
      display_.say(fmt::format("a worker on {} can not compute any more: {}", report.host, report.reason));
      return queue_.add(std::move(job));
    case Fate::failed:
      return handle_failure(std::move(job), report);
    case Fate::answered:
      break;
  }
  try {
    ledger_->book_results(job, report);
    queue_.learn(job.cost_kind, job.estimate, report.seconds);
  } catch (const MalformedMessage& error) {
    Report broken = report;
    broken.failure = Failure::crashed;
    broken.reason = error.what();
    handle_failure(std::move(job), broken);
  }
}

/// A task with several members is tried again member by member, so that one that fails takes no other with it.
void Master::handle_failure(Job job, const Report& report) {
  const std::string text = fmt::format("{} on {}, attempt {}: {}", label(job), report.host, job.attempt, report.reason);
  const std::size_t members = job.task.members.size();
  if (members == 1 && (!may_go_better(report.failure) || job.attempt >= options_.attempts)) {
    log_.error(text + (report.log_tail.empty() ? "" : "\n" + report.log_tail));
    if (ledger_->counts().failed == 0)
      display_.say(fmt::format("first failure: {}; repeat it alone: fieldscan repeat {} {} --draw {} --init {}", text,
                               options_.directory.string(), job.owner.hex(), job.task.members[0].draw,
                               job.task.members[0].initialisation));
    return ledger_->book_failure(job, report);
  }
  log_.warning(text + (members > 1 ? "; its members are tried one by one" : "; tried again"));
  Job single = job;
  if (may_go_better(report.failure) && members == 1) ++single.attempt;
  single.estimate = job.estimate / static_cast<double>(members);
  for (const auto& member : job.task.members) {
    single.task.members = {member};
    queue_.add(single);
  }
}

void Master::commit_if_due() {
  if (store_.uncommitted() == 0 || Clock::now() - committed_ < 500ms) return;
  committed_ = Clock::now();
  try {
    store_.commit();
    commit_error_.clear();
  } catch (const EnvironmentError& error) {
    if (commit_error_.empty()) {
      log_.error(fmt::format("{}; nothing more is started", error.what()));
      display_.say(error.what());
    }
    commit_error_ = error.what();
    if (mode_ == Mode::working) mode_ = Mode::draining;
  }
}

void Master::commit_at_end() {
  for (int attempt = 1;; ++attempt) {
    try {
      return store_.commit();
    } catch (const EnvironmentError& error) {
      if (attempt == 5) throw;
      log_.error(error.what());
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
  double open = queue_.seconds();
  for (const auto& [ticket, running] : running_) {
    p.running += running.job.task.members.size();
    const double passed = std::chrono::duration<double>(Clock::now() - running.started).count();
    open += std::max(queue_.expected_seconds(running.job) - passed, 0.0);
  }
  p.seconds = seconds();
  p.seconds_left = open / static_cast<double>(std::max<std::size_t>(crew_.size(), 1));
  p.busy_fraction =
      p.seconds > 0 ? std::min(1.0, busy_seconds_ / (p.seconds * static_cast<double>(workers_at_start_))) : 0;
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
          .drained = mode_ != Mode::working || out_of_time_,
          .seconds = now.seconds,
          .busy_fraction = now.busy_fraction};
}

}  // namespace fieldscan::campaign
