#include "../../../src/campaign/master/ledger.hpp"

#include <cmath>
#include <functional>
#include <set>

#include "../../../src/campaign/message/flat.hpp"
#include "../../store/directory.hpp"
#include "catch.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/error.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;

namespace {

constexpr const char* scan_text = R"(fieldscan: 1
name: ledger
data:
  input: {kind: sphere, dim: 4}
  target: {kind: gegenbauer, levels: {1: 1}}
  noise: 0.1
  train_size: 6
  test_size: 20
network: {width: 8}
ridge: 0.1
training: {kind: hmc, samples: 40}
ensemble: {data_draws: 3, chains: 2}
theory: [nngp, learning_curve]
observe: [error_test]
scan:
  grid: {network.width: [4, 8]}
)";

scan::Scan read(const std::string& text) {
  auto read = scan::read_scan(text, "scan.yaml");
  INFO(scan::render(read.diagnostics, "scan.yaml", text));
  REQUIRE(read.scan.has_value());
  return *read.scan;
}

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), instead);
}

Report answered(std::vector<Result> results) {
  return {.ticket = 0,
          .fate = Fate::answered,
          .seconds = 0.5,
          .host = "here",
          .reason = "",
          .log_tail = "",
          .results = encode(results)};
}

/// Results of a task without computing them; the value tells which member it is.
std::vector<Result> invent(const Job& job) {
  std::vector<Result> results;
  for (const auto& member : job.task.members)
    results.push_back({.data_draw = member.draw,
                       .initialisation = member.initialisation,
                       .outcome = Outcome::done,
                       .reason = "",
                       .rows = {{.observable = Observable::error_test,
                                 .value = 1 + 0.5 * static_cast<double>(member.draw % 3) +
                                          0.01 * static_cast<double>(member.initialisation)}},
                       .arrays = {}});
  return results;
}

struct Run {
  const scan::Scan scan;
  store::Store store;
  Queue queue;
  Ledger ledger;
  Run(const scan::Scan& scan_, const std::filesystem::path& directory)
      : scan(scan_), store(store::Store::open(directory, store::Mode::write)), ledger(scan, store, queue) {}
  std::optional<Job> take() { return queue.take(1e18); }
  void work(std::uint64_t tasks = 1000000) {
    for (std::uint64_t k = 0; k < tasks; ++k) {
      const auto job = take();
      if (!job) break;
      ledger.book_results(*job, answered(invent(*job)));
    }
    store.commit();
  }
};

}  // namespace

TEST_CASE("everything that is wanted is queued once; predictions are shared", "[ledger]") {
  const TemporaryDirectory directory;
  const auto scan = read(scan_text);
  Run run(scan, directory.path);
  // 2 points × 6 replicas; the infinite-width predictions are the same for both: nngp for 3 draws, learning_curve once.
  CHECK(run.ledger.counts().wanted == 16);
  CHECK(run.ledger.counts().already == 0);
  CHECK(run.queue.members() == 16);
  std::set<std::tuple<std::string, std::int64_t, std::int64_t>> seen;
  while (const auto job = run.take())
    for (const auto& member : job->task.members)
      CHECK(seen.emplace(job->owner.hex(), member.draw, member.initialisation).second);
  CHECK(seen.size() == 16);
}

TEST_CASE("long tasks of trainers that keep their state go on where they are stopped", "[ledger]") {
  const auto goes_on = [](const std::string& trainer) {
    const TemporaryDirectory directory;
    Run run(read(with(scan_text, "{kind: hmc, samples: 40}", trainer)), directory.path);
    std::set<bool> found;
    while (const auto job = run.take())
      if (job->kind == store::OwnerKind::point) found.insert(job->goes_on);
    REQUIRE(found.size() == 1);
    return *found.begin();
  };
  CHECK(goes_on("{kind: hmc, samples: 10000000}"));
  CHECK(goes_on("{kind: mala, samples: 10000000}"));
  CHECK(goes_on("{kind: hmc, samples: 1000, until: {batches: 15}}"));
  CHECK(goes_on("{kind: langevin, steps: 100000000}"));
  CHECK_FALSE(goes_on("{kind: hmc, samples: 40}"));
  CHECK_FALSE(goes_on("{kind: mala, samples: 40}"));
}

