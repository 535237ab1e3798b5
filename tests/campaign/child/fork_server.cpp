#include "fieldscan/campaign/child/fork_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <new>
#include <stdexcept>
#include <thread>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;
using namespace std::chrono_literals;

namespace {

Bytes bytes(const std::string& text) { return Bytes(text.begin(), text.end()); }
std::string text(const Bytes& bytes) { return std::string(bytes.begin(), bytes.end()); }

double processor_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}
void burn(double seconds) {
  const double end = processor_seconds() + seconds;
  while (processor_seconds() < end) {
  }
}

/// A handler with one way to fail per word; everything else comes back, behind the setup.
Handler make_faulty(const Bytes& setup) {
  if (text(setup) == "no handler") throw std::runtime_error("the setup is bad");
  return [setup](const Bytes& request) -> Bytes {
    const std::string what = text(request);
    if (what == "abort") {
      std::fprintf(stderr, "about to abort\n");
      std::abort();
    }
    if (what == "kill") kill(getpid(), SIGKILL);
    if (what == "exit") _exit(3);
    if (what == "throw") throw std::runtime_error("bad point");
    if (what == "throw int") throw 1;
    if (what == "bad_alloc") throw std::bad_alloc();
    if (what == "eat") {
      std::vector<std::unique_ptr<char[]>> blocks;
      for (;;) {
        blocks.push_back(std::make_unique<char[]>(16 << 20));
        for (int i = 0; i < 16 << 20; i += 4096) blocks.back()[i] = 1;
      }
    }
    if (what == "sleep") std::this_thread::sleep_for(1h);
    if (what == "burn") burn(1e9);
    if (what == "doze")  // busy now and then, as on a machine that others use
      for (int i = 0; i < 8; ++i) {
        std::this_thread::sleep_for(60ms);
        burn(0.01);
      }
    if (what == "chatter") {
      for (int i = 0; i < 20000; ++i) std::printf("line %d\n", i);
      std::fflush(stdout);
      std::abort();
    }
    if (what == "pid") return bytes(std::to_string(getpid()));
    if (what == "much") return Bytes(10 << 20, 'x');
    return bytes(text(setup) + what);
  };
}

struct Fixture {
  ForkServer server{make_faulty};
  Compute compute{server, bytes("setup "), 0};

  Compute::Answer ask(const std::string& request, double limit = 60) {
    compute.start(bytes(request), limit);
    for (;;)
      if (auto answer = compute.poll(50ms)) return *answer;
  }
  void check_alive() {
    const auto answer = ask("hello");
    CHECK(answer.success());
    CHECK(text(answer.bytes) == "setup hello");
  }
};

bool exists(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  return std::getline(stat, line) && line.substr(line.rfind(')') + 2, 1) != "Z";
}
bool ends_soon(pid_t pid) {
  for (int i = 0; i < 200 && exists(pid); ++i) std::this_thread::sleep_for(10ms);
  return !exists(pid);
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a request becomes an answer, by the same child", "[fork]") {
  const auto first = ask("pid"), second = ask("pid");
  CHECK(text(first.bytes) == text(second.bytes));
  CHECK(text(first.bytes) == std::to_string(compute.child_pid()));
  CHECK(ask("much").bytes == Bytes(10 << 20, 'x'));
  check_alive();
}

TEST_CASE_METHOD(Fixture, "a crash is an answer, and the next request is served", "[fork]") {
  const auto abort = ask("abort");
  CHECK(abort.failure == Failure::crashed);
  CHECK(abort.reason.find("signal 6") != std::string::npos);
  CHECK(abort.log_tail.find("about to abort") != std::string::npos);
  check_alive();
  CHECK(ask("exit").reason.find("exit status 3") != std::string::npos);
  check_alive();
  const auto killed = ask("kill");
  CHECK(killed.failure == Failure::crashed);
  CHECK(killed.reason.find("signal 9") != std::string::npos);
  check_alive();
}

TEST_CASE_METHOD(Fixture, "exceptions are failures with their text", "[fork]") {
  const auto thrown = ask("throw");
  CHECK(thrown.failure == Failure::exception);
  CHECK(thrown.reason == "bad point");
  check_alive();
  CHECK(ask("throw int").failure == Failure::exception);
  CHECK(ask("bad_alloc").failure == Failure::out_of_memory);
  check_alive();
}

TEST_CASE("a setup that fails is the answer to every request", "[fork]") {
  ForkServer server(make_faulty);
  Compute compute(server, bytes("no handler"), 0);
  for (int i = 0; i < 2; ++i) {
    compute.start(bytes("hello"), 60);
    std::optional<Compute::Answer> answer;
    while (!(answer = compute.poll(50ms))) {
    }
    CHECK(answer->failure == Failure::exception);
    CHECK(answer->reason == "the setup is bad");
  }
}

