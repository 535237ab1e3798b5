#include "fieldscan/store/writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

#include "lock.hpp"

namespace fieldscan::store {

namespace {

/// Whether a process is stopped, and its parent; none where there is no such process.
struct ProcessState {
  bool stopped = false;
  pid_t parent = 0;
};
ProcessState state_of(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(in, line);
  const auto bracket = line.rfind(')');  // the name before it may hold anything
  if (bracket == std::string::npos) return {};
  std::istringstream rest(line.substr(bracket + 1));
  char letter = ' ';
  pid_t parent = 0;
  rest >> letter >> parent;
  return {.stopped = letter == 'T' || letter == 't', .parent = parent};
}

/// The writer itself, or its parent.
std::string stopped_of(pid_t pid) {
  const ProcessState own = state_of(pid);
  if (own.stopped) return fmt::format("process {}", pid);
  if (own.parent > 1 && state_of(own.parent).stopped) return fmt::format("process {}, which started it,", own.parent);
  return "";
}

}  // namespace

Writer writer_of(const std::filesystem::path& directory) {
  const int descriptor = open((directory / "lock").c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return {};
  std::array<char, 1024> buffer{};
  const ssize_t got = read(descriptor, buffer.data(), buffer.size());
  close(descriptor);
  const auto holder = Holder::parse(got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : "");
  if (!holder) return {.state = Writer::State::unknown, .who = "a process that has not said its name yet"};
  Writer writer{.who = fmt::format("process {} on {}{}", holder->pid, holder->host,
                                   holder->job.empty() ? "" : ", Slurm job " + holder->job)};
  if (!may_be_alive(*holder))
    writer.state = Writer::State::dead;
  else
    writer.state =
        holder->host == Holder::self().host || !holder->job.empty() ? Writer::State::alive : Writer::State::unknown;
  if (writer.state == Writer::State::alive && holder->host == Holder::self().host)
    writer.stopped = stopped_of(holder->pid);
  return writer;
}

}  // namespace fieldscan::store
