// Rank 0 and its tasks: what goes out, and what becomes of what comes back.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "../message/flat.hpp"
#include "log.hpp"
#include "master.hpp"

namespace fieldscan::campaign {

namespace {

/// A task is only given out when it is expected to need less than this part of the time that is left.
constexpr double part_of_time_left = 0.7;
/// Tasks travel together up to so many seconds, and so many of them.
constexpr double batch_seconds = 0.2;
constexpr std::size_t batch_tasks = 1000;
/// The memory of a large task may exceed its estimate so far before it is ended.
constexpr double memory_margin = 1.25;

/// A task that runs says something of its kind's cost after so many seconds: before, it may have been the message that
/// took so long.
constexpr double least_to_learn_from = 1;

bool may_go_better(Failure failure) { return failure == Failure::crashed || failure == Failure::out_of_memory; }

std::string label(const Job& job) {
  const auto& members = job.task.members;
  const std::string which = members.size() == 1
                                ? fmt::format("draw {} initialisation {}", members[0].draw, members[0].initialisation)
                                : fmt::format("{} members from draw {} initialisation {}", members.size(),
                                              members[0].draw, members[0].initialisation);
  return fmt::format("{} {} {}", job.kind == store::OwnerKind::point ? "point" : "prediction", job.owner.hex(), which);
}

/// Where it was never started it failed on no host, and at no attempt.
std::string failure_text(const Job& job, const Report& report) {
  return report.host.empty()
             ? fmt::format("{}: {}", label(job), report.reason)
             : fmt::format("{} on {}, attempt {}: {}", label(job), report.host, job.attempt, report.reason);
}

RunLog::Fields fields_of(const Job& job, const Report& report) {
  return {{"owner", json_text(job.owner.hex())},
          {"draw", std::to_string(job.task.members[0].draw)},
          {"initialisation", std::to_string(job.task.members[0].initialisation)},
          {"members", std::to_string(job.task.members.size())},
          {"attempt", std::to_string(job.attempt)},
          {"host", json_text(report.host)},
          {"reason", json_text(report.reason)},
          {"log_tail", json_text(report.log_tail)}};
}

}  // namespace

/// What no node has the memory for fails at once.
void Master::refuse_impossible() {
  const auto impossible = [&](const Needs& needs) { return !placement_.possible(needs); };
  while (const auto job = queue_.take_large(std::numeric_limits<double>::infinity(), impossible))
    give_up(*job, {.failure = Failure::out_of_memory,
                   .host = "",
                   .reason = fmt::format("needs about {:.1f} GB of memory, the largest node has {:.1f} GB",
                                         job->needs.bytes * 1e-9, placement_.largest_memory() * 1e-9),
                   .log_tail = "",
                   .results = {}});
}

void Master::hand_out() {
  out_of_time_ = false;
  if (mode_ != Mode::working || queue_.empty()) return;
  refuse_impossible();
  const double seconds = part_of_time_left * seconds_left();
  for (const std::size_t worker : std::set(crew_.idle())) {
    const auto fits = [&](const Needs& needs) { return placement_.may_start(worker, needs); };
    auto job = queue_.take_large(seconds, fits);
    if (!job) continue;
    const Needs needs{.bytes = std::max(job->needs.bytes, placement_.share(worker)), .threads = job->needs.threads};
    give(worker, {std::move(*job)}, needs);
  }
  hand_out_ordinary(seconds);
  hand_out_ahead(seconds);
  out_of_time_ = !queue_.empty() && crew_.orders_out() == 0 && crew_.size() > 0;
}

void Master::hand_out_ordinary(double seconds) {
  const bool large_waits = queue_.large_waits(seconds);
  for (const std::size_t worker : std::set(crew_.idle())) {
    if (!placement_.may_start_ordinary(worker, large_waits)) continue;
    auto batch = next_batch(seconds);
    if (batch.empty()) return;
    give(worker, std::move(batch), std::nullopt);
  }
}

/// Those who compute one order get the next, as long as so much is left that nobody will miss it at the end.
void Master::hand_out_ahead(double seconds) {
  if (queue_.large_waits(seconds) || queue_.longest() > std::max(batch_seconds, fair_seconds())) return;
  for (const std::size_t worker : std::set(single_)) {
    auto batch = next_batch(seconds - std::max(busy_until_[worker] - this->seconds(), 0.0));
    if (batch.empty()) return;
    give(worker, std::move(batch), std::nullopt);
  }
}

/// A quarter of what is left for each worker: shorter orders than this cost nothing at the end.
double Master::fair_seconds() const {
  return queue_.seconds() / (4 * static_cast<double>(std::max<std::size_t>(crew_.size(), 1)));
}

std::vector<Job> Master::next_batch(double seconds) {
  return queue_.take_batch(seconds, std::min(batch_seconds, fair_seconds()), batch_tasks);
}

void Master::give(std::size_t worker, std::vector<Job> jobs, const std::optional<Needs>& large) {
  Running running{.worker = worker, .large = large, .started = this->seconds()};
  running.memory_bytes =
      large ? std::min(memory_margin * large->bytes, placement_.node_memory(worker)) : placement_.share(worker);
  Order order{.ticket = next_ticket_++, .memory_bytes = running.memory_bytes};
  for (const Job& job : jobs) {
    const double expected = queue_.expected_seconds(job);
    running.expected += expected;
    running.members += job.task.members.size();
    order.tasks.push_back(job.task);
  }
  order.seconds_limit = limit_of(options_, large ? large->threads : 1);
  running.jobs = std::move(jobs);
  if (crew_.orders_of(worker) == 0) placement_.start(worker, large);
  crew_.give(worker, order);
  busy_until_[worker] = std::max(busy_until_[worker], running.started) + running.expected;
  if (crew_.orders_of(worker) == 1 && !large && crew_.can_compute(worker))
    single_.insert(worker);
  else
    single_.erase(worker);
  running_.emplace(order.ticket, std::move(running));
}

bool Master::finished() const {
  if (crew_.orders_out() > 0) return false;
  return queue_.empty() || mode_ != Mode::working || out_of_time_ || crew_.size() == 0;
}

void Master::note_end(const Running& running, const Report& report) {
  const std::size_t worker = running.worker;
  Effort& effort = efforts_[worker];
  effort.busy_seconds += report.seconds;
  effort.last_end = seconds();
  effort.tasks += report.fate == Fate::answered ? running.jobs.size() : 0;
  if (crew_.orders_of(worker) == 0) {
    placement_.end(worker, running.large);
    single_.erase(worker);
    busy_until_[worker] = effort.last_end;
  } else {
    single_.insert(worker);  // nothing large is given ahead
  }
  if (!crew_.can_compute(worker)) single_.erase(worker);
}

void Master::receive(const Crew::Answer& answer) {
  const Report& report = answer.report;
  auto node = running_.extract(report.ticket);
  if (node.empty())
    return log_.warning("unknown_ticket", fmt::format("a report for the unknown ticket {}", report.ticket));
  Running& running = node.mapped();
  note_end(running, report);
  switch (report.fate) {
    case Fate::gone: {
      if (gone_.insert(running.worker).second) {
        const auto text = fmt::format("a worker on {} can not compute any more: {}", report.host, report.reason);
        log_.error("worker_gone", text);
        killed_ = killed_ || report.failure == Failure::crashed;
        display_.insist(text);
      }
      return take_back(running, report);
    }
    case Fate::stopped:
      learn_from_stopped(running, report);
      return take_back(running, report);
    case Fate::failed:
      return take_back(running, report);
    case Fate::answered:
      return book_answers(running, report);
  }
}

/// What takes longer than its estimate is not given up for that: the estimate is wrong, and that of its kind is
/// corrected while it runs.
void Master::learn_from_running() {
  for (const auto& [ticket, running] : running_) {
    if (running.jobs.size() > 1 || crew_.orders_of(running.worker) > 1) continue;
    const Job& job = running.jobs.front();
    const double passed = seconds() - std::max(running.started, efforts_[running.worker].last_end);
    if (passed > least_to_learn_from)
      queue_.note_running(job.cost_kind, {.estimated_seconds = job.estimate, .measured_seconds = passed});
  }
}

/// A task that was stopped after longer than it was expected to take is longer: else the next job would start it in
/// vain as well.
void Master::learn_from_stopped(const Running& running, const Report& report) {
  const Job& job = running.jobs.front();
  if (running.jobs.size() > 1 || job.goes_on || report.seconds <= queue_.expected_seconds(job)) return;
  const store::CostFactor at_least{.estimated_seconds = job.estimate, .measured_seconds = report.seconds};
  queue_.learn(job.cost_kind, at_least);
  queue_.keep(job.cost_kind, at_least);
}

/// Of an order that failed with several tasks nobody knows which one it was: each is tried again alone.
void Master::take_back(Running& running, const Report& report) {
  if (report.fate == Fate::failed && report.failure == Failure::data_lost) {
    end_without_data(report);
    for (Job& job : running.jobs) queue_.add(std::move(job));
    return;
  }
  const bool together = running.jobs.size() > 1;
  if (report.fate == Fate::failed && together)
    log_.warning("retry", fmt::format("an order of {} tasks on {}: {}; they are tried one by one", running.jobs.size(),
                                      report.host, report.reason));
  for (Job& job : running.jobs) {
    if (report.fate == Fate::failed && !together) {
      handle_failure(std::move(job), report, running);
    } else {
      job.alone = report.fate == Fate::failed;
      queue_.add(std::move(job));
    }
  }
}

void Master::book_answers(Running& running, const Report& report) {
  std::size_t booked = 0;
  try {
    const auto answers = decode_answers(report.results);
    if (answers.size() != running.jobs.size()) throw MalformedMessage("the answers are not those of the order");
    for (; booked < answers.size(); ++booked) {
      const Job& job = running.jobs[booked];
      const Report of_task{.seconds = answers[booked].seconds,
                           .host = report.host,
                           .reason = "",
                           .log_tail = "",
                           .results = answers[booked].results};
      ledger_->book_results(job, of_task);
      queue_.learn(job.cost_kind, {.estimated_seconds = job.estimate, .measured_seconds = of_task.seconds});
      queue_.keep(job.cost_kind, {.estimated_seconds = job.estimate, .measured_seconds = answers[booked].used_seconds});
    }
  } catch (const MalformedMessage& error) {
    running.jobs.erase(running.jobs.begin(), running.jobs.begin() + static_cast<std::ptrdiff_t>(booked));
    Report broken = report;
    broken.fate = Fate::failed;
    broken.failure = Failure::crashed;
    broken.reason = error.what();
    take_back(running, broken);
  }
}

/// What runs is stopped, and what is done stays: whoever kept the data in memory has computed from the right ones.
void Master::end_without_data(const Report& report) {
  if (!std::exchange(data_lost_, report.reason).empty()) return;
  log_.error("data_lost", fmt::format("on {}: {}", report.host, report.reason));
  stop();
}

/// A task with several members is tried again member by member, so that one that fails takes no other with it. What ran
/// out of memory is tried again with twice as much, where a node has it.
void Master::handle_failure(Job job, const Report& report, const Running& running) {
  const std::size_t members = job.task.members.size();
  const bool again = may_go_better(report.failure) && job.attempt < options_.attempts;
  if (members == 1 && !again) return give_up(job, report);
  const std::string text = failure_text(job, report);
  log_.warning("retry", text + (members > 1 ? "; its members are tried one by one" : "; tried again"),
               fields_of(job, report));
  Job single = job;
  single.alone = true;
  if (may_go_better(report.failure) && members == 1) ++single.attempt;
  if (report.failure == Failure::out_of_memory)
    single.needs.bytes = std::min(std::max(single.needs.bytes, 2 * running.memory_bytes), placement_.largest_memory());
  single.estimate = job.estimate / static_cast<double>(members);
  for (const auto& member : job.task.members) {
    single.task.members = {member};
    queue_.add(single);
  }
}

void Master::give_up(const Job& job, const Report& report) {
  const std::string text = failure_text(job, report);
  log_.error("failure", text + (report.log_tail.empty() ? "" : "\n" + report.log_tail), fields_of(job, report));
  if (ledger_->counts().failed == 0)
    display_.say(fmt::format("first failure: {}; repeat it alone: fieldscan repeat {} {} --draw {} --init {}", text,
                             options_.directory.string(), job.owner.hex(), job.task.members[0].draw,
                             job.task.members[0].initialisation));
  ledger_->book_failure(job, report);
}

}  // namespace fieldscan::campaign
