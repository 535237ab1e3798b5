#include "fieldscan/campaign/cluster/stop.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <fstream>
#include <iterator>

#include "../../../src/campaign/inspect/last_words.hpp"
#include "../../../src/campaign/master/log.hpp"
#include "../../../src/campaign/master/progress.hpp"
#include "../../../src/store/lock.hpp"
#include "../../store/directory.hpp"
#include "catch.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/store/writer.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;

namespace {

/// The lock of a process of this host that is dead.
std::string lock_of_the_dead() {
  const pid_t pid = fork();
  if (pid == 0) _exit(0);
  waitpid(pid, nullptr, 0);
  store::Holder holder = store::Holder::self();
  holder.pid = pid;
  return holder.text();
}

}  // namespace

TEST_CASE("status and stop tell a run that is stopped by a signal, and one that goes on again", "[stop]") {
  const TemporaryDirectory directory;
  const pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  store::Holder holder = store::Holder::of(child);
  std::ofstream(directory.path / "lock") << holder.text();
  CHECK(store::writer_of(directory.path).stopped.empty());
  kill(child, SIGSTOP);
  int status = 0;
  waitpid(child, &status, WUNTRACED);
  CHECK(store::writer_of(directory.path).stopped == "process " + std::to_string(child));
  CHECK(request_stop(directory.path, StopWish::drain).find("kill -CONT") != std::string::npos);
  kill(child, SIGCONT);
  waitpid(child, &status, WCONTINUED);
  CHECK(store::writer_of(directory.path).stopped.empty());
  CHECK(request_stop(directory.path, StopWish::drain).find("kill -CONT") == std::string::npos);
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
}

TEST_CASE("a wish to stop reaches a run that lives, once, and nobody else", "[stop]") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(request_stop(directory.path, StopWish::drain), EnvironmentError);
  CHECK_FALSE(stop_request(directory.path).has_value());
  {
    const store::WriterLock lock(directory.path / "lock");
    CHECK(store::writer_of(directory.path).state == store::Writer::State::alive);
    CHECK(request_stop(directory.path, StopWish::drain).find(std::to_string(getpid())) != std::string::npos);
    CHECK(stop_request(directory.path) == StopWish::drain);
    request_stop(directory.path, StopWish::now);
    CHECK(stop_request(directory.path) == StopWish::now);
    forget_stop_request(directory.path);
    CHECK_FALSE(stop_request(directory.path).has_value());
    // A link in its place is neither followed nor written through.
    const auto target = directory.path / "target";
    std::ofstream(target) << "now";
    std::filesystem::create_symlink(target, directory.path / "stop");
    CHECK_FALSE(stop_request(directory.path).has_value());
    request_stop(directory.path, StopWish::drain);
    CHECK(stop_request(directory.path) == StopWish::drain);
    std::ifstream in(target);
    CHECK(std::string{std::istreambuf_iterator<char>(in), {}} == "now");
  }
  CHECK(store::writer_of(directory.path).state == store::Writer::State::none);
  std::ofstream(directory.path / "lock") << lock_of_the_dead();
  CHECK(store::writer_of(directory.path).state == store::Writer::State::dead);
  CHECK_THROWS_AS(request_stop(directory.path, StopWish::drain), EnvironmentError);
}

TEST_CASE("status knows a run that was killed on this host at once", "[stop][inspect]") {
  const TemporaryDirectory directory;
  const std::string text = R"(fieldscan: 1
name: study
data: {input: {kind: sphere, dim: 4}, target: {kind: gegenbauer, levels: {1: 1}}, train_size: 6}
network: {width: 8}
ridge: 0.1
training: {kind: hmc, samples: 40}
observe: [error_test]
scan: {grid: {network.width: [4, 8]}}
)";
  const auto read = scan::read_scan(text, "scan.yaml");
  REQUIRE(read.scan.has_value());
  { const auto made = store::Store::open(directory.path, store::Mode::write); }
  const auto store = store::Store::open(directory.path, store::Mode::read);
  Progress progress{.wanted = 400, .done = 100, .running = 90, .seconds = 50};
  write_status(directory.path, progress);
  const auto first_line = [&] {
    const std::string all = status_text(*read.scan, store);
    return all.substr(0, all.find('\n'));
  };
  {
    const store::WriterLock lock(directory.path / "lock");
    CHECK(first_line().find("running") != std::string::npos);
    CHECK(status_json(*read.scan, store).find("\"killed\": false") != std::string::npos);
  }
  const auto says = [&](const char* words) { return first_line().find(words) != std::string::npos; };
  const auto json_says = [&](const char* words) {
    return status_json(*read.scan, store).find(words) != std::string::npos;
  };
  std::ofstream(directory.path / "lock") << lock_of_the_dead();
  CHECK(says("killed"));
  CHECK_FALSE(says("running on"));
  CHECK(json_says("\"killed\": true,\n\"ended\": null"));
  // Who takes its lock away was not killed; and what ends a run is in its log.
  RunLog log(directory.path);
  log.info("start", "start of 'study'");
  log.error("commit_failed", "the disk is \"full\"");
  log.info("task", "another line");
  CHECK(says("killed"));
  CHECK(says("the last error in its log: the disk is \"full\""));
  log.error("broken", "can not write to the store");
  CHECK(says("ended"));
  CHECK(says("its log says: can not write to the store"));
  CHECK_FALSE(says("killed"));
  CHECK(json_says("\"killed\": false,\n\"ended\": \"can not write to the store\""));
  log.info("start", "start of 'study'");  // of the next run
  CHECK(says("killed"));
  CHECK_FALSE(says("can not write"));
  std::filesystem::remove(directory.path / "lock");
  CHECK(says("ended"));
  CHECK(says("could not write how"));
  CHECK(json_says("\"killed\": false"));
  progress.exit_status = 75;
  progress.state = "drained";
  write_status(directory.path, progress);
  CHECK(first_line().find("drained") != std::string::npos);
}

TEST_CASE("the words of a run follow its directory where that was moved", "[stop][inspect]") {
  const TemporaryDirectory directory;
  const auto here = directory.path / "here", there = directory.path / "there";
  std::filesystem::create_directory(here);
  RunLog log(here);
  log.info("start", "start");
  CHECK_FALSE(last_words(here).ended);
  std::filesystem::rename(here, there);
  log.error("store_gone", "the store was moved");
  CHECK(last_words(there).ended);
  CHECK(last_words(there).words == "the store was moved");
  CHECK_FALSE(std::filesystem::exists(here));
  // A file alone that was moved is made again.
  std::filesystem::create_directory(here);
  log.error("broken", "again");
  CHECK(last_words(here).words == "again");
  CHECK_FALSE(last_words(directory.path).ended);
}