TEST_CASE("what the store holds is not queued again", "[ledger]") {
  const TemporaryDirectory directory;
  const auto scan = read(scan_text);
  std::uint64_t done = 0;
  {
    Run run(scan, directory.path);
    run.work(1);
    done = run.ledger.counts().done;
    CHECK(done > 0);
    CHECK(run.ledger.counts().left() == 16 - done);
  }
  {
    Run run(scan, directory.path);
    CHECK(run.ledger.counts().already == done);
    run.work();
    CHECK(run.ledger.counts().left() == 0);
  }
  const Run run(scan, directory.path);
  CHECK(run.ledger.counts().already == 16);
  CHECK(run.queue.empty());
}

TEST_CASE("observing more computes replicas again, observing less does not", "[ledger]") {
  const TemporaryDirectory directory;
  const auto more = read(with(scan_text, "observe: [error_test]", "observe: [error_test, error_train]"));
  {
    Run run(read(scan_text), directory.path);
    run.work();
  }
  {
    Run run(more, directory.path);
    CHECK(run.ledger.counts().already == 4);  // the predictions
    CHECK(run.queue.members() == 12);
    run.work();
  }
  const auto less = read(scan_text);
  const Run run(less, directory.path);
  CHECK(run.queue.empty());
}

TEST_CASE("another value of an axis leaves the others alone", "[ledger]") {
  const TemporaryDirectory directory;
  const auto scan = read(scan_text), wider = read(with(scan_text, "[4, 8]", "[2, 4, 8]"));
  {
    Run run(scan, directory.path);
    run.work();
  }
  const Run run(wider, directory.path);
  CHECK(run.ledger.counts().already == 16);
  CHECK(run.queue.members() == 6);
}

TEST_CASE("failures are counted, and tried again by the next run, with the attempts counted on", "[ledger]") {
  const TemporaryDirectory directory;
  const auto scan = read(scan_text);
  Report failure = answered({});
  failure.fate = Fate::failed;
  failure.failure = Failure::crashed;
  failure.reason = "killed by signal 11";
  failure.log_tail = "the last words";
  Job failed;
  {
    Run run(scan, directory.path);
    failed = *run.take();
    failed.attempt = 3;
    run.ledger.book_failure(failed, failure);
    run.store.commit();
    CHECK(run.ledger.counts().failed == failed.task.members.size());
    CHECK(status_text(scan, run.store).find("killed by signal 11") != std::string::npos);
    const auto standings = run.store.standings(failed.owner);
    REQUIRE_FALSE(standings.empty());
    CHECK(standings[0].second.outcome == Outcome::failed);
    CHECK(standings[0].second.provenance.attempt == 3);
    CHECK(standings[0].second.provenance.log_tail == "the last words");
  }
  {
    Run run(scan, directory.path);
    CHECK(run.ledger.counts().failed == 0);
    CHECK(run.queue.members() == 16);
    run.work();
    CHECK(run.ledger.counts().left() == 0);
    CHECK(run.store.standings(failed.owner)[0].second.provenance.attempt == 4);
    CHECK(run.store.standings(failed.owner)[0].second.outcome == Outcome::done);
  }
  // A failure while observing more does not destroy what is there.
  const auto more = read(with(scan_text, "observe: [error_test]", "observe: [error_test, error_train]"));
  Run run(more, directory.path);
  const Job job = *run.take();
  run.ledger.book_failure(job, failure);
  run.store.commit();
  for (const auto& [member, standing] : run.store.standings(job.owner)) CHECK(standing.outcome == Outcome::done);
}

