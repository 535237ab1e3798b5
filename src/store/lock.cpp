#include "lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "fieldscan/core/error.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::store {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string first_line(const char* file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// Field 22 of /proc/PID/stat; 0 where there is no such process. The name in field 2 may hold spaces: count from its
/// bracket.
std::uint64_t start_time_of(pid_t pid) {
  const std::string line = first_line(fmt::format("/proc/{}/stat", pid).c_str());
  const auto bracket = line.rfind(')');
  if (bracket == std::string::npos) return 0;
  std::istringstream rest(line.substr(bracket + 1));
  std::string word, state;
  rest >> state;
  if (state == "Z") return 0;  // dead, not yet reaped
  for (int field = 4; field <= 22; ++field) rest >> word;
  return rest ? std::strtoull(word.c_str(), nullptr, 10) : 0;
}

/// Whether Slurm says that a job is over; false where it can not be asked.
bool job_is_over(const std::string& job) {
  if (job.find_first_not_of("0123456789_") != std::string::npos) return false;
  std::FILE* pipe = popen(fmt::format("squeue -h -j {} -o %T 2>&1", job).c_str(), "r");
  if (pipe == nullptr) return false;
  std::string answer;
  std::array<char, 256> buffer;
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) answer += buffer.data();
  const int status = pclose(pipe);
  return (status == 0 && answer.empty()) || answer.find("Invalid job id") != std::string::npos;
}

std::string read_all(int descriptor) {
  std::array<char, 1024> buffer{};
  const ssize_t n = pread(descriptor, buffer.data(), buffer.size(), 0);
  return n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : "";
}

[[noreturn]] void throw_held(const std::filesystem::path& file, const std::string& content) {
  const auto holder = Holder::parse(content);
  const std::string who = holder ? fmt::format("process {} on {}{}", holder->pid, holder->host,
                                               holder->job.empty() ? "" : ", Slurm job " + holder->job)
                                 : "another process";
  throw Busy(fmt::format(
      "{} already writes to {} (one run directory has one writer); wait for it or choose another --out. If that "
      "process is certainly gone, remove {}",
      who, file.parent_path().string(), file.string()));
}

bool same_file(int descriptor, const std::filesystem::path& file) {
  struct stat mine {
  }, there{};
  return fstat(descriptor, &mine) == 0 && lstat(file.c_str(), &there) == 0 && mine.st_dev == there.st_dev &&
         mine.st_ino == there.st_ino;
}

/// Opens the file itself, never what a symbolic link leads to, nor a pipe, on which one would wait.
int open_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  const int error = errno;
  struct stat about {};
  if (descriptor >= 0 && fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode)) return descriptor;
  if (descriptor >= 0) close(descriptor);
  if (descriptor >= 0 || error == ELOOP)
    throw EnvironmentError(fmt::format("{} is no ordinary file but a link, pipe or device; remove it", file.string()));
  throw EnvironmentError(fmt::format("can not write {} ({}); choose a directory that can be written", file.string(),
                                     std::strerror(error)));
}

/// Opens the file, with the kernel's lock where the file system has one; throws Busy where another process holds that.
int open_locked(const std::filesystem::path& file) {
  for (;;) {
    const int descriptor = open_file(file);
    const bool locked = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (!locked && errno == EWOULDBLOCK) {
      const std::string content = read_all(descriptor);
      close(descriptor);
      throw_held(file, content);
    }
    // The former holder may have removed the file between open and lock: then this is the lock of a file nobody sees.
    if (same_file(descriptor, file)) return descriptor;
    close(descriptor);
  }
}

}  // namespace

std::string Holder::text() const {
  return fmt::format("host {}\npid {}\nstart {}\nboot {}\njob {}\nrestart {}\ncommits {:020}\n", host, pid, start_time,
                     boot, job, restart, commits);
}

std::optional<Holder> Holder::parse(const std::string& text) {
  Holder holder;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto space = line.find(' ');
    const std::string key = line.substr(0, space), value = space == std::string::npos ? "" : line.substr(space + 1);
    if (key == "host") holder.host = value;
    if (key == "pid") holder.pid = static_cast<pid_t>(std::strtol(value.c_str(), nullptr, 10));
    if (key == "start") holder.start_time = std::strtoull(value.c_str(), nullptr, 10);
    if (key == "boot") holder.boot = value;
    if (key == "job") holder.job = value;
    if (key == "restart") holder.restart = value;
    if (key == "commits") holder.commits = std::strtoll(value.c_str(), nullptr, 10);
  }
  if (holder.host.empty() || holder.pid <= 0) return std::nullopt;
  return holder;
}

Holder Holder::self() { return of(getpid()); }

Holder Holder::of(pid_t pid) {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return {.host = name.data(),
          .boot = first_line("/proc/sys/kernel/random/boot_id"),
          .pid = pid,
          .start_time = start_time_of(pid),
          .job = environment("SLURM_JOB_ID"),
          .restart = environment("SLURM_RESTART_COUNT")};
}

bool may_be_alive(const Holder& holder) {
  const Holder self = Holder::self();
  if (holder.host == self.host) {
    if (holder.boot != self.boot) return false;
    return start_time_of(holder.pid) == holder.start_time && holder.start_time != 0;
  }
  if (holder.job.empty()) return true;
  if (holder.job == self.job) return holder.restart == self.restart;
  return !job_is_over(holder.job);
}

WriterLock::WriterLock(const std::filesystem::path& file) : file_(file), descriptor_(open_locked(file)) {
  const std::string content = read_all(descriptor_);
  const auto holder = Holder::parse(content);
  if (holder && may_be_alive(*holder)) {
    close(descriptor_);
    throw_held(file, content);
  }
  if (holder) commits_ = holder->commits;
  left_open_ = !content.empty();
  try {
    write_holder();
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

void WriterLock::write_holder() const {
  Holder self = Holder::self();
  self.commits = commits_;
  const std::string own = self.text();
  if (ftruncate(descriptor_, 0) != 0 ||
      pwrite(descriptor_, own.data(), own.size(), 0) != static_cast<ssize_t>(own.size()) || fsync(descriptor_) != 0)
    throw EnvironmentError(fmt::format("can not write {} ({}); free space or choose another directory", file_.string(),
                                       std::strerror(errno)));
}

void WriterLock::mark(std::int64_t commits) {
  commits_ = commits;
  Holder self = Holder::self();
  self.commits = commits;
  const std::string own = self.text();
  // Always as long, in one call: whoever reads meanwhile sees the one or the other. A disk that is full has room for
  // what is there.
  [[maybe_unused]] const ssize_t written = pwrite(descriptor_, own.data(), own.size(), 0);
}

std::int64_t marked_commits(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return 0;
  const auto holder = Holder::parse(read_all(descriptor));
  close(descriptor);
  return holder ? holder->commits : 0;
}

bool WriterLock::in_place() const { return same_file(descriptor_, file_); }

void WriterLock::keep() {
  if (in_place()) return;
  struct stat there {};
  if (lstat(file_.c_str(), &there) == 0)
    throw Gone(fmt::format(
        "{} was replaced: another run writes to this directory as well, so this one stops; what it has stored stays",
        file_.string()));
  const int descriptor = open_locked(file_);
  close(std::exchange(descriptor_, descriptor));
  write_holder();
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      left_open_(other.left_open_),
      commits_(other.commits_) {}

WriterLock::~WriterLock() {
  if (descriptor_ < 0) return;
  std::error_code ignored;
  if (in_place()) std::filesystem::remove(file_, ignored);  // else it is another run's
  close(descriptor_);
}

}  // namespace fieldscan::store
