#include "fieldscan/core/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/printable.hpp"

namespace fieldscan {

namespace {

[[noreturn]] void throw_unwritable(const std::filesystem::path& path, int error) {
  throw EnvironmentError(fmt::format("{} can not be written ({}); free space, or choose a place that can be written",
                                     path.string(), std::strerror(error)));
}

/// Writes everything; 0, or the error. A close can fail as well: network file systems say there what did not fit.
int write_and_close(int descriptor, std::string_view content) {
  int error = 0;
  while (error == 0 && !content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written > 0)
      content.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      error = errno;
  }
  if (::close(descriptor) != 0 && error == 0 && errno != EINTR) error = errno;
  return error;
}

/// Whether stdout is a pipe that nobody reads any more.
bool reader_left() {
  pollfd out{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

}  // namespace

void prepare_output() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) [[maybe_unused]]
      const int lowest = open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

void print(std::string_view text) { print_exactly(printable(text)); }

void print_exactly(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::optional<std::string> output_failure() {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  const int error = errno;
  if (flushed && std::ferror(stdout) == 0) return std::nullopt;
  if (error == 0 && reader_left()) return std::strerror(EPIPE);  // at an earlier write
  return error != 0 ? std::strerror(error) : "a write failed";
}

void say(std::string_view text) {
  const std::string safe = printable(text);
  std::fwrite(safe.data(), 1, safe.size(), stderr);
  std::fflush(stderr);
  std::clearerr(stderr);
}

void say_in_passing(std::string_view text) {
  while (!text.empty()) {
    pollfd there{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    if (poll(&there, 1, 0) != 1 || there.revents != POLLOUT) return;
    const ssize_t written = ::write(STDERR_FILENO, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  const std::string beside = path.string() + ".new";
  ::unlink(beside.c_str());
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor < 0) throw_unwritable(path, errno);
  int error = write_and_close(descriptor, content);
  if (error == 0 && std::rename(beside.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return;
  ::unlink(beside.c_str());
  throw_unwritable(path, error);
}

void make_directory(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return;
  const int error = errno;
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0) throw_unwritable(path, error);
  if (S_ISLNK(there.st_mode))
    throw EnvironmentError(fmt::format(
        "{} is a symbolic link: nothing is written where it leads; remove it, or name that place itself with --out",
        path.string()));
  if (!S_ISDIR(there.st_mode)) throw_unwritable(path, ENOTDIR);
}

}  // namespace fieldscan
