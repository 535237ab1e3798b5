#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <fstream>
#include <thread>

#include "../../src/store/lock.hpp"
#include "catch.hpp"
#include "directory.hpp"
#include "fieldscan/core/error.hpp"
#include "results.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

void put(Store& store, std::int64_t draw, double value) {
  store.put(OwnerKind::point, Id{.high = 7, .low = 7}, "owner", make_result(draw, 0, value, 20), "error_test\n", {});
}

}  // namespace

TEST_CASE("a second writer is refused while the first lives, and let in after it", "[store]") {
  const TemporaryDirectory directory;
  {
    const Store first = Store::open(directory.path, Mode::write);
    CHECK_THROWS_AS(Store::open(directory.path, Mode::write), Busy);
    const pid_t child = fork();
    if (child == 0) {
      try {
        const Store second = Store::open(directory.path, Mode::write);
        _exit(1);
      } catch (const Busy& busy) {
        _exit(std::string(busy.what()).find(std::to_string(getppid())) != std::string::npos ? 0 : 2);
      }
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 0);
  }
  CHECK_NOTHROW(Store::open(directory.path, Mode::write));
}

TEST_CASE("the lock of a dead process is taken over; that of another host is not", "[store]") {
  const TemporaryDirectory directory;
  const auto file = directory.path / "lock";
  Holder dead = Holder::self();
  dead.start_time += 1;  // the same pid, used again
  std::ofstream(file) << dead.text();
  CHECK_NOTHROW(WriterLock(file));
  Holder alive = Holder::self();
  std::ofstream(file) << alive.text();
  CHECK_THROWS_AS(WriterLock(file), Busy);
  Holder elsewhere = Holder::self();
  elsewhere.host = "another-host";
  elsewhere.job = "";
  std::ofstream(file) << elsewhere.text();
  CHECK_THROWS_AS(WriterLock(file), Busy);
  std::ofstream(file) << "";
  CHECK_NOTHROW(WriterLock(file));
}

TEST_CASE("a holder's text reads back", "[store]") {
  const Holder self = Holder::self();
  const auto back = Holder::parse(self.text());
  REQUIRE(back.has_value());
  CHECK(back->host == self.host);
  CHECK(back->pid == getpid());
  CHECK(back->start_time == self.start_time);
  CHECK(back->boot == self.boot);
  CHECK(may_be_alive(*back));
  CHECK_FALSE(Holder::parse("").has_value());
}

TEST_CASE("after kill -9 every acknowledged result is there, whole", "[store]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const TemporaryDirectory directory;
  int last_known = 0;
  for (int round = 0; round < 4; ++round) {
    int acknowledged[2];
    REQUIRE(pipe(acknowledged) == 0);
    const pid_t child = fork();
    if (child == 0) {
      Store store = Store::open(directory.path, Mode::write, journal);
      for (int draw = last_known; draw < 1000000; ++draw) {
        put(store, draw, draw);
        store.commit();
        if (write(acknowledged[1], &draw, sizeof draw) != sizeof draw) _exit(1);
      }
      _exit(0);
    }
    close(acknowledged[1]);
    int draw = 0;
    for (int first = 0; first < 5; ++first) REQUIRE(read(acknowledged[0], &draw, sizeof draw) == sizeof draw);
    last_known = draw + 1;
    std::this_thread::sleep_for(std::chrono::microseconds(500 + 3700 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(acknowledged[0], &draw, sizeof draw) == sizeof draw) last_known = draw + 1;
    close(acknowledged[0]);

    const Store store = Store::open(directory.path, Mode::read);
    const auto check = store.verify();
    CHECK(check.sound);
    CHECK(check.results >= static_cast<std::uint64_t>(last_known));
    CHECK(check.results <= static_cast<std::uint64_t>(last_known) + 1);
  }
  CHECK(last_known >= 20);
}

TEST_CASE("readers read while the writer writes, and see whole commits", "[store]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const TemporaryDirectory directory;
  Store writer = Store::open(directory.path, Mode::write, journal);
  const pid_t child = fork();
  if (child == 0) {
    std::size_t seen = 0;
    while (seen < 200) {
      const Store reader = Store::open(directory.path, Mode::read);
      seen = 0;
      bool whole = true;
      reader.for_each(Store::Arrays::with, [&](const StoredResult& stored) {
        ++seen;
        whole = whole && stored.result.rows.size() == 20 && stored.result.arrays.size() == 1;
      });
      if (!whole || seen % 2 != 0) _exit(1);
    }
    _exit(0);
  }
  for (std::int64_t draw = 0; draw < 200; draw += 2) {
    put(writer, draw, 1);
    put(writer, draw + 1, 2);
    REQUIRE_NOTHROW(writer.commit());
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a full disk is said so; what was put is kept and can be committed later", "[store]") {
  const TemporaryDirectory directory;
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    try {
      Store store = Store::open(directory.path, Mode::write, Journal::truncate);
      const rlimit small{200000, RLIM_INFINITY}, large{RLIM_INFINITY, RLIM_INFINITY};
      setrlimit(RLIMIT_FSIZE, &small);
      for (std::int64_t draw = 0; draw < 1000; ++draw) put(store, draw, 1);
      bool refused = false;
      try {
        store.commit();
      } catch (const EnvironmentError&) {
        refused = true;
      }
      if (!refused || store.uncommitted() != 1000) _exit(1);
      setrlimit(RLIMIT_FSIZE, &large);
      store.commit();
      _exit(store.uncommitted() == 0 && store.verify().sound && store.verify().results == 1000 ? 0 : 2);
    } catch (...) {
      _exit(3);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("the journal can change between runs", "[store]") {
  const TemporaryDirectory directory;
  for (const Journal journal : {Journal::wal, Journal::truncate, Journal::wal}) {
    Store store = Store::open(directory.path, Mode::write, journal);
    put(store, static_cast<std::int64_t>(journal), 1);
    store.commit();
    CHECK(store.verify().sound);
  }
}
