#include "crew.hpp"

#include <algorithm>
#include <boost/mpi/communicator.hpp>
#include <thread>
#include <utility>

#include "fieldscan/core/error.hpp"
#include "message.hpp"
#include "worker.hpp"

namespace fieldscan::campaign {

using namespace std::chrono_literals;

Crew::Crew(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup) : world_(world) {
  if (world.size() == 1) {
    here_.emplace(server, setup, memory_per_child());
    idle_.insert(0);
  }
  for (int rank = 1; rank < world.size(); ++rank) idle_.insert(rank);
}

Crew::~Crew() { dismiss(); }

void Crew::give(const Order& order) {
  const int who = *idle_.begin();
  idle_.erase(who);
  busy_.insert(who);
  if (!here_) return send_message(world_, who, Tag::order, encode(order));
  ticket_here_ = order.ticket;
  try {
    here_->start(encode(order.task), order.seconds_limit);
  } catch (const EnvironmentError& error) {
    at_once_ = Report{.ticket = order.ticket,
                      .fate = Fate::gone,
                      .host = host_name(),
                      .reason = error.what(),
                      .log_tail = "",
                      .results = {}};
  }
}

std::optional<Report> Crew::wait(std::chrono::milliseconds patience) {
  return here_ ? wait_here(patience) : wait_ranks(patience);
}

std::optional<Report> Crew::wait_here(std::chrono::milliseconds patience) {
  std::optional<Report> report = std::exchange(at_once_, std::nullopt);
  if (!report && busy_.empty()) {
    std::this_thread::sleep_for(patience);
    return std::nullopt;
  }
  if (!report)
    if (auto answer = here_->poll(patience)) report = report_of(ticket_here_, std::move(*answer));
  if (report) {
    busy_.clear();
    if (report->fate != Fate::gone) idle_.insert(0);
  }
  return report;
}

std::optional<Report> Crew::wait_ranks(std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (auto pause = 0us;; pause = std::min(pause + 50us, std::chrono::microseconds(1ms))) {
    if (auto message = receive_message(world_)) {
      Report report = decode_report(message->content);
      busy_.erase(message->source);
      if (report.fate != Fate::gone) idle_.insert(message->source);
      return report;
    }
    if (std::chrono::steady_clock::now() >= end) return std::nullopt;
    std::this_thread::sleep_for(pause);
  }
}

void Crew::stop() {
  if (here_ && !busy_.empty() && !at_once_) {
    here_->stop(patience_to_save);
    at_once_ = Report{.ticket = ticket_here_,
                      .fate = Fate::stopped,
                      .host = host_name(),
                      .reason = "",
                      .log_tail = "",
                      .results = {}};
  }
  if (!here_)
    for (const int rank : busy_) send_message(world_, rank, Tag::stop, {});
}

void Crew::dismiss() {
  if (std::exchange(dismissed_, true)) return;
  stop();
  // A rank that is sending a report waits until it is received.
  while (busy() > 0) wait(100ms);
  if (!here_)
    for (int rank = 1; rank < world_.size(); ++rank) send_message(world_, rank, Tag::dismiss, {});
}

}  // namespace fieldscan::campaign
