#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <fstream>

#include "../../src/store/lock.hpp"
#include "catch.hpp"
#include "directory.hpp"
#include "fieldscan/core/error.hpp"
#include "results.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

namespace fs = std::filesystem;
constexpr Id owner_id{.high = 7, .low = 7};

void put(Store& store, std::int64_t draw) {
  store.put(OwnerKind::point, owner_id, "owner", make_result(draw, 0, 1, 20), "error_test\n", {});
}

/// A store with the draws 0 … 9 committed.
Store open_with_results(const fs::path& directory, Journal journal) {
  Store store = Store::open(directory, Mode::write, journal);
  store.put_scan("a.yaml", "text", {}, "0.1");
  for (std::int64_t draw = 0; draw < 10; ++draw) put(store, draw);
  store.commit();
  return store;
}

/// What a commit of one result more says of files that are gone; fails where it says nothing.
std::string words_of_gone(Store& store) {
  put(store, 10);
  try {
    store.commit();
  } catch (const Gone& gone) {
    return gone.what();
  }
  FAIL("nothing was said");
  return "";
}

void check_results(const fs::path& directory, std::size_t expected) {
  const Store store = Store::open(directory, Mode::read);
  CHECK(store.verify().sound);
  CHECK(store.results(owner_id, Store::Arrays::with).size() == expected);
  CHECK(store.latest_scan().has_value());
}

}  // namespace

TEST_CASE("a run directory that is removed is said so, and comes back with all results", "[store][place]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const TemporaryDirectory directory;
  const fs::path run = directory.path / "runs" / "one";
  {
    Store store = open_with_results(run, journal);
    const auto what = GENERATE("runs", "runs/one", "runs/one/store.sqlite");
    fs::remove_all(directory.path / what);
    const std::string words = words_of_gone(store);
    INFO(words);
    CHECK(words.find("was removed while this run wrote to it") != std::string::npos);
    CHECK(words.find("saved again in " + (run / "store.sqlite").string()) != std::string::npos);
  }
  check_results(run, 11);
}

TEST_CASE("a removal is seen without anything to commit", "[store][place]") {
  const TemporaryDirectory directory;
  const fs::path run = directory.path / "run";
  Store store = open_with_results(run, Journal::wal);
  CHECK(store.try_commit(std::chrono::milliseconds(0)) == Commit::done);
  fs::remove_all(run);
  CHECK_THROWS_AS(store.try_commit(std::chrono::milliseconds(0)), Gone);
}

TEST_CASE("another store in the place of the open one is left alone, the results are saved beside it",
          "[store][place]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const TemporaryDirectory directory;
  const fs::path run = directory.path / "run", other = directory.path / "other";
  { Store second = open_with_results(other, journal); }
  {
    Store store = open_with_results(run, journal);
    fs::remove_all(run);
    fs::rename(other, run);
    const std::string words = words_of_gone(store);
    INFO(words);
    CHECK(words.find("store.saved.sqlite") != std::string::npos);
  }
  check_results(run, 10);
  fs::remove(run / "store.sqlite-wal");
  fs::rename(run / "store.saved.sqlite", run / "store.sqlite");
  check_results(run, 11);
}

TEST_CASE("a run directory that is moved keeps all results at its new place, and no second one is made",
          "[store][place]") {
  const TemporaryDirectory directory;
  const fs::path run = directory.path / "run", moved = directory.path / "moved";
  {
    Store store = open_with_results(run, Journal::wal);
    fs::rename(run, moved);
    const std::string words = words_of_gone(store);
    INFO(words);
    CHECK(words.find((moved / "store.sqlite").string()) != std::string::npos);
  }
  CHECK_FALSE(fs::exists(run));
  check_results(moved, 11);
}

TEST_CASE("a removed log of writes loses nothing", "[store][place]") {
  const auto file = GENERATE("store.sqlite-wal", "store.sqlite-shm");
  const TemporaryDirectory directory;
  {
    Store store = open_with_results(directory.path, Journal::wal);
    fs::remove(directory.path / file);
    CHECK(words_of_gone(store).find(file) != std::string::npos);
  }
  check_results(directory.path, 11);
}

TEST_CASE("a store that is overwritten is said so", "[store][place]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const TemporaryDirectory directory;
  Store store = open_with_results(directory.path, journal);
  fs::resize_file(directory.path / "store.sqlite", 0);
  CHECK(words_of_gone(store).find("was overwritten") != std::string::npos);
}

