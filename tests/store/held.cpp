#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <chrono>
#include <csignal>

#include "../../src/store/holders.hpp"
#include "../../src/store/sqlite.hpp"
#include "catch.hpp"
#include "directory.hpp"
#include "results.hpp"

using namespace fieldscan;
using namespace fieldscan::store;
using namespace std::chrono_literals;

namespace {

constexpr Id owner_id{.high = 7, .low = 7};

void put(Store& store, std::int64_t draw) {
  store.put(OwnerKind::point, owner_id, "owner", make_result(draw, 0, 1, 20), "error_test\n", {});
}

/// A process that holds the store by a statement until it is let go.
class Holder {
 public:
  Holder(const std::filesystem::path& file, const char* begin, const char* then) {
    std::array<int, 2> ready{}, go{};
    REQUIRE((pipe(ready.data()) == 0 && pipe(go.data()) == 0));
    pid_ = fork();
    if (pid_ == 0) {
      close(go[1]);
      const Database database(file, Access::write);
      database.execute(begin);
      database.execute(then);
      char byte = 1;
      if (write(ready[1], &byte, 1) != 1) _exit(1);
      [[maybe_unused]] const ssize_t got = read(go[0], &byte, 1);
      _exit(0);
    }
    close(ready[1]);
    close(go[0]);
    go_ = go[1];
    char byte = 0;
    REQUIRE(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { let_go(); }
  void let_go() {
    if (pid_ <= 0) return;
    close(go_);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  int go_ = -1;
};

}  // namespace

TEST_CASE("a store that others hold keeps what was put, and says who holds it", "[store][held]") {
  const auto [journal, begin] = GENERATE(table<Journal, const char*>({
      {Journal::wal, "BEGIN IMMEDIATE"},
      {Journal::wal, "BEGIN EXCLUSIVE"},
      {Journal::truncate, "BEGIN IMMEDIATE"},
      {Journal::truncate, "BEGIN EXCLUSIVE"},
      {Journal::truncate, "BEGIN"},  // a reader that rests
  }));
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write, journal);
  put(store, 0);
  store.commit();
  Holder holder(directory.path / "store.sqlite", begin, "SELECT count(*) FROM result");
  INFO(begin);
  put(store, 1);
  CHECK(store.try_commit(50ms) == Commit::held);
  CHECK(store.uncommitted() == 1);
  put(store, 2);
  CHECK(store.try_commit(0ms) == Commit::held);
  CHECK(store.uncommitted() == 2);
  CHECK(store.holders().find("process " + std::to_string(holder.pid())) != std::string::npos);
  holder.let_go();
  CHECK(store.try_commit(5s) == Commit::done);
  CHECK(store.uncommitted() == 0);
  CHECK(holders_of(directory.path / "store.sqlite").empty());
  CHECK(store.results(owner_id, Store::Arrays::with).size() == 3);
  CHECK(store.verify().sound);
}

TEST_CASE("with a write-ahead log a resting reader makes nobody wait", "[store][held]") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write, Journal::wal);
  put(store, 0);
  store.commit();
  const Holder reader(directory.path / "store.sqlite", "BEGIN", "SELECT count(*) FROM result");
  put(store, 1);
  CHECK(store.try_commit(0ms) == Commit::done);
}

TEST_CASE("measured costs that wait for a commit are kept once", "[store][held]") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write);
  for (int k = 0; k < 5; ++k) store.put_costs({{"training hmc", {1, static_cast<double>(k)}}});
  CHECK(store.uncommitted() == 0);  // results
  store.commit();
  CHECK(store.costs().at("training hmc") == CostFactor{1, 4});
}
