#include "worker.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/mpi/communicator.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "../master/bench.hpp"
#include "../message/message.hpp"
#include "fieldscan/core/output.hpp"
#include "hearing.hpp"

namespace fieldscan::campaign {

namespace {

using namespace std::chrono_literals;

double environment_number(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? 0 : std::strtod(value, nullptr);
}

/// The number in a file; 0 where there is none ("max" of a control group without a limit).
double number_in(const std::string& file) {
  std::ifstream in(file);
  double value = 0;
  return in >> value ? value : 0;
}

/// The smallest limit of this process's control group and of those around it; 0 where there is none.
double control_group_limit() {
  double least = number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes");  // of the first version
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("0::/")) continue;
    for (std::filesystem::path group = line.substr(3); !group.empty(); group = group.parent_path()) {
      const double limit = number_in("/sys/fs/cgroup" + group.string() + "/memory.max");
      if (limit > 0) least = least > 0 ? std::min(least, limit) : limit;
      if (group == "/") break;
    }
  }
  return least;
}

std::string silence_text(int rank) {
  return fmt::format(
      "fieldscan: rank {} on {} has heard nothing of rank 0 for {:.0f} minutes (stopped, or its file system does not "
      "answer)",
      rank, host_name(), Hearing::patience / 60);
}

}  // namespace

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

double node_memory() {
  double node = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  const double megabyte = 1024 * 1024;
  for (const double limit :
       {control_group_limit(), environment_number("SLURM_MEM_PER_NODE") * megabyte,
        environment_number("SLURM_MEM_PER_CPU") * environment_number("SLURM_CPUS_ON_NODE") * megabyte})
    if (limit > 0) node = std::min(node, limit);
  return 0.95 * node;
}

Place here() { return {.host = host_name(), .memory_bytes = node_memory()}; }

Farewell work(boost::mpi::communicator& world, ForkServer& server, const Bytes& setup, std::optional<double> deadline) {
  Bench bench(server, setup);
  Mailbox mailbox(world);
  Hearing hearing(deadline);
  const auto start = std::chrono::steady_clock::now();
  const auto now = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  mailbox.send(0, Tag::place, encode(here()));
  for (auto pause = 0us;;) {
    // Rank 0 gets the same signals, and decides; but when mpirun is about to kill everybody there is no time to wait
    // for its word.
    if (server.signals_since().urgent > 0) bench.stop(haste_to_save);
    const auto verdict = hearing.look(now(), bench.busy());
    if (verdict == Hearing::Verdict::leave) {
      bench.stop(patience_to_save);
      say_in_passing(silence_text(world.rank()) + ", and the deadline has passed: this rank ends the run\n");
      return Farewell::unheard;
    }
    if (verdict == Hearing::Verdict::say) say_in_passing(silence_text(world.rank()) + "; this rank goes on waiting\n");
    if (const auto message = mailbox.receive()) {
      pause = 0us;
      hearing.hear(now());
      if (message->tag == Tag::dismiss) break;
      if (message->tag == Tag::order) bench.add(decode_order(message->content));
      if (message->tag == Tag::recall) bench.recall();
      if (message->tag == Tag::stop) bench.stop();
      if (message->tag == Tag::ask) mailbox.send(0, Tag::alive, {});
    } else if (bench.busy()) {
      if (const auto report = bench.poll(10ms)) mailbox.send(0, Tag::report, encode(*report));
    } else {
      std::this_thread::sleep_for(pause);
      pause = std::min(pause + 50us, std::chrono::microseconds(1ms));
    }
  }
  mailbox.send(0, Tag::goodbye, {});
  while (!mailbox.all_sent()) std::this_thread::sleep_for(100us);
  return Farewell::dismissed;
}

}  // namespace fieldscan::campaign
