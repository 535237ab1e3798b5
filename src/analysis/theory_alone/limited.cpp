#include "limited.hpp"

#include <fmt/format.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>

#include "fieldscan/core/error.hpp"

namespace fieldscan::analysis {
namespace {

void write_all(int to, const Bytes& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(to, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) _exit(1);
    done += static_cast<std::size_t>(n);
  }
}

Bytes read_all(int from) {
  Bytes bytes;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return bytes;
    bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + n);
  }
}

/// Counts the time of this process, whose end the signal is.
void limit_processor_time(double seconds) {
  signal(SIGPROF, SIG_DFL);
  const double whole = std::floor(seconds);
  const itimerval timer{
      .it_interval = {},
      .it_value = {.tv_sec = static_cast<time_t>(whole),
                   .tv_usec = std::max<suseconds_t>(static_cast<suseconds_t>(1e6 * (seconds - whole)), 1)}};
  setitimer(ITIMER_PROF, &timer, nullptr);
}

[[noreturn]] void run_child(int to, double seconds, const std::function<Bytes()>& compute) {
  limit_processor_time(seconds);
  try {
    write_all(to, compute());
  } catch (...) {
    _exit(1);
  }
  _exit(0);
}

}  // namespace

std::optional<Bytes> compute_within(double seconds, const std::function<Bytes()>& compute) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw EnvironmentError(fmt::format("no pipe can be made ({})", std::strerror(errno)));
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    run_child(ends[1], seconds, compute);
  }
  const int error = errno;
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    throw EnvironmentError(fmt::format("no process can be made ({})", std::strerror(error)));
  }
  Bytes bytes = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF) return std::nullopt;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return bytes;
  throw EnvironmentError(WIFSIGNALED(status) ? fmt::format("its process was ended by signal {}", WTERMSIG(status))
                                             : std::string("its process ended without a result"));
}

}  // namespace fieldscan::analysis
