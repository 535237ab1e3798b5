#include "crew.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/mpi/communicator.hpp>
#include <thread>
#include <utility>

#include "../message/encode.hpp"
#include "../message/message.hpp"
#include "../worker/worker.hpp"

namespace fieldscan::campaign {

using namespace std::chrono_literals;

Crew::Crew(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup) : world_(world), mailbox_(world) {
  // Rank 0 does not compute where there are others.
  places_.assign(static_cast<std::size_t>(std::max(world.size() - 1, 1)), here());
  if (world.size() == 1) here_.emplace(server, setup);
  workers_.resize(places_.size());
  for (std::size_t worker = 0; worker < places_.size(); ++worker) idle_.insert(worker);
  if (!here_) wait_for_word(2min);
}

Crew::~Crew() { dismiss(); }

/// Until all have said where they are, or goodbye; who has not in time is left behind.
void Crew::wait_for_word(std::chrono::milliseconds patience) {
  const auto waited_for = [](const Worker& worker) { return worker.waited_for && !worker.left_behind; };
  for (const auto end = Clock::now() + patience; Clock::now() < end && std::ranges::any_of(workers_, waited_for);)
    wait_ranks(10ms);
  for (std::size_t worker = 0; worker < workers_.size(); ++worker)
    if (workers_[worker].waited_for) leave_behind(worker);
}

std::size_t Crew::size() const {
  std::size_t able = 0;
  for (std::size_t worker = 0; worker < workers_.size(); ++worker) able += can_compute(worker) ? 1 : 0;
  return able;
}

std::size_t Crew::orders_out() const {
  std::size_t orders = 0;
  for (const Worker& worker : workers_) orders += worker.left_behind ? 0 : worker.orders;
  return orders;
}

void Crew::give(std::size_t worker, const Order& order) {
  idle_.erase(worker);
  if (workers_[worker].orders++ == 0) workers_[worker].unanswered = 0;
  if (here_)
    here_->add(order);
  else
    mailbox_.send(static_cast<int>(worker) + 1, Tag::order, encode(order));
}

void Crew::book(std::size_t worker, const Report& report) {
  Worker& one = workers_[worker];
  one.gone = one.gone || report.fate == Fate::gone;
  if (one.orders > 0) --one.orders;
  if (one.orders == 0 && !one.gone) idle_.insert(worker);
}

std::optional<Crew::Answer> Crew::wait(std::chrono::milliseconds patience) {
  if (!here_) return wait_ranks(patience);
  auto report = here_->poll(patience);
  if (!report) return std::nullopt;
  book(0, *report);
  return Answer{0, std::move(*report)};
}

std::optional<Crew::Answer> Crew::wait_ranks(std::chrono::milliseconds patience) {
  const auto end = Clock::now() + patience;
  for (auto pause = 0us;; pause = std::min(pause + 50us, std::chrono::microseconds(1ms))) {
    ask_if_due();
    if (auto message = mailbox_.receive()) {
      if (auto answer = hear(*message)) return answer;
      continue;
    }
    if (Clock::now() >= end) return std::nullopt;
    std::this_thread::sleep_for(pause);
  }
}

/// Whoever speaks is there again.
std::optional<Crew::Answer> Crew::hear(const Message& message) {
  const auto worker = static_cast<std::size_t>(message.source - 1);
  Worker& one = workers_[worker];
  one.unanswered = 0;
  one.left_behind = false;
  if (message.tag == Tag::place) places_[worker] = decode_place(message.content);
  if (message.tag == Tag::place || message.tag == Tag::goodbye) one.waited_for = false;
  if (one.orders == 0 && !one.gone) idle_.insert(worker);
  if (message.tag != Tag::report) return std::nullopt;
  Answer answer{worker, decode_report(message.content)};
  book(worker, answer.report);
  return answer;
}

void Crew::ask_if_due() {
  if (Clock::now() - asked_ < 10s) return;
  asked_ = Clock::now();
  tell_busy(Tag::ask);
  for (Worker& worker : workers_) worker.unanswered += worker.orders > 0 ? 1 : 0;
}

std::vector<std::size_t> Crew::silent(int times) const {
  std::vector<std::size_t> found;
  if (here_) return found;
  for (std::size_t worker = 0; worker < workers_.size(); ++worker)
    if (workers_[worker].orders > 0 && !workers_[worker].left_behind && workers_[worker].unanswered >= times)
      found.push_back(worker);
  return found;
}

void Crew::leave_behind(std::size_t worker) {
  workers_[worker].left_behind = true;
  idle_.erase(worker);
}

std::vector<std::string> Crew::left_behind() const {
  std::vector<std::string> names;
  for (std::size_t worker = 0; worker < workers_.size(); ++worker)
    if (workers_[worker].left_behind) names.push_back(fmt::format("rank {} on {}", worker + 1, places_[worker].host));
  return names;
}

void Crew::stop(std::chrono::milliseconds patience) {
  if (here_) return here_->stop(patience);
  tell_busy(Tag::stop);
}

void Crew::stop_one(std::size_t worker) {
  if (here_) return here_->stop();
  if (!workers_[worker].left_behind) mailbox_.send(static_cast<int>(worker) + 1, Tag::stop, {});
}

void Crew::recall() {
  if (here_) return here_->recall();
  tell_busy(Tag::recall);
}

void Crew::tell_busy(Tag tag) {
  for (std::size_t worker = 0; worker < workers_.size(); ++worker)
    if (workers_[worker].orders > 0 && !workers_[worker].left_behind)
      mailbox_.send(static_cast<int>(worker) + 1, tag, {});
}

void Crew::dismiss(std::chrono::milliseconds patience) {
  if (std::exchange(dismissed_, true)) return;
  if (orders_out() > 0) stop();
  // A rank that is sending a report goes on when it is received.
  for (const auto end = Clock::now() + patience; orders_out() > 0 && Clock::now() < end;) wait(100ms);
  for (const std::size_t worker : silent(0)) leave_behind(worker);
  if (here_) return;
  for (int rank = 1; rank < world_.size(); ++rank) mailbox_.send(rank, Tag::dismiss, {});
  for (Worker& worker : workers_) worker.waited_for = true;
  wait_for_word(patience);
}

}  // namespace fieldscan::campaign
