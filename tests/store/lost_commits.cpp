#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "catch.hpp"
#include "directory.hpp"
#include "results.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

constexpr Id owner_id{.high = 3, .low = 9};
constexpr int commits_made = 6;

void put(Store& store, std::int64_t draw) {
  store.put(OwnerKind::point, owner_id, "owner", make_result(draw, 0, 1.0, 40), "error_test\n", {.host = "here"});
}

/// A run that commits six results one by one, and is killed.
void make_killed_run(const std::filesystem::path& directory, Journal journal) {
  const pid_t child = fork();
  if (child == 0) {
    Store store = Store::open(directory, Mode::write, journal);
    for (int draw = 0; draw < commits_made; ++draw) {
      put(store, draw);
      store.commit();
    }
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
}

void flip(const std::filesystem::path& file, std::uintmax_t at) {
  std::fstream io(file, std::ios::binary | std::ios::in | std::ios::out);
  io.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(io.get() ^ 4);
  io.seekp(static_cast<std::streamoff>(at));
  io.put(byte);
  REQUIRE(io.good());
}

std::size_t results_in(const Store& store) { return store.results(owner_id, Store::Arrays::without).size(); }

/// Readers and the next writer say it until there are commits again; and the next writer goes on.
void expect_told(const std::filesystem::path& directory) {
  std::size_t there = 0;
  for (int times = 0; times < 2; ++times) {
    const Store reader = Store::open(directory, Mode::read);
    there = results_in(reader);
    CHECK(there < commits_made);
    CHECK(reader.lost().find("lost") != std::string::npos);
  }
  Store writer = Store::open(directory, Mode::write);
  CHECK(writer.lost().find("computes what they held again") != std::string::npos);
  put(writer, 100);
  writer.commit();
  CHECK(results_in(writer) == there + 1);
}

}  // namespace

TEST_CASE("a killed run whose log is whole has lost nothing, and nothing is said", "[store]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const TemporaryDirectory directory;
  make_killed_run(directory.path, journal);
  {
    const Store reader = Store::open(directory.path, Mode::read);
    CHECK(results_in(reader) == commits_made);
    CHECK(reader.lost().empty());
  }
  const Store writer = Store::open(directory.path, Mode::write, journal);
  CHECK(results_in(writer) == commits_made);
  CHECK(writer.lost().empty());
}

TEST_CASE("a flipped bit in the log of writes of a killed run is told wherever it is", "[store]") {
  const double place = GENERATE(0.4, 0.7, 0.999);
  const TemporaryDirectory directory;
  make_killed_run(directory.path, Journal::wal);
  const auto log = directory.path / "store.sqlite-wal";
  flip(log, static_cast<std::uintmax_t>(place * static_cast<double>(std::filesystem::file_size(log))));
  expect_told(directory.path);
}

TEST_CASE("a log of writes that was cut is told", "[store]") {
  const TemporaryDirectory directory;
  make_killed_run(directory.path, Journal::wal);
  const auto log = directory.path / "store.sqlite-wal";
  std::filesystem::resize_file(log, std::filesystem::file_size(log) / 2);
  expect_told(directory.path);
}

TEST_CASE("what was lost is said once: a run that ends in good order leaves nothing to miss", "[store]") {
  const TemporaryDirectory directory;
  make_killed_run(directory.path, Journal::wal);
  const auto log = directory.path / "store.sqlite-wal";
  flip(log, std::filesystem::file_size(log) - 100);
  {
    Store writer = Store::open(directory.path, Mode::write);
    CHECK(!writer.lost().empty());
    put(writer, 0);
    writer.commit();
  }
  CHECK(Store::open(directory.path, Mode::read).lost().empty());
  CHECK(Store::open(directory.path, Mode::write).lost().empty());
}

TEST_CASE("a log of writes that is lost together with the lock is missed", "[store]") {
  const TemporaryDirectory directory;
  make_killed_run(directory.path, Journal::wal);
  for (const char* file : {"store.sqlite-wal", "store.sqlite-shm", "lock"})
    std::filesystem::remove(directory.path / file);
  // All commits were in the log: nothing of a store is left, which is damage, not an empty directory.
  try {
    const Store reader = Store::open(directory.path, Mode::read);
    CHECK(reader.lost().find("6 commits") != std::string::npos);
  } catch (const StoreError& error) {
    CHECK(std::string(error.what()).find("lost") != std::string::npos);
  }
  Store writer = Store::open(directory.path, Mode::write, Journal::wal);
  CHECK(writer.lost().find("6 commits") != std::string::npos);
  put(writer, 1);
  writer.commit();
}

TEST_CASE("an older copy of a store that ended well is known as such", "[store]") {
  const TemporaryDirectory directory;
  const auto file = directory.path / "store.sqlite", copy = directory.path / "copy";
  for (int draw = 0; draw < 2; ++draw) {
    {
      Store store = Store::open(directory.path, Mode::write);
      put(store, draw);
      store.commit();
    }
    if (draw == 0) std::filesystem::copy_file(file, copy);
    CHECK(Store::open(directory.path, Mode::read).lost().empty());
  }
  std::filesystem::rename(copy, file);
  CHECK(Store::open(directory.path, Mode::read).lost().find("last commit") != std::string::npos);
}
