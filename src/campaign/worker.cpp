#include "worker.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "fieldscan/core/error.hpp"
#include "message.hpp"

namespace fieldscan::campaign {

namespace {

using namespace std::chrono_literals;

double environment_number(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? 0 : std::strtod(value, nullptr);
}

/// The number in a file; 0 where there is none ("max" of a control group without a limit).
double number_in(const char* file) {
  std::ifstream in(file);
  double value = 0;
  return in >> value ? value : 0;
}

/// What one worker does between messages.
class Worker {
 public:
  Worker(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup)
      : world_(world), server_(server), compute_(server, setup, memory_per_child()) {}

  void run() {
    auto pause = 0us;
    for (;;) {
      server_.signals_since();  // rank 0 gets the same signals, and decides
      if (const auto message = receive_message(world_)) {
        pause = 0us;
        if (message->tag == Tag::dismiss) return;
        if (message->tag == Tag::order) begin(decode_order(message->content));
        if (message->tag == Tag::stop && compute_.busy()) stop();
      } else if (compute_.busy()) {
        if (auto answer = compute_.poll(10ms)) send(report_of(ticket_, std::move(*answer)));
      } else {
        std::this_thread::sleep_for(pause);
        pause = std::min(pause + 50us, std::chrono::microseconds(1ms));
      }
    }
  }

 private:
  void begin(const Order& order) {
    ticket_ = order.ticket;
    try {
      compute_.start(encode(order.task), order.seconds_limit);
    } catch (const EnvironmentError& error) {
      send({.ticket = ticket_,
            .fate = Fate::gone,
            .host = host_name(),
            .reason = error.what(),
            .log_tail = "",
            .results = {}});
    }
  }
  void stop() {
    compute_.stop(patience_to_save);
    send({.ticket = ticket_, .fate = Fate::stopped, .host = host_name(), .reason = "", .log_tail = "", .results = {}});
  }
  void send(const Report& report) { send_message(world_, 0, Tag::report, encode(report)); }

  boost::mpi::communicator& world_;
  ForkServer& server_;
  Compute compute_;
  std::uint64_t ticket_ = 0;
};

}  // namespace

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

double memory_per_child() {
  double node = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  for (const double limit :
       {number_in("/sys/fs/cgroup/memory.max"), number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        environment_number("SLURM_MEM_PER_NODE") * 1024 * 1024})
    if (limit > 0) node = std::min(node, limit);
  const double ranks =
      std::max({1.0, environment_number("OMPI_COMM_WORLD_LOCAL_SIZE"), environment_number("SLURM_NTASKS_PER_NODE")});
  return 0.95 * node / ranks;
}

Report report_of(std::uint64_t ticket, Compute::Answer answer) {
  return {.ticket = ticket,
          .fate = answer.success() ? Fate::answered : Fate::failed,
          .failure = answer.failure,
          .seconds = answer.seconds,
          .host = host_name(),
          .reason = std::move(answer.reason),
          .log_tail = std::move(answer.log_tail),
          .results = std::move(answer.bytes)};
}

void work(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup) {
  Worker(world, server, setup).run();
}

}  // namespace fieldscan::campaign
