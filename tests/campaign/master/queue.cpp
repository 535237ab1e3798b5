#include "../../../src/campaign/master/queue.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <set>

#include "../../../src/campaign/cluster/deadline.hpp"
#include "../../../src/campaign/master/progress.hpp"
#include "catch.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/campaign/cluster/duration.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;

namespace {

Job job(double estimate, const std::string& kind = "a", std::size_t members = 1) {
  Job made;
  made.estimate = estimate;
  made.cost_kind = kind;
  made.task.members.resize(members);
  return made;
}

constexpr double forever = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("what is kept for later runs is what was used, and orders nothing in this one", "[queue]") {
  Queue queue;
  queue.learn("busy", {.estimated_seconds = 10, .measured_seconds = 40});
  queue.keep("busy", {.estimated_seconds = 10, .measured_seconds = 9});
  queue.keep("busy", {.estimated_seconds = 20, .measured_seconds = 18});
  CHECK(queue.expected_seconds(job(10, "busy")) == Approx(40));
  REQUIRE(queue.kept().size() == 1);
  CHECK(queue.kept().at("busy") == store::CostFactor{.estimated_seconds = 30, .measured_seconds = 27});
}

TEST_CASE("the longest task comes first, equally long ones in the order they were added", "[queue]") {
  Queue queue;
  for (const double estimate : {1.0, 5.0, 3.0, 5.0}) queue.add(job(estimate));
  queue.add(job(4, "b", 7));
  CHECK(queue.tasks() == 5);
  CHECK(queue.members() == 11);
  CHECK(queue.seconds() == Approx(18));
  std::vector<double> order;
  while (const auto next = queue.take(forever)) order.push_back(next->estimate);
  CHECK(order == std::vector<double>{5, 5, 4, 3, 1});
  CHECK(queue.empty());
  CHECK(queue.members() == 0);
  CHECK(queue.seconds() == Approx(0).margin(1e-12));
}

TEST_CASE("cheap predictions come first, dear ones wait for their length", "[queue]") {
  const auto prediction = [](double estimate, const std::string& kind) {
    Job made = job(estimate, kind);
    made.kind = store::OwnerKind::prediction;
    return made;
  };
  const auto order_of = [&](double dear) {
    Queue queue;
    for (const double estimate : {3.0, 50.0, 40.0, 7.0}) queue.add(job(estimate, "training"));
    queue.add(prediction(dear, "dear"));
    for (const double estimate : {0.1, 0.2}) queue.add(prediction(estimate, "cheap"));
    std::vector<double> order;
    while (const auto next = queue.take(forever)) order.push_back(next->estimate);
    return order;
  };
  CHECK(order_of(30) == std::vector<double>{0.2, 0.1, 50, 40, 30, 7, 3});
  CHECK(order_of(9) == std::vector<double>{0.2, 0.1, 9, 50, 40, 7, 3});
  // Without training there is nothing to be early for.
  Queue queue;
  for (const double estimate : {0.1, 5.0}) queue.add(prediction(estimate, estimate > 1 ? "dear" : "cheap"));
  CHECK(queue.shortest() == Approx(0.1));
  CHECK(queue.take(forever)->estimate == 5);
  // What is not done in time is not given out early either.
  queue.add(job(1000, "training"));
  queue.add(prediction(20, "slow"));
  CHECK(queue.take(10)->estimate == 0.1);
  CHECK_FALSE(queue.take(10).has_value());
}

TEST_CASE("what is done counts with what it took", "[queue]") {
  Queue queue;
  queue.note_done("theory", 1);
  queue.note_done("training", 10);
  CHECK(queue.seconds_done() == Approx(11));
  queue.learn("training", {.estimated_seconds = 10, .measured_seconds = 30});
  CHECK(queue.seconds_done() == Approx(31));
  CHECK(queue.shortest() == 0);
  CHECK(percent_text(0.9999) == "99 %");
  CHECK(percent_text(1) == "100 %");
}

TEST_CASE("an estimate that is outlived is corrected while the task runs, and again when it is done", "[queue]") {
  Queue queue;
  for (int waiting = 0; waiting < 3; ++waiting) queue.add(job(60, "slow"));
  queue.add(job(60, "other"));
  // On time: nothing is known yet.
  queue.note_running("slow", {.estimated_seconds = 60, .measured_seconds = 59});
  CHECK(queue.expected_seconds(job(60, "slow")) == Approx(60));
  // Ten times as long as it was estimated: so are those that wait.
  queue.note_running("slow", {.estimated_seconds = 60, .measured_seconds = 600});
  CHECK(queue.expected_seconds(job(60, "slow")) == Approx(600));
  CHECK(queue.expected_seconds(job(60, "other")) == Approx(60));
  CHECK(queue.seconds() == Approx(3 * 600 + 60));
  CHECK(queue.take(300)->cost_kind == "other");
  CHECK_FALSE(queue.take(300).has_value());
  CHECK(queue.kept().empty());  // nothing is kept of what is not done
  // A second one that has just begun says nothing new.
  queue.note_running("slow", {.estimated_seconds = 60, .measured_seconds = 70});
  CHECK(queue.expected_seconds(job(60, "slow")) == Approx(600));
  queue.learn("slow", {.estimated_seconds = 60, .measured_seconds = 900});
  CHECK(queue.expected_seconds(job(60, "slow")) == Approx(900));
}

TEST_CASE("a task has the time limit that the user set, and no other", "[queue]") {
  CHECK(limit_of({.directory = "x"}, 1) == 0);
  CHECK(limit_of({.directory = "x"}, 8) == 0);
  CHECK(limit_of({.directory = "x", .task_seconds_limit = 30}, 1) == 30);
  CHECK(limit_of({.directory = "x", .task_seconds_limit = 30}, 4) == 120);
  CHECK(limit_of({.directory = "x", .task_seconds_limit = 30}, 0) == 30);
}

TEST_CASE("only what is done in time is given out", "[queue]") {
  Queue queue;
  for (const double estimate : {1.0, 5.0, 3.0}) queue.add(job(estimate));
  CHECK(queue.take(4)->estimate == 3);
  CHECK(queue.take(4)->estimate == 1);
  CHECK_FALSE(queue.take(4).has_value());
  CHECK(queue.take(5)->estimate == 5);
}

TEST_CASE("a task that goes on where it was stopped is given out wherever some seconds are left", "[queue]") {
  Queue queue;
  queue.separate([](const Needs& needs) { return needs.bytes > 1e9; });
  Job patient = job(1e5);
  patient.goes_on = true;
  Job large = patient;
  large.needs.bytes = 2e9;
  const auto fits = [](const Needs&) { return true; };
  for (const Job& waits : {patient, large, job(1e5)}) queue.add(waits);
  CHECK_FALSE(queue.take(4).has_value());
  CHECK_FALSE(queue.take_large(4, fits).has_value());
  CHECK_FALSE(queue.large_waits(4));
  CHECK(queue.large_waits(10));
  CHECK(queue.take_large(10, fits)->goes_on);
  CHECK(queue.take(10)->goes_on);
  CHECK_FALSE(queue.take(10).has_value());
  CHECK(queue.tasks() == 1);
}

TEST_CASE("measured times of one kind change the order between kinds, and what fits", "[queue]") {
  Queue queue;
  queue.add(job(5, "a"));
  queue.add(job(3, "b"));
  queue.learn("b", {.estimated_seconds = 1, .measured_seconds = 10});
  CHECK(queue.expected_seconds(job(3, "b")) == Approx(30));
  CHECK(queue.seconds() == Approx(35));
  CHECK(queue.take(20)->cost_kind == "a");
  CHECK_FALSE(queue.take(29).has_value());
  CHECK(queue.take(31)->cost_kind == "b");
}

TEST_CASE("cuts depend on the members' numbers alone", "[queue]") {
  scan::Task whole{.kind = scan::Task::Kind::replicas, .block = 1, .index = 2, .theory = 0, .members = {}};
  for (std::int64_t draw = 0; draw < 10; ++draw)
    for (std::int64_t initialisation = 0; initialisation < 3; ++initialisation)
      whole.members.push_back({draw, initialisation});
  const auto all = cut(whole, 3, 0.25, [](auto) { return true; });
  CHECK(all.size() == 8);
  std::size_t members = 0;
  for (const auto& task : all) {
    CHECK(task.members.size() <= 4);
    CHECK(task.block == 1);
    CHECK(task.index == 2);
    members += task.members.size();
  }
  CHECK(members == 30);
  // With some there already, each task is a part of one of the above.
  for (const auto& task : cut(whole, 3, 0.25, [](scan::Task::Member member) { return member.draw % 2 == 1; })) {
    const bool part = std::ranges::any_of(all, [&](const scan::Task& other) {
      return std::ranges::all_of(task.members, [&](const auto& member) {
        return std::ranges::find(other.members, member) != other.members.end();
      });
    });
    CHECK(part);
  }
  CHECK(cut(whole, 3, 100, [](auto) { return true; }).size() == 30);
  CHECK(cut(whole, 3, 0, [](auto) { return true; }).size() == 1);
  CHECK(cut(whole, 3, 1, [](auto) { return false; }).empty());
}

TEST_CASE("Slurm's times", "[queue]") {
  CHECK(parse_time_left("1-02:03:04") == 86400 + 2 * 3600 + 3 * 60 + 4);
  CHECK(parse_time_left("2:03:04\n") == 2 * 3600 + 3 * 60 + 4);
  CHECK(parse_time_left("03:04") == 184);
  CHECK(parse_time_left("0:00") == 0);
  CHECK_FALSE(parse_time_left("UNLIMITED").has_value());
  CHECK_FALSE(parse_time_left("INVALID").has_value());
  CHECK_FALSE(parse_time_left("").has_value());
  CHECK(find_deadline(12.5)->seconds == 12.5);
}

TEST_CASE("durations of the command line", "[queue]") {
  CHECK(parse_duration("90") == 90);
  CHECK(parse_duration("1.5m") == 90);
  CHECK(parse_duration("12h") == 43200);
  CHECK(parse_duration("01:02:03") == 3723);
  CHECK(parse_duration("0") == 0);
  for (const char* text : {"", "-1", "-1:00:00", "1:-1:0", "nan", "inf", "1e300", "1e308h", "99999999999:0:0", "1:2",
                           "1:2:3:4", "1:2:3h", "90x", " 90", "90 ", "1:nan:0"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("an end of the job that has passed is told from one to come", "[queue]") {
  const char* before = std::getenv("SLURM_JOB_END_TIME");
  REQUIRE(before == nullptr);
  setenv("SLURM_JOB_END_TIME", "1000", 1);
  const auto past = find_deadline(std::nullopt);
  setenv("SLURM_JOB_END_TIME", std::to_string(std::time(nullptr) + 100000).c_str(), 1);
  const auto future = find_deadline(std::nullopt);
  unsetenv("SLURM_JOB_END_TIME");
  REQUIRE(past.has_value());
  CHECK(past->seconds <= 0);
  CHECK(past->source == "SLURM_JOB_END_TIME");
  CHECK(future->seconds > 90000);
  CHECK_FALSE(find_deadline(std::nullopt).has_value());
}

TEST_CASE("progress in words and in status.json", "[queue]") {
  CHECK(duration_text(12.7) == "12 s");
  CHECK(duration_text(3725) == "1 h 2 min");
  CHECK(duration_text(-1) == "0 s");
  Progress progress{
      .state = "running", .exit_status = -1, .wanted = 400, .already = 20, .done = 100, .failed = 1, .running = 4};
  progress.seconds = 50;
  progress.seconds_left = 80;
  progress.work_done = 0.819;
  CHECK(progress_line(progress) == "120/400 (81 % of the work), 4 running, 1 failed, 2/s, 1 min 20 s left");
  CHECK(live_line(progress, Colours::none) == "████████████████░░░░ " + progress_line(progress));
  CHECK(live_line(progress, Colours::some).find("\x1b[31m1 failed\x1b[0m") != std::string::npos);
  setenv("NO_COLOR", "1", 1);
  CHECK(colours_of_terminal() == Colours::none);
  setenv("NO_COLOR", "", 1);  // set to nothing is not set
  setenv("TERM", "xterm", 1);
  CHECK(colours_of_terminal() == Colours::some);
  setenv("TERM", "dumb", 1);
  CHECK(colours_of_terminal() == Colours::none);
  unsetenv("NO_COLOR");
  progress.work_done = 1;  // as far as is known: what runs takes longer than expected
  CHECK(progress_line(progress).starts_with("120/400 (99 % of the work)"));
  progress.work_done = 0.4;
  progress.done = 380;
  CHECK(progress_line(progress).starts_with("400/400 (100 % of the work)"));
  progress.done = 100;
  const std::string json = to_json(progress);
  CHECK(json.find("\"left\": 279,") != std::string::npos);
  CHECK(json.find("\"exit_status\": null,") != std::string::npos);
}
