#include <sys/syscall.h>
#include <unistd.h>

#include "catch.hpp"
#include "directory.hpp"
#include "results.hpp"

namespace {

int syncs = 0;  ///< calls by which files were made durable

}  // namespace

// In the place of the system's: SQLite's calls come here.
extern "C" int fsync(int descriptor) {
  ++syncs;
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}
extern "C" int fdatasync(int descriptor) {
  ++syncs;
  return static_cast<int>(syscall(SYS_fdatasync, descriptor));
}

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

/// The syncs of one commit.
int syncs_of_commit(Journal journal) {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write, journal);
  const auto put_one = [&](std::int64_t draw) {
    store.put(OwnerKind::point, {.high = 1, .low = 2}, "owner", make_result(draw, 0, 1), "error_test\n", {});
    store.commit();
  };
  put_one(0);
  const int before = syncs;
  put_one(1);
  return syncs - before;
}

}  // namespace

TEST_CASE("a commit with a rollback journal is synced, journal and store; one with a log of writes waits for nothing",
          "[store]") {
  CHECK(syncs_of_commit(Journal::truncate) >= 2);
  CHECK(syncs_of_commit(Journal::wal) == 0);
}