TEST_CASE("a lock that is removed is made again; one of another run ends this one", "[store][place]") {
  const TemporaryDirectory directory;
  Store store = open_with_results(directory.path, Journal::wal);
  fs::remove(directory.path / "lock");
  put(store, 10);
  CHECK_NOTHROW(store.commit());
  CHECK_THROWS_AS(Store::open(directory.path, Mode::write), Busy);
  fs::remove(directory.path / "lock");
  { const WriterLock of_another(directory.path / "lock"); }
  std::ofstream(directory.path / "lock") << "host another\npid 5\n";
  CHECK(words_of_gone(store).find("another run writes to this directory") != std::string::npos);
  check_results(directory.path, 11);
}

TEST_CASE("the lock of another run is not removed with one's own", "[store][place]") {
  const TemporaryDirectory directory;
  const fs::path file = directory.path / "lock";
  {
    const WriterLock lock(file);
    fs::remove(file);
    std::ofstream(file) << "another";
  }
  CHECK(fs::exists(file));
}

TEST_CASE("links, pipes and devices in a run directory are not followed", "[store][place]") {
  const TemporaryDirectory directory;
  const fs::path run = directory.path / "run", target = directory.path / "precious";
  fs::create_directory(run);
  std::ofstream(target) << "";
  const auto name = GENERATE("lock", "store.sqlite");
  SECTION("a link to a file") { fs::create_symlink(target, run / name); }
  SECTION("a link to nothing") { fs::create_symlink(directory.path / "nothing", run / name); }
  SECTION("a pipe") { REQUIRE(mkfifo((run / name).c_str(), 0600) == 0); }
  CHECK_THROWS_AS(Store::open(run, Mode::write), EnvironmentError);
  CHECK(fs::file_size(target) == 0);
  CHECK_FALSE(fs::exists(directory.path / "nothing"));
}

TEST_CASE("what only changes a store makes none", "[store][place]") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(Store::open(directory.path / "none", Mode::change), EnvironmentError);
  CHECK_FALSE(fs::exists(directory.path / "none"));
  CHECK_THROWS_AS(Store::open(directory.path, Mode::change), EnvironmentError);
  CHECK(fs::is_empty(directory.path));
}

TEST_CASE("an empty store where a run was is not taken as a new one", "[store][place]") {
  const TemporaryDirectory directory;
  const auto mode = GENERATE(Mode::read, Mode::write, Mode::change);
  std::ofstream(directory.path / "store.sqlite") << "";
  SECTION("beside the words of a run") { std::ofstream(directory.path / "run.log") << "start of 'a'\n"; }
  SECTION("beside a log of writes") { std::ofstream(directory.path / "store.sqlite-wal") << "writes"; }
  CHECK_THROWS_AS(Store::open(directory.path, mode), StoreError);
  CHECK(fs::file_size(directory.path / "store.sqlite") == 0);
}

TEST_CASE("an empty file alone, and a log alone, are a place for a new store", "[store][place]") {
  const TemporaryDirectory directory;
  SECTION("a run was killed before it wrote anything") { std::ofstream(directory.path / "store.sqlite") << ""; }
  SECTION("somebody moved the store away") { std::ofstream(directory.path / "run.log") << "start of 'a'\n"; }
  CHECK_NOTHROW(Store::open(directory.path, Mode::write));
}

TEST_CASE("a store that is overwritten in place by a file of its size is noticed before more is written to it",
          "[store][place]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const bool another = GENERATE(true, false);
  const TemporaryDirectory directory;
  { const Store first = open_with_results(directory.path, journal); }  // all of it is in the file itself now
  Store store = Store::open(directory.path, Mode::write, journal);
  const fs::path file = directory.path / "store.sqlite";
  const auto size = fs::file_size(file);
  std::string content(size, '\0');
  if (another) {
    std::ifstream in(file, std::ios::binary);
    in.read(content.data(), static_cast<std::streamsize>(size));
    for (std::size_t at = 4096; at < content.size(); at += 512) content[at] = static_cast<char>(content[at] ^ 0x55);
  }
  {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.write(content.data(), static_cast<std::streamsize>(size));
  }
  REQUIRE(fs::file_size(file) == size);
  CHECK(words_of_gone(store).find("overwritten") != std::string::npos);
}
