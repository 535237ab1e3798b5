#include "crew.hpp"

#include <algorithm>
#include <boost/mpi/communicator.hpp>
#include <thread>
#include <utility>

#include "message.hpp"
#include "worker.hpp"

namespace fieldscan::campaign {

using namespace std::chrono_literals;

Crew::Crew(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup) : world_(world), mailbox_(world) {
  places_ = gather_places(world);
  if (world.size() == 1)
    here_.emplace(server, setup);
  else
    places_.erase(places_.begin());  // rank 0 does not compute
  orders_.assign(places_.size(), 0);
  for (std::size_t worker = 0; worker < places_.size(); ++worker) idle_.insert(worker);
}

Crew::~Crew() { dismiss(); }

void Crew::give(std::size_t worker, const Order& order) {
  idle_.erase(worker);
  ++orders_[worker];
  ++orders_out_;
  if (here_)
    here_->add(order);
  else
    mailbox_.send(static_cast<int>(worker) + 1, Tag::order, encode(order));
}

void Crew::book(std::size_t worker, const Report& report) {
  --orders_[worker];
  --orders_out_;
  if (orders_[worker] > 0) return;
  if (report.fate == Fate::gone)
    ++gone_;
  else
    idle_.insert(worker);
}

std::optional<Crew::Answer> Crew::wait(std::chrono::milliseconds patience) {
  if (!here_) return wait_ranks(patience);
  auto report = here_->poll(patience);
  if (!report) return std::nullopt;
  book(0, *report);
  return Answer{0, std::move(*report)};
}

std::optional<Crew::Answer> Crew::wait_ranks(std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (auto pause = 0us;; pause = std::min(pause + 50us, std::chrono::microseconds(1ms))) {
    if (auto message = mailbox_.receive()) {
      const auto worker = static_cast<std::size_t>(message->source - 1);
      Answer answer{worker, decode_report(message->content)};
      book(worker, answer.report);
      return answer;
    }
    if (std::chrono::steady_clock::now() >= end) return std::nullopt;
    std::this_thread::sleep_for(pause);
  }
}

void Crew::stop() {
  if (here_) return here_->stop();
  tell_busy(Tag::stop);
}

void Crew::recall() {
  if (here_) return here_->recall();
  tell_busy(Tag::recall);
}

void Crew::tell_busy(Tag tag) {
  for (std::size_t worker = 0; worker < orders_.size(); ++worker)
    if (orders_[worker] > 0) mailbox_.send(static_cast<int>(worker) + 1, tag, {});
}

void Crew::dismiss() {
  if (std::exchange(dismissed_, true)) return;
  stop();
  // A rank that is sending a report waits until it is received.
  while (orders_out_ > 0) wait(100ms);
  if (!here_)
    for (int rank = 1; rank < world_.size(); ++rank) mailbox_.send(rank, Tag::dismiss, {});
}

}  // namespace fieldscan::campaign