TEST_CASE_METHOD(Fixture, "a hang ends at its time limit", "[fork]") {
  const auto answer = ask("sleep", 0.2);
  CHECK(answer.failure == Failure::out_of_time);
  CHECK(answer.seconds >= 0.2);
  CHECK(answer.seconds < 20);
  CHECK(answer.reason.find("0.2 s") != std::string::npos);
  check_alive();
}

TEST_CASE_METHOD(Fixture, "the time limit is one of processor time", "[fork]") {
  const auto burnt = ask("burn", 0.2);
  CHECK(burnt.failure == Failure::out_of_time);
  CHECK(burnt.reason.find("0.2 s of processor time") != std::string::npos);
  const auto dozed = ask("doze", 0.4);
  CHECK(dozed.success());
  CHECK(dozed.seconds > 0.4);
  check_alive();
}

TEST_CASE_METHOD(Fixture, "without a time limit a task takes as long as it takes", "[fork]") {
  CHECK(ask("doze", 0).success());
  compute.start(bytes("burn"), 0);
  CHECK_FALSE(compute.poll(400ms).has_value());  // it works: nothing says that it is too long
  compute.stop();
  check_alive();
}

TEST_CASE_METHOD(Fixture, "a stopped child is one that hangs", "[fork]") {
  const pid_t pid = static_cast<pid_t>(std::stol(text(ask("pid").bytes)));
  kill(pid, SIGSTOP);
  CHECK(ask("hello", 0.3).failure == Failure::out_of_time);
  check_alive();
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("memory beyond the limit is a failure of its own", "[fork]") {
  ForkServer server(make_faulty);
  Compute compute(server, bytes(""), 200e6);
  compute.start(bytes("eat"), 60);
  std::optional<Compute::Answer> answer;
  while (!(answer = compute.poll(50ms))) {
  }
  CHECK(answer->failure == Failure::out_of_memory);
  CHECK(answer->reason.find("0.20 GB") != std::string::npos);
  compute.start(bytes("hello"), 60);
  while (!(answer = compute.poll(50ms))) {
  }
  CHECK(answer->success());
}
#endif

TEST_CASE_METHOD(Fixture, "what a child prints is kept to its end, and never blocks it", "[fork]") {
  const auto answer = ask("chatter");
  CHECK(answer.failure == Failure::crashed);
  CHECK(answer.log_tail.size() <= 4000);
  CHECK(answer.log_tail.find("line 19999") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a child killed while idle is replaced unseen", "[fork]") {
  const pid_t pid = static_cast<pid_t>(std::stol(text(ask("pid").bytes)));
  kill(pid, SIGKILL);
  REQUIRE(ends_soon(pid));
  check_alive();
}

TEST_CASE_METHOD(Fixture, "stop ends what runs", "[fork]") {
  compute.start(bytes("sleep"), 0);
  CHECK_FALSE(compute.poll(20ms).has_value());
  const pid_t pid = compute.child_pid();
  CHECK(exists(pid));
  compute.stop();
  CHECK_FALSE(exists(pid));
  CHECK_FALSE(compute.busy());
  check_alive();
}

TEST_CASE("several children at once do not hold each other's sockets", "[fork]") {
  ForkServer server(make_faulty);
  Compute a(server, bytes("a "), 0), b(server, bytes("b "), 0);
  a.start(bytes("sleep"), 0);
  b.start(bytes("sleep"), 0);
  kill(a.child_pid(), SIGKILL);
  std::optional<Compute::Answer> answer;
  for (int i = 0; i < 100 && !answer; ++i) answer = a.poll(50ms);
  REQUIRE(answer.has_value());
  CHECK(answer->failure == Failure::crashed);
  CHECK_FALSE(b.poll(20ms).has_value());
}

TEST_CASE("without its server a process is told so, and no child is left", "[fork]") {
  ForkServer server(make_faulty);
  Compute compute(server, bytes(""), 0);
  compute.start(bytes("sleep"), 0);
  const pid_t child = compute.child_pid();
  kill(server.pid(), SIGKILL);
  CHECK(ends_soon(child));
  std::optional<Compute::Answer> answer;
  for (int i = 0; i < 100 && !answer; ++i) answer = compute.poll(50ms);
  REQUIRE(answer.has_value());
  CHECK(answer->failure == Failure::crashed);
  CHECK_THROWS_AS(compute.start(bytes("hello"), 0), EnvironmentError);
}

TEST_CASE("a spare takes the place of a server that is gone: the task fails, the next one is served", "[fork]") {
  constexpr int spares = 2;
  ForkServer server(make_faulty, spares);
  Compute compute(server, bytes("setup "), 0);
  const auto ask = [&](const std::string& request) {
    compute.start(bytes(request), 60);
    for (;;)
      if (auto answer = compute.poll(50ms)) return *answer;
  };
  for (int k = 0; k < spares; ++k) {
    const pid_t pid = server.pid();
    compute.start(bytes("sleep"), 0);
    kill(pid, SIGKILL);
    std::optional<Compute::Answer> answer;
    for (int i = 0; i < 100 && !answer; ++i) answer = compute.poll(50ms);
    REQUIRE(answer.has_value());
    CHECK(answer->failure == Failure::crashed);
    CHECK(answer->reason.find("fork server") != std::string::npos);
    CHECK(server.alive());
    CHECK(server.pid() != pid);
    CHECK_FALSE(exists(pid));
    CHECK(text(ask("hello").bytes) == "setup hello");
  }
  kill(server.pid(), SIGKILL);  // of the last one there is no other
  CHECK(ends_soon(compute.child_pid()));
  CHECK_THROWS_AS(ask("hello"), EnvironmentError);
  CHECK_FALSE(server.alive());
}

TEST_CASE("a server that is gone between two tasks costs none, where there is a spare", "[fork]") {
  ForkServer server(make_faulty, 1);
  Compute compute(server, bytes("setup "), 0);
  for (int k = 0; k < 2; ++k) {
    compute.start(bytes("hello"), 60);
    std::optional<Compute::Answer> answer;
    while (!(answer = compute.poll(50ms))) {
    }
    CHECK(answer->success());
    if (k == 0) {
      const pid_t child = compute.child_pid();
      kill(server.pid(), SIGKILL);
      CHECK(ends_soon(child));
    }
  }
}

namespace {

/// A process of its own starts a child that sleeps, after `before` was done to its server, and is killed; whether
/// server and child end with it.
template <class Before>
void check_all_die(int spares, Before&& before) {
  int pids[2];
  REQUIRE(pipe(pids) == 0);
  const pid_t rank = fork();
  if (rank == 0) {
    ForkServer server(make_faulty, spares);
    before(server);
    Compute compute(server, bytes(""), 0);
    compute.start(bytes("sleep"), 0);
    const pid_t made[2] = {server.pid(), compute.child_pid()};
    if (write(pids[1], made, sizeof made) != sizeof made) _exit(1);
    kill(getpid(), SIGKILL);
  }
  pid_t made[2] = {0, 0};
  REQUIRE(read(pids[0], made, sizeof made) == sizeof made);
  waitpid(rank, nullptr, 0);
  CHECK(ends_soon(made[0]));
  CHECK(ends_soon(made[1]));
  close(pids[0]);
  close(pids[1]);
}

}  // namespace

TEST_CASE("spares die with the process that made them", "[fork]") {
  check_all_die(2, [](const ForkServer& server) { kill(server.pid(), SIGKILL); });  // the child is a spare's
}

TEST_CASE("server and children die with the process that made them", "[fork]") {
  check_all_die(0, [](const ForkServer&) {});
}

TEST_CASE("signals wait until they are asked for, and leave the children alone", "[fork]") {
  Fixture fixture;
  fixture.check_alive();
  CHECK(fixture.server.signals_since().all() == 0);
  kill(getpid(), SIGUSR1);
  kill(getpid(), SIGTERM);
  kill(fixture.compute.child_pid(), SIGTERM);
  kill(fixture.compute.child_pid(), SIGINT);
  kill(fixture.server.pid(), SIGINT);
  const auto signals = fixture.server.signals_since();
  CHECK(signals.gentle == 1);
  CHECK(signals.urgent == 1);
  CHECK(fixture.server.signals_since().all() == 0);
  fixture.check_alive();
}

TEST_CASE_METHOD(Fixture, "another memory limit gets a fresh child, the same one does not", "[fork]") {
  const std::string first = text(ask("pid").bytes);
  compute.limit_memory(0);
  CHECK(text(ask("pid").bytes) == first);
  compute.limit_memory(4e9);
  CHECK(text(ask("pid").bytes) != first);
  check_alive();
}

TEST_CASE("a fork server that is stopped is left behind at the end", "[fork]") {
  pid_t pid = -1;
  {
    ForkServer server(make_faulty);
    pid = server.pid();
    kill(pid, SIGSTOP);
  }
  CHECK_FALSE(exists(pid));
}
