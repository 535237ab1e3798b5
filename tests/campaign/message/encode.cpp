#include "../../../src/campaign/message/encode.hpp"

#include <cmath>
#include <limits>

#include "../../../src/campaign/message/flat.hpp"
#include "catch.hpp"
#include "fieldscan/core/random.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;

namespace {

scan::Task make_task() {
  return {
      .kind = scan::Task::Kind::prediction, .block = 2, .index = 1ULL << 40, .theory = 3, .members = {{0, 0}, {7, -1}}};
}

std::vector<Result> make_results() {
  Result full{
      .data_draw = 5,
      .initialisation = 6,
      .outcome = Outcome::not_equilibrated,
      .reason = "R-hat is 1.3",
      .rows = {{.observable = Observable::error_test,
                .time = equilibrium,
                .coordinate = 2,
                .value = -0.0,
                .standard_error = 1e-310,
                .count = 400,
                .flag = Flag::censored}},
      .arrays = {{.observable = Observable::predictor, .time = 0.5, .shape = {2, 3}, .data = {1, 2, 3, 4, 5, 6}}}};
  return {full, Result{}};
}

bool equal(const Result& a, const Result& b) {
  return a.data_draw == b.data_draw && a.initialisation == b.initialisation && a.outcome == b.outcome &&
         a.reason == b.reason && a.rows == b.rows && a.arrays == b.arrays;
}

/// Whether decoding ends in a value or in MalformedMessage, and in nothing else.
template <class Decode>
bool decodes(const Decode& decode, const Bytes& bytes) {
  try {
    decode(bytes);
    return true;
  } catch (const MalformedMessage&) {
    return false;
  }
}

template <class Decode>
void attack(const Bytes& whole, const Decode& decode) {
  REQUIRE(decodes(decode, whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(decodes(decode, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_FALSE(decodes(decode, longer));
  const Stream stream(1, Purpose::test, "encode", whole.size(), 0);
  for (std::uint64_t k = 0; k < 2000; ++k) {
    Bytes changed = whole;
    for (std::uint64_t n = 0; n < 3; ++n)
      changed[stream.below(changed.size(), 6 * k + 2 * n)] = static_cast<char>(stream.below(256, 6 * k + 2 * n + 1));
    decodes(decode, changed);  // must not crash or ask for absurd memory
  }
}

}  // namespace

TEST_CASE("messages read back", "[encode]") {
  const Setup setup{.text = "name: a\n", .file = "scan.yaml", .overrides = {"ridge=1", ""}};
  CHECK(decode_setup(encode(setup)) == setup);
  CHECK(decode_tasks(encode(std::vector{make_task(), scan::Task{}})) == std::vector{make_task(), scan::Task{}});
  const Order order{.ticket = 17, .seconds_limit = 600.5, .memory_bytes = 1e9, .tasks = {make_task()}};
  CHECK(decode_order(encode(order)) == order);
  const Report report{.ticket = 1,
                      .fate = Fate::failed,
                      .failure = Failure::out_of_time,
                      .seconds = 0.1,
                      .host = "node7",
                      .reason = "slow",
                      .log_tail = std::string("a\0b", 3),
                      .results = {1, 2, 3}};
  CHECK(decode_report(encode(report)) == report);
  const auto results = decode_results(encode(make_results()));
  REQUIRE(results.size() == 2);
  for (std::size_t k = 0; k < 2; ++k) CHECK(equal(results[k], make_results()[k]));
  CHECK(std::signbit(results[0].rows[0].value));
  CHECK(std::isinf(results[0].rows[0].time));
}

TEST_CASE("a summary reads back", "[encode]") {
  RunSummary summary{.done = 1,
                     .already = 2,
                     .results_not_done = 3,
                     .failed = 4,
                     .left = 5,
                     .cut = Cut::in_good_order,
                     .without_result = true,
                     .seconds = 6,
                     .busy_fraction = 0.5};
  const RunSummary back = decode_summary(encode(summary));
  CHECK(back.done == 1);
  CHECK(back.already == 2);
  CHECK(back.results_not_done == 3);
  CHECK(back.failed == 4);
  CHECK(back.left == 5);
  CHECK(back.cut == Cut::in_good_order);
  CHECK(back.without_result);
  CHECK(back.seconds == 6);
  CHECK(back.busy_fraction == 0.5);
  CHECK(back.exit_status() == 75);
}

TEST_CASE("the exit status says whether another run gets further, and whether there are results", "[encode]") {
  CHECK(RunSummary{.done = 3}.exit_status() == 0);
  CHECK(RunSummary{.done = 3, .cut = Cut::in_good_order}.exit_status() == 0);  // the last task came just in time
  CHECK(RunSummary{.failed = 1}.exit_status() == 4);
  CHECK(RunSummary{.done = 24, .without_result = true}.exit_status() == 4);
  CHECK(RunSummary{.left = 1}.exit_status() == 4);
  CHECK(RunSummary{.failed = 1, .left = 1, .cut = Cut::in_good_order}.exit_status() == 75);
  CHECK(RunSummary{.left = 1, .cut = Cut::no_use}.exit_status() == 1);
}

TEST_CASE("messages that are cut off, too long or changed are refused or read, never followed", "[encode]") {
  attack(encode(Setup{.text = "name: a\n", .file = "scan.yaml", .overrides = {"ridge=1", ""}}), decode_setup);
  attack(encode(std::vector{make_task(), scan::Task{}}), decode_tasks);
  attack(encode(std::vector{TaskAnswer{0.5, 0.4, {1, 2}}, TaskAnswer{}}), decode_answers);
  attack(encode(make_results()), decode_results);
  attack(encode(Order{.ticket = 17, .seconds_limit = 600.5, .memory_bytes = 1e9, .tasks = {make_task()}}),
         decode_order);
  attack(encode(Report{.ticket = 1, .host = "node7", .reason = "", .log_tail = "", .results = {1, 2, 3}}),
         decode_report);
}

TEST_CASE("an observable or outcome that does not exist is refused", "[encode]") {
  auto results = make_results();
  results[0].rows[0].observable = end_of_observables();
  CHECK_THROWS_AS(decode_results(encode(results)), MalformedMessage);
  results = make_results();
  results[0].outcome = static_cast<Outcome>(99);
  CHECK_THROWS_AS(decode_results(encode(results)), MalformedMessage);
}
