#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include "../child/frame.hpp"
#include "../child/server_process.hpp"
#include "fieldscan/campaign/child/fork_server.hpp"

namespace fieldscan::campaign {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Without a time limit a child counts as hung after so many seconds in which it got less than a hundredth of them of
/// processor time.
constexpr double hung_after = 600;

/// A child is looked at so often.
constexpr std::chrono::milliseconds look{50};

/// The processor time of a process with all its threads, in seconds; 0 where it is gone.
double processor_seconds(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

}  // namespace

Compute::Compute(ForkServer& server, Bytes setup, double memory_bytes)
    : server_(server), setup_(std::move(setup)), memory_bytes_(memory_bytes) {}

Compute::~Compute() { stop(); }

void Compute::limit_memory(double bytes) {
  if (bytes == memory_bytes_) return;
  stop();
  memory_bytes_ = bytes;
}

void Compute::start(const Bytes& request, double seconds) {
  // An idle child may have been killed since its last answer: then a fresh one gets the request.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const bool fresh = child_.pid < 0;
    if (fresh) child_ = server_.fork_child(memory_bytes_);
    incoming_.clear();
    if ((!fresh || write_frame(child_.socket, frame_setup, setup_)) &&
        write_frame(child_.socket, frame_request, request))
      break;
    if (attempt == 0) server_.end_child(child_);
  }
  busy_ = true;
  limit_ = seconds;
  started_ = Clock::now();
  processor_before_ = processor_seconds(child_.pid);
  marked_at_ = processor_at_mark_ = looked_at_ = 0;
}

double Compute::seconds_running() const { return busy_ ? seconds_since(started_) : 0; }

/// Why the request has had its time; nothing while it has not. Without a limit only one that does nothing at all is
/// ended.
std::string Compute::out_of_time() {
  const double patience = limit_ > 0 ? limit_ : hung_after;
  const double passed = seconds_since(started_), used = processor_seconds(child_.pid) - processor_before_;
  if (limit_ > 0 && used >= limit_)
    return fmt::format("took longer than its limit of {:.3g} s of processor time; see --task-limit", limit_);
  // Where this process has not looked for long it was stopped itself, perhaps with its child: that time says nothing.
  const double since_look = passed - std::exchange(looked_at_, passed);
  if (since_look > 5) marked_at_ += since_look;
  if (used - processor_at_mark_ >= 0.01 * patience) {
    marked_at_ = passed;
    processor_at_mark_ = used;
  }
  if (passed - marked_at_ < patience) return "";
  return fmt::format("hung: hardly any processor time for {:.3g} s{}; see --task-limit", patience,
                     limit_ > 0 ? ", its limit" : "");
}

std::optional<Compute::Answer> Compute::poll(std::chrono::milliseconds patience) {
  if (!busy_) return std::nullopt;
  const auto end = Clock::now() + patience;
  for (;;) {
    if (auto answer = complete_answer()) return answer;
    auto wait = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    if (auto reason = out_of_time(); !reason.empty()) return replace_child(Failure::out_of_time, std::move(reason));
    wait = std::min(wait, look);
    pollfd source{.fd = child_.socket, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&source, 1, static_cast<int>(std::max<long>(wait.count(), 0)));
    if (ready > 0 && !receive()) return replace_child(Failure::crashed, "");
    if (ready == 0 && Clock::now() >= end) return std::nullopt;
  }
}

/// Takes what has arrived; false where the child is gone.
bool Compute::receive() {
  std::array<char, 1 << 16> buffer;
  const ssize_t got = recv(child_.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0) incoming_.insert(incoming_.end(), buffer.data(), buffer.data() + got);
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

std::optional<Compute::Answer> Compute::complete_answer() {
  auto frame = take_frame(incoming_);
  if (!frame) return std::nullopt;
  if (frame->kind == frame_answer) {
    Answer whole = answer(Failure::none, "");
    whole.bytes = std::move(frame->content);
    return whole;
  }
  // After an exception the child may hold half of something: it is replaced.
  if (frame->kind == frame_memory)
    return replace_child(
        Failure::out_of_memory,
        fmt::format("ran out of memory{}",
                    memory_bytes_ > 0
                        ? fmt::format(" (its limit is {:.2f} GB; start fewer ranks per node)", memory_bytes_ * 1e-9)
                        : ""));
  const Failure failure = frame->kind == frame_data ? Failure::data_lost : Failure::exception;
  return replace_child(failure, std::string(frame->content.begin(), frame->content.end()));
}

Compute::Answer Compute::answer(Failure failure, std::string reason) {
  busy_ = false;
  return {
      .failure = failure, .bytes = {}, .reason = std::move(reason), .log_tail = "", .seconds = seconds_since(started_)};
}

/// The failure, with what the child printed last; an empty reason means: how it ended.
Compute::Answer Compute::replace_child(Failure failure, std::string reason) {
  ForkServer::End end = server_.end_child(child_);
  Answer failed = answer(failure, reason.empty() ? std::move(end.reason) : std::move(reason));
  failed.log_tail = std::move(end.log_tail);
  return failed;
}

std::optional<Compute::Answer> Compute::stop(std::chrono::milliseconds patience) {
  std::optional<Answer> last;
  if (busy_ && patience.count() > 0 && kill(child_.pid, SIGUSR2) == 0) last = poll(patience);
  busy_ = false;
  if (child_.pid >= 0) server_.end_child(child_);
  return last && last->success() ? std::move(last) : std::nullopt;
}

}  // namespace fieldscan::campaign
