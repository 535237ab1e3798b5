#include "server_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

#include "frame.hpp"
#include "leftovers.hpp"

namespace fieldscan::campaign {

namespace {

constexpr std::size_t tail_bytes = 4000;

/// A living child, as the server sees it.
struct Kid {
  pid_t pid = -1;
  int log = -1;      ///< read end of its stdout and stderr
  std::string tail;  ///< the end of what it printed
};

/// Reads what a child printed and keeps the end of it; false at the end of the stream.
bool drain(Kid& kid) {
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = read(kid.log, buffer.data(), buffer.size());
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    kid.tail.append(buffer.data(), static_cast<std::size_t>(got));
    if (kid.tail.size() > tail_bytes) kid.tail.erase(0, kid.tail.size() - tail_bytes);
  }
}

/// The private memory that this process has reserved already (a sanitizer reserves terabytes).
double reserved_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmData:") {
      double kilobytes = 0;
      status >> kilobytes;
      return kilobytes * 1024;
    }
  return 0;
}

/// No core files, the first to go where the node runs out of memory, and a limit on private memory.
void limit_child(double memory_bytes) {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  std::ofstream("/proc/self/oom_score_adj") << "1000";
  if (memory_bytes > 0) {
    const auto most = static_cast<rlim_t>(reserved_bytes() + memory_bytes);
    const rlimit memory{most, most};
    setrlimit(RLIMIT_DATA, &memory);
  }
}

bool send_with_socket(int control, const Forked& forked, int socket) {
  iovec content{const_cast<Forked*>(&forked), sizeof forked};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> ancillary{};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  if (socket >= 0) {
    message.msg_control = ancillary.data();
    message.msg_controllen = ancillary.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &socket, sizeof socket);
  }
  return sendmsg(control, &message, MSG_NOSIGNAL) == sizeof forked;
}

class Server {
 public:
  Server(int control, const MakeHandler& make) : control_(control), make_(make) {}

  /// Serves until the other end of the control socket is closed, which the death of that process does as well; then the
  /// children die.
  void run() {
    while (step()) {
    }
    for (Kid& kid : kids_) kill(kid.pid, SIGKILL);
    // An mpirun that is alive when its rank ends in good order removes what is its own.
    remove_leftovers(leftovers_, std::chrono::milliseconds(in_good_order_ ? 0 : 2000));
  }

 private:
  bool step() {
    std::vector<pollfd> sources{{.fd = control_, .events = POLLIN, .revents = 0}};
    for (const Kid& kid : kids_) sources.push_back({.fd = kid.log, .events = POLLIN, .revents = 0});
    if (poll(sources.data(), sources.size(), -1) < 0) return errno == EINTR;
    for (std::size_t k = 0; k < kids_.size(); ++k)
      if (sources[k + 1].revents != 0 && !drain(kids_[k]))
        close(std::exchange(kids_[k].log, -1));  // poll passes over −1
    if (sources[0].revents == 0) return true;
    Request request;
    if (!read_all(control_, &request, sizeof request)) return false;
    switch (request.wish) {
      case Wish::fork:
        return fork_child(request.memory_bytes);
      case Wish::end:
        return end_child(request.pid);
      case Wish::mind:
        return keep_in_mind(static_cast<std::size_t>(request.pid));
      case Wish::quit:
        in_good_order_ = true;
        return true;
    }
    return false;
  }

  bool keep_in_mind(std::size_t size) {
    std::string maps(size, '\0');
    if (!read_all(control_, maps.data(), size)) return false;
    leftovers_ = find_leftovers(maps);
    return true;
  }

  bool fork_child(double memory_bytes) {
    std::array<int, 2> sockets{-1, -1}, log{-1, -1};
    pid_t pid = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) == 0 && pipe2(log.data(), O_CLOEXEC) == 0)
      pid = fork();
    const int error = errno;
    if (pid == 0) be_child(sockets, log, memory_bytes);
    for (const int descriptor : {sockets[1], log[1]})
      if (descriptor >= 0) close(descriptor);
    const bool told = send_with_socket(control_, {.pid = pid, .error = pid < 0 ? error : 0}, pid < 0 ? -1 : sockets[0]);
    if (sockets[0] >= 0) close(sockets[0]);
    if (pid < 0) {
      if (log[0] >= 0) close(log[0]);
    } else {
      fcntl(log[0], F_SETFL, O_NONBLOCK);
      kids_.push_back({.pid = pid, .log = log[0], .tail = ""});
    }
    return told;
  }

  [[noreturn]] void be_child(const std::array<int, 2>& sockets, const std::array<int, 2>& log, double memory_bytes) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != self_) _exit(1);  // the server died before the line above
    close(control_);
    close(sockets[0]);
    for (const Kid& kid : kids_)
      if (kid.log >= 0) close(kid.log);
    dup2(log[1], STDOUT_FILENO);
    dup2(log[1], STDERR_FILENO);
    close(log[0]);
    close(log[1]);
    limit_child(memory_bytes);
    compute(sockets[1], make_);
  }

  bool end_child(pid_t pid) {
    Ended ended;
    std::string tail;
    for (auto kid = kids_.begin(); kid != kids_.end(); ++kid) {
      if (kid->pid != pid) continue;
      kill(pid, SIGKILL);  // nothing to a child that has ended of itself: its status stays what it was
      while (waitpid(pid, &ended.status, 0) < 0 && errno == EINTR) {
      }
      if (kid->log >= 0) {
        drain(*kid);
        close(kid->log);
      }
      tail = std::move(kid->tail);
      kids_.erase(kid);
      break;
    }
    ended.tail = static_cast<std::int32_t>(tail.size());
    return write_all(control_, &ended, sizeof ended) && write_all(control_, tail.data(), tail.size());
  }

  const pid_t self_ = getpid();
  int control_;
  const MakeHandler& make_;
  std::vector<Kid> kids_;
  Leftovers leftovers_;
  bool in_good_order_ = false;
};

}  // namespace

void serve(int control, const MakeHandler& make) {
  Server(control, make).run();
  _exit(0);
}

}  // namespace fieldscan::campaign