TEST_CASE("a campaign without a result says why", "[ledger]") {
  const auto text_of = [](const std::function<Outcome(const Job&, int)>& outcome) {
    const TemporaryDirectory directory;
    Run run(read(scan_text), directory.path);
    int number = 0;
    while (const auto job = run.take()) {
      auto results = invent(*job);
      for (auto& result : results) {
        result.outcome = outcome(*job, number);
        number += job->kind == store::OwnerKind::point ? 1 : 0;
      }
      run.ledger.book_results(*job, answered(results));
    }
    run.store.commit();
    const std::string first = no_results_text(run.ledger.counts());
    const Ledger again(run.scan, run.store, run.queue);  // what is there already counts as well
    CHECK(no_results_text(again.counts()) == first);
    return first;
  };
  const auto all = [](Outcome outcome) {
    return [outcome](const Job& job, int) { return job.kind == store::OwnerKind::point ? outcome : Outcome::done; };
  };
  CHECK(text_of(all(Outcome::diverged)) == "there are no results because all 12 replicas diverged");
  CHECK(text_of(all(Outcome::numerical_error)) ==
        "there are no results because all 12 replicas ended in a numerical error");
  CHECK(text_of(all(Outcome::not_equilibrated)) ==
        "there are no sound results because all 12 replicas did not equilibrate");
  CHECK(text_of(all(Outcome::done)).empty());
  CHECK(text_of([](const Job&, int number) { return number == 7 ? Outcome::done : Outcome::diverged; }).empty());
  CHECK(text_of([](const Job& job, int number) {
          if (job.kind != store::OwnerKind::point) return Outcome::done;
          return number < 5 ? Outcome::diverged : Outcome::numerical_error;
        }) == "there are no results: of 12 replicas 5 diverged, 7 ended in a numerical error");
}

TEST_CASE("what is there and not sound is counted, and what does not apply is no fault", "[ledger]") {
  Ledger::Counts counts;
  CHECK(unsound_text(counts).empty());
  const auto at = [](Outcome outcome) { return static_cast<std::size_t>(outcome); };
  counts.replicas[at(Outcome::done)] = 221;
  counts.predictions[at(Outcome::done)] = 3;
  counts.predictions[at(Outcome::not_applicable)] = 5;
  CHECK(unsound_text(counts).empty());
  counts.replicas[at(Outcome::diverged)] = 99;
  CHECK(unsound_text(counts) == "of 320 replicas 99 diverged");
  counts.replicas[at(Outcome::not_equilibrated)] = 1;
  counts.predictions[at(Outcome::not_converged)] = 2;
  CHECK(unsound_text(counts) ==
        "of 321 replicas 99 diverged, 1 did not equilibrate; of 10 predictions 2 did not converge");
}

TEST_CASE("results of another task are refused", "[ledger]") {
  const TemporaryDirectory directory;
  const auto scan = read(scan_text);
  Run run(scan, directory.path);
  const Job job = *run.take();
  auto results = invent(job);
  results.back().data_draw += 1;
  CHECK_THROWS_AS(run.ledger.book_results(job, answered(results)), MalformedMessage);
  CHECK_THROWS_AS(run.ledger.book_results(job, answered({})), MalformedMessage);
  CHECK(run.store.uncommitted() == 0);
  CHECK(run.ledger.counts().done == 0);
}

TEST_CASE("a growing ensemble comes out the same in one go, in pieces and in another order", "[ledger]") {
  const auto scan = read(
      with(scan_text, "ensemble: {data_draws: 3, chains: 2}",
           "ensemble: {initialisations: 2, until: {observable: error_test, relative_error: 0.05, batch: 4, max: 40}}"));
  std::vector<std::string> tables;
  for (const std::uint64_t piece : {1000000, 3, 1}) {
    const TemporaryDirectory directory;
    for (int round = 0; round < 200; ++round) {
      Run run(scan, directory.path);
      if (run.queue.empty()) break;
      run.work(piece);
    }
    const auto store = store::Store::open(directory.path, store::Mode::read);
    std::string table;
    store.for_each(store::Store::Arrays::without, [&](const store::StoredResult& stored) {
      table += stored.owner.hex() + " " + std::to_string(stored.result.data_draw) + " " +
               std::to_string(stored.result.initialisation) + "\n";
    });
    tables.push_back(table);
    CHECK(done_counts(scan, store).replicas > 16);  // more than the first batch of both points
    CHECK(status_text(scan, store).find("left") == std::string::npos);
  }
  CHECK(tables[0] == tables[1]);
  CHECK(tables[0] == tables[2]);
}

