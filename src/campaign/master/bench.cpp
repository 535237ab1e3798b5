#include "bench.hpp"

#include <thread>
#include <utility>

#include "../worker/worker.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::campaign {

namespace {

Report report_without_answer(const Order& order, Fate fate, std::string reason = "", double seconds = 0) {
  return {.ticket = order.ticket,
          .fate = fate,
          .failure = Failure::none,
          .seconds = seconds,
          .host = host_name(),
          .reason = std::move(reason),
          .log_tail = "",
          .results = {}};
}

Report report_of(const Order& order, Compute::Answer answer) {
  return {.ticket = order.ticket,
          .fate = answer.success() ? Fate::answered : Fate::failed,
          .failure = answer.failure,
          .seconds = answer.seconds,
          .host = host_name(),
          .reason = std::move(answer.reason),
          .log_tail = std::move(answer.log_tail),
          .results = std::move(answer.bytes)};
}

}  // namespace

/// Crashed: the fork server was killed, and one that is started again goes on. Else no process could be had at all.
Report Bench::report_of_gone(const Order& order, std::string reason) const {
  Report report = report_without_answer(order, Fate::gone, std::move(reason));
  if (!compute_.server_alive()) report.failure = Failure::crashed;
  return report;
}

void Bench::add(Order order) {
  waiting_.push_back(std::move(order));
  if (!current_) begin_next();
}

void Bench::begin_next() {
  if (waiting_.empty()) return;
  Order order = std::move(waiting_.front());
  waiting_.pop_front();
  try {
    compute_.limit_memory(order.memory_bytes);
    compute_.start(encode(order.tasks), order.seconds_limit);
    current_ = std::move(order);
  } catch (const EnvironmentError& error) {
    ready_.push_back(report_of_gone(order, error.what()));
    for (const Order& other : std::exchange(waiting_, {})) ready_.push_back(report_of_gone(other, error.what()));
  }
}

std::optional<Report> Bench::poll(std::chrono::milliseconds patience) {
  if (!ready_.empty()) {
    Report report = std::move(ready_.front());
    ready_.pop_front();
    return report;
  }
  if (!current_) {
    std::this_thread::sleep_for(patience);
    return std::nullopt;
  }
  auto answer = compute_.poll(patience);
  if (!answer) return std::nullopt;
  Report report = report_of(*std::exchange(current_, std::nullopt), std::move(*answer));
  // A child that died with its server says nothing against its task.
  if (report.failure == Failure::crashed && !compute_.server_alive()) report.fate = Fate::gone;
  begin_next();
  return report;
}

void Bench::stop(std::chrono::milliseconds patience) {
  if (current_) {
    const double seconds = compute_.seconds_running();
    auto answer = compute_.stop(patience);
    const Order order = *std::exchange(current_, std::nullopt);
    ready_.push_back(answer ? report_of(order, std::move(*answer))
                            : report_without_answer(order, Fate::stopped, "", seconds));
  }
  recall();
}

void Bench::recall() {
  for (const Order& order : std::exchange(waiting_, {})) ready_.push_back(report_without_answer(order, Fate::stopped));
}

}  // namespace fieldscan::campaign
