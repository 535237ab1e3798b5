#include "fieldscan/campaign/child/fork_server.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "fieldscan/core/error.hpp"
#include "frame.hpp"
#include "server_process.hpp"

namespace fieldscan::campaign {

namespace {

sigset_t waiting_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&set, signal);
  return set;
}

[[noreturn]] void throw_gone(const char* what) {
  throw EnvironmentError(
      fmt::format("{}: the fork server of this process is gone (killed, stopped, or the machine ran out of memory); "
                  "start the program again",
                  what));
}

/// How long the other end of a socket may take nothing, or say nothing, before it counts as gone.
constexpr timeval most_silence{.tv_sec = 20, .tv_usec = 0};

void limit_silence(int socket) {
  for (const int direction : {SO_RCVTIMEO, SO_SNDTIMEO})
    setsockopt(socket, SOL_SOCKET, direction, &most_silence, sizeof most_silence);
}

/// Waits until a child process has ended, so long at most; whether it has.
bool ended_within(pid_t pid, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const pid_t ended = waitpid(pid, nullptr, WNOHANG);
    if (ended == pid || (ended < 0 && errno != EINTR)) return true;
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// Receives the answer to a fork, and the socket that comes with it; −1 where none came.
std::optional<std::pair<Forked, int>> receive_forked(int control) {
  Forked forked;
  iovec content{&forked, sizeof forked};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> ancillary{};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = ancillary.data();
  message.msg_controllen = ancillary.size();
  ssize_t got = 0;
  while ((got = recvmsg(control, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL)) < 0 && errno == EINTR) {
  }
  if (got != sizeof forked) return std::nullopt;
  int socket = -1;
  if (const cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr && header->cmsg_type == SCM_RIGHTS)
    std::memcpy(&socket, CMSG_DATA(header), sizeof socket);
  return std::pair(forked, socket);
}

std::string reason_of(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return fmt::format("killed by signal {} ({}){}", signal, strsignal(signal),
                       signal == SIGKILL ? "; the kernel does that where the machine runs out of memory" : "");
  }
  return fmt::format("ended with exit status {}", WEXITSTATUS(status));
}

}  // namespace

ForkServer::ForkServer(int spares) : ForkServer(compute_handler(), spares) {}

ForkServer::ForkServer(const MakeHandler& make, int spares) {
  const sigset_t waiting = waiting_signals();
  pthread_sigmask(SIG_BLOCK, &waiting, nullptr);
  const Server first = start(make);
  pid_ = first.pid;
  control_ = first.control;
  for (int k = 0; k < spares; ++k) spares_.push_back(start(make));
  signals_ = signalfd(-1, &waiting, SFD_NONBLOCK | SFD_CLOEXEC);
}

/// A server ends when the other end of its socket is closed: those that are made later must not hold it.
ForkServer::Server ForkServer::start(const MakeHandler& make) const {
  std::array<int, 2> sockets{-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
    throw EnvironmentError(fmt::format("can not make a socket ({}); close other programs", std::strerror(errno)));
  std::fflush(nullptr);  // what is in the buffers would be printed by the children again
  const pid_t pid = fork();
  if (pid < 0)
    throw EnvironmentError(fmt::format("can not start a process ({}); close other programs", std::strerror(errno)));
  if (pid == 0) {
    close(sockets[0]);
    if (control_ >= 0) close(control_);
    for (const Server& other : spares_) close(other.control);
    serve(sockets[1], make);
  }
  close(sockets[1]);
  limit_silence(sockets[0]);
  return {.pid = pid, .control = sockets[0]};
}

ForkServer::~ForkServer() {
  spares_.push_back({.pid = pid_, .control = control_});
  const Request quit{.wish = Wish::quit};
  for (const Server& server : spares_)
    if (server.control >= 0) {
      write_all(server.control, &quit, sizeof quit);
      close(server.control);
    }
  if (signals_ >= 0) close(signals_);
  // One that is stopped does not hear; one whose file system is dead does not even die, and is left to init.
  for (const Server& server : spares_) {
    if (ended_within(server.pid, std::chrono::seconds(5))) continue;
    kill(server.pid, SIGKILL);
    ended_within(server.pid, std::chrono::seconds(2));
  }
}

/// The server is gone, or as good as gone: what it says later would be taken for the answer to something else.
void ForkServer::give_up() {
  kill(pid_, SIGKILL);  // its children die with it; the pid is ours until it is waited for
  close(std::exchange(control_, -1));
  if (spares_.empty()) {
    alive_ = false;
    return;
  }
  ended_within(pid_, std::chrono::seconds(2));
  pid_ = spares_.back().pid;
  control_ = spares_.back().control;
  spares_.pop_back();
}

ForkServer::Child ForkServer::fork_child(double memory_bytes) {
  const Request request{.wish = Wish::fork, .pid = 0, .memory_bytes = memory_bytes};
  std::optional<std::pair<Forked, int>> answer;
  while (alive_ && !answer) {
    if (write_all(control_, &request, sizeof request)) answer = receive_forked(control_);
    if (!answer) give_up();
  }
  if (!answer) throw_gone("no compute child can be started");
  const auto& [forked, socket] = *answer;
  if (forked.pid < 0 || socket < 0)
    throw EnvironmentError(
        fmt::format("no compute child can be started ({}); close other programs", std::strerror(forked.error)));
  limit_silence(socket);
  return {.pid = forked.pid, .socket = socket};
}

ForkServer::End ForkServer::end_child(Child& child) {
  if (child.socket >= 0) close(child.socket);
  const Request request{.wish = Wish::end, .pid = std::exchange(child, Child{}).pid, .memory_bytes = 0};
  Ended ended;
  std::string tail;
  const auto told = [&] {
    if (!write_all(control_, &request, sizeof request) || !read_all(control_, &ended, sizeof ended)) return false;
    tail.resize(static_cast<std::size_t>(ended.tail));
    return read_all(control_, tail.data(), tail.size());
  };
  if (alive_ && told()) return {.reason = reason_of(ended.status), .log_tail = std::move(tail)};
  if (alive_) give_up();
  return {.reason = "its fork server is gone", .log_tail = ""};
}

void ForkServer::clean_up_after_mpi() {
  std::ifstream in("/proc/self/maps");
  const std::string maps{std::istreambuf_iterator<char>(in), {}};
  const Request request{.wish = Wish::mind, .pid = static_cast<std::int32_t>(maps.size())};
  const auto tell = [&](int control) {
    if (write_all(control, &request, sizeof request)) write_all(control, maps.data(), maps.size());
  };
  tell(control_);
  for (const Server& spare : spares_) tell(spare.control);
}

ForkServer::Signals ForkServer::signals_since() {
  Signals count;
  for (signalfd_siginfo signal{}; read(signals_, &signal, sizeof signal) == sizeof signal;)
    ++(signal.ssi_signo == SIGUSR1 ? count.gentle : count.urgent);
  return count;
}

}  // namespace fieldscan::campaign