TEST_CASE("points that share their predictions have them all", "[ledger][inspect]") {
  const TemporaryDirectory directory;
  // Of the width nngp knows nothing at χ = 1.
  const auto scan = read(with(with(scan_text, "{kind: hmc, samples: 40}", "none"), ", chains: 2", ""));
  Run run(scan, directory.path);
  run.work();
  CHECK(run.ledger.counts().wanted == 4);  // three draws of nngp, and the averaged theory
  const std::string points = points_text(scan, run.store, "");
  INFO(points);
  CHECK(points.find("0/0") == std::string::npos);
  const auto first = points.find("4/4 done");
  REQUIRE(first != std::string::npos);
  CHECK(points.find("4/4 done", first + 1) != std::string::npos);
  const std::string status = status_text(scan, run.store);
  INFO(status);
  CHECK(status.find("predictions: 4/4 done") != std::string::npos);
  CHECK(status.find("0/0 done", status.find("network.width")) == std::string::npos);
}

TEST_CASE("status, show and repeat say what is there", "[ledger][inspect]") {
  const TemporaryDirectory directory;
  const auto scan = read(scan_text);
  Run run(scan, directory.path);
  Job job;
  do job = *run.take();
  while (job.kind != store::OwnerKind::point);
  const scan::Task::Member member = job.task.members.front();
  run.ledger.book_results(job, answered(scan::run_task(scan, job.task)));
  run.store.commit();
  const std::string status = status_text(scan, run.store);
  CHECK(status.find("network.width") != std::string::npos);
  INFO(status);
  CHECK(status.find(std::to_string(12 - job.task.members.size()) + " left\npredictions") != std::string::npos);
  CHECK(status_json(scan, run.store).find("\"wanted\": 12") != std::string::npos);
  CHECK(done_counts(scan, run.store).replicas == job.task.members.size());
  CHECK(done_counts(scan, run.store).predictions == 0);
  // The same directory under another text: what it does not ask for is told.
  CHECK(status.find("earlier text") == std::string::npos);
  const auto other = read(with(scan_text, "ridge: 0.1", "ridge: 0.2"));
  CHECK(status_text(other, run.store).find(std::to_string(job.task.members.size()) + " results of an earlier text") !=
        std::string::npos);
  CHECK(status_json(other, run.store).find("\"earlier\": " + std::to_string(job.task.members.size())) !=
        std::string::npos);

  const std::string show = show_text(scan, run.store, job.owner, member);
  CHECK(show.find(job.owner.hex()) != std::string::npos);
  CHECK(show.find("error_test") != std::string::npos);
  CHECK(find_task(scan, job.owner, member).has_value());
  CHECK_FALSE(find_task(scan, Id{}, member).has_value());

  const auto again = repeat(scan, run.store, job.owner, member);
  CHECK(again.equal);
  INFO(again.text);
  // Negative control: one bit of one number.
  auto results = scan::run_task(scan, job.task);
  results[0].rows[0].value = std::nextafter(results[0].rows[0].value, 10);
  run.ledger.book_results(job, answered(results));
  run.store.commit();
  CHECK_FALSE(repeat(scan, run.store, job.owner, member).equal);
  CHECK_THROWS_AS(repeat(scan, run.store, Id{}, member), EnvironmentError);
}

TEST_CASE("a sample computed again has the same bits, and a changed number is found", "[ledger][inspect]") {
  const TemporaryDirectory directory;
  const auto scan = read(scan_text);
  Run run(scan, directory.path);
  std::optional<Job> changed;
  while (const auto job = run.take()) {
    run.ledger.book_results(*job, answered(scan::run_task(scan, job->task)));
    if (job->kind == store::OwnerKind::point) changed = job;
  }
  run.store.commit();
  const auto all = recompute_sample(scan, run.store, 100, 60, 1);
  CHECK(all.computed == 16);
  CHECK(all.differences.empty());
  CHECK(recompute_sample(scan, run.store, 3, 60, 1).computed == 3);
  CHECK(recompute_sample(scan, run.store, 100, 0.05, 1).computed < 16);  // more than a second is spent by each of them
  // What was observed differently is not drawn: it could not be compared.
  const auto more = read(with(scan_text, "observe: [error_test]", "observe: [error_test, error_train]"));
  CHECK(recompute_sample(more, run.store, 100, 60, 1).computed == 4);
  auto results = scan::run_task(scan, changed->task);
  results[0].rows[0].value = std::nextafter(results[0].rows[0].value, 10);
  run.ledger.book_results(*changed, answered(results));
  run.store.commit();
  CHECK(recompute_sample(scan, run.store, 100, 60, 1).differences.size() == 1);
}
