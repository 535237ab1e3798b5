#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <set>

#include "catch.hpp"
#include "directory.hpp"
#include "faults.hpp"
#include "fieldscan/core/error.hpp"
#include "results.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

constexpr Id owner_id{.high = 7, .low = 7};

/// Enough rows that a commit takes many pages.
Result result_of(std::int64_t draw) { return make_result(draw, 0, static_cast<double>(draw), 150); }

void put(Store& store, std::int64_t draw) {
  store.put(OwnerKind::point, owner_id, "owner", result_of(draw), "error_test\n", {.host = "here"});
}

/// Three commits of two results each; every draw that is acknowledged goes through the pipe.
[[noreturn]] void write_and_die(const std::filesystem::path& directory, Journal journal, std::int64_t draw, long call,
                                int pipe) {
  faults::install(faults::Fault::kill, call);
  Store store = Store::open(directory, Mode::write, journal);
  for (int commit = 0; commit < 3; ++commit) {
    std::array<std::int64_t, 2> draws{draw++, draw++};
    for (const std::int64_t one : draws) put(store, one);
    store.commit();
    if (write(pipe, draws.data(), sizeof draws) != sizeof draws) _exit(3);
  }
  _exit(0);
}

/// Reads what was acknowledged before the child's end; whether it was killed.
bool run_child(const std::filesystem::path& directory, Journal journal, std::int64_t draw, long call,
               std::set<std::int64_t>& acknowledged) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t child = fork();
  if (child == 0) write_and_die(directory, journal, draw, call, ends[1]);
  close(ends[1]);
  for (std::int64_t seen = 0; read(ends[0], &seen, sizeof seen) == sizeof seen;) acknowledged.insert(seen);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE((WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0));
  return WIFSIGNALED(status);
}

void check_store(const std::filesystem::path& directory, const std::set<std::int64_t>& acknowledged) {
  const Store reader = Store::open(directory, Mode::read);
  CHECK(reader.verify().sound);
  std::set<std::int64_t> there;
  for (const auto& stored : reader.results(owner_id, Store::Arrays::with)) {
    CHECK(there.insert(stored.result.data_draw).second);  // none twice
    const Result expected = result_of(stored.result.data_draw);
    CHECK(stored.result.rows == expected.rows);  // and none in part
    CHECK(same_bits(stored.result.arrays.at(0).data, expected.arrays.at(0).data));
  }
  CHECK(std::ranges::includes(there, acknowledged));
}

}  // namespace

TEST_CASE("a kill at any write of a commit loses nothing that was acknowledged", "[store][faults]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const TemporaryDirectory directory;
  std::set<std::int64_t> acknowledged;
  std::int64_t draw = 0;
  long kills = 0;
  for (long call = 1;; ++call, draw += 6) {
    if (!run_child(directory.path, journal, draw, call, acknowledged)) break;
    ++kills;
    if (std::filesystem::exists(directory.path / "store.sqlite") && !acknowledged.empty())
      check_store(directory.path, acknowledged);
    REQUIRE(call < 1000);
  }
  INFO("killed " << kills << " times");
  CHECK(kills >= 30);
  CHECK(acknowledged.size() >= 6);
  check_store(directory.path, acknowledged);
}

TEST_CASE("a full disk and a vanished file system fail clearly, and what was put can be committed later",
          "[store][faults]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const auto fault = GENERATE(faults::Fault::full, faults::Fault::gone);
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write, journal);
  put(store, 0);
  store.commit();
  for (long call = 1; call <= 12; ++call) {
    put(store, call);
    faults::install(fault, call);
    bool failed = false;
    try {
      store.commit();
    } catch (const EnvironmentError& error) {
      failed = true;
      INFO(error.what());
      CHECK(std::string(error.what()).find("nothing acknowledged is lost") != std::string::npos);
      CHECK(store.uncommitted() == 1);
      CHECK(store.standings(owner_id).size() == static_cast<std::size_t>(call));
    }
    faults::install(fault, 0);
    if (call == 1) CHECK(failed);
    store.commit();
    CHECK(store.uncommitted() == 0);
    CHECK(store.standings(owner_id).size() == static_cast<std::size_t>(call) + 1);
  }
  CHECK(store.verify().sound);
}
