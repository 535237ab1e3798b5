#include "../../../src/campaign/master/bench.hpp"

#include <csignal>
#include <thread>

#include "catch.hpp"

using namespace fieldscan::campaign;
using namespace std::chrono_literals;

namespace {

/// Tasks whose index is the number of milliseconds they take; index 13 crashes.
Handler make_sleeper(const Bytes&) {
  return [](const Bytes& request) {
    std::vector<TaskAnswer> answers;
    for (const auto& task : decode_tasks(request)) {
      if (task.index == 13) std::abort();
      std::this_thread::sleep_for(std::chrono::milliseconds(task.index));
      answers.push_back({.seconds = 1e-3 * static_cast<double>(task.index), .results = {}});
    }
    return encode(answers);
  };
}

Order order(std::uint64_t ticket, std::vector<std::uint64_t> indices) {
  Order made{.ticket = ticket};
  for (const auto index : indices) made.tasks.push_back({.index = index});
  return made;
}

Report next(Bench& bench) {
  for (;;)
    if (auto report = bench.poll(50ms)) return *report;
}

}  // namespace

TEST_CASE("a bench works through its orders, and a crash ends only one of them", "[bench]") {
  ForkServer server(make_sleeper);
  Bench bench(server, {});
  CHECK_FALSE(bench.busy());
  bench.add(order(1, {1, 2}));
  bench.add(order(2, {1, 13, 1}));
  bench.add(order(3, {1}));
  const Report first = next(bench), second = next(bench), third = next(bench);
  CHECK(first.ticket == 1);
  CHECK(first.fate == Fate::answered);
  CHECK(decode_answers(first.results).size() == 2);
  CHECK(second.ticket == 2);
  CHECK(second.fate == Fate::failed);
  CHECK(second.failure == Failure::crashed);
  CHECK(third.ticket == 3);
  CHECK(third.fate == Fate::answered);
  CHECK_FALSE(bench.busy());
}

TEST_CASE("an order that is done before its child must end counts", "[bench]") {
  ForkServer server(make_sleeper);
  Bench bench(server, {});
  bench.add(order(1, {1}));
  next(bench);  // the child is there, and minds its signals
  bench.add(order(2, {200}));
  bench.stop();
  const Report report = next(bench);
  CHECK(report.fate == Fate::answered);
  CHECK(decode_answers(report.results).size() == 1);
}

TEST_CASE("recalled orders are not begun, stopped ones end", "[bench]") {
  ForkServer server(make_sleeper);
  Bench bench(server, {});
  bench.add(order(1, {200}));
  bench.add(order(2, {1}));
  bench.recall();
  CHECK(next(bench).ticket == 2);
  const Report first = next(bench);
  CHECK(first.ticket == 1);
  CHECK(first.fate == Fate::answered);
  bench.add(order(3, {3600000}));
  bench.add(order(4, {1}));
  bench.stop();
  for (const std::uint64_t ticket : {3, 4}) {
    const Report report = next(bench);
    CHECK(report.ticket == ticket);
    CHECK(report.fate == Fate::stopped);
  }
  CHECK_FALSE(bench.busy());
  bench.add(order(5, {1}));
  CHECK(next(bench).fate == Fate::answered);
}

TEST_CASE("without a fork server every order comes back as gone, once, also those that come later", "[bench]") {
  for (const bool busy : {true, false}) {
    ForkServer server(make_sleeper);
    Bench bench(server, {});
    bench.add(order(1, {1}));
    REQUIRE(next(bench).fate == Fate::answered);
    if (busy) {
      bench.add(order(2, {3600000}));
      bench.add(order(3, {1}));
    }
    kill(server.pid(), SIGKILL);
    if (!busy) {
      std::this_thread::sleep_for(100ms);  // the child dies with the server
      bench.add(order(2, {1}));
      bench.add(order(3, {1}));
    }
    bench.add(order(4, {1}));
    for (const std::uint64_t ticket : {2, 3, 4}) {
      const Report report = next(bench);
      CHECK(report.ticket == ticket);
      CHECK(report.fate == Fate::gone);
      CHECK(report.failure == Failure::crashed);  // it was killed: started again it goes on
      CHECK(report.reason.find("fork server") != std::string::npos);
    }
    CHECK_FALSE(bench.busy());
    bench.add(order(5, {1}));
    CHECK(next(bench).fate == Fate::gone);
  }
}
