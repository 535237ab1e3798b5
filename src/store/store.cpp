#include "fieldscan/store/store.hpp"

#include <fmt/format.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>

#include "count.hpp"
#include "fieldscan/core/error.hpp"
#include "implementation.hpp"
#include "schema.hpp"

namespace fieldscan::store {

namespace {

/// The magic numbers (statfs(2)) of file systems that are known to be local: ext, XFS, Btrfs, ZFS, F2FS, tmpfs,
/// overlay.
constexpr std::array<std::uint64_t, 7> local_file_systems{0xEF53,     0x58465342, 0x9123683E, 0x2FC12FC1,
                                                          0xF2F52010, 0x01021994, 0x794C7630};

Journal journal_for(const std::filesystem::path& directory, Journal wanted) {
  if (wanted != Journal::by_file_system) return wanted;
  struct statfs about {};
  if (statfs(directory.c_str(), &about) != 0) return Journal::truncate;
  const auto type = static_cast<std::uint64_t>(static_cast<std::uint32_t>(about.f_type));
  return std::ranges::find(local_file_systems, type) != local_file_systems.end() ? Journal::wal : Journal::truncate;
}

/// Sets the journal and how hard commits are synced; WAL with normal syncing survives the death of the process, and
/// after a power failure it loses the last commits but never the file.
void set_journal(const Database& database, Journal journal) {
  const bool wal = journal == Journal::wal;
  const std::string got = database.text(wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = TRUNCATE");
  if (got != (wal ? "wal" : "truncate"))
    throw StoreError(fmt::format("the store can not change its journal (it stays '{}')", got));
  database.execute(wal ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
}

void check_pages(const Database& database, const std::filesystem::path& file) {
  if (const std::string found = database.text("PRAGMA quick_check(1)"); found != "ok")
    throw StoreError(
        fmt::format("{} is damaged ({}); `verify` says what is lost: move it away and run again, or restore a copy",
                    file.string(), found));
}

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

/// A store that is empty though a run was here, or a log without its store: what was there is lost, and SQLite would
/// take it as new.
void expect_not_lost(const std::filesystem::path& file) {
  if (size_of(file) > 0) return;
  std::error_code ignored;
  const bool there = std::filesystem::exists(file, ignored);
  const std::filesystem::path log = file.string() + "-wal", words = file.parent_path() / "run.log";
  const bool has_log = size_of(log) > 0;
  if (!has_log && !(there && size_of(words) > 0)) return;
  throw StoreError(
      fmt::format("{} is {}, but a run was here ({} says so): its results are lost; restore a copy, or, to begin "
                  "anew, remove {}{}",
                  file.string(), there ? "empty" : "missing", (has_log ? log : words).string(),
                  there ? file.string() : "", has_log ? (there ? " and " : "") + log.string() : ""));
}

/// A file that is no ordinary one: SQLite would follow a link, and wait for the other end of a pipe.
void expect_ordinary(const std::filesystem::path& file, std::filesystem::file_status status) {
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw EnvironmentError(
        fmt::format("{} is no ordinary file but a link, pipe or device; choose another directory", file.string()));
}

/// Smaller files are always looked at, larger ones where the last writer did not end in good order.
Database open_for_writing(const std::filesystem::path& file, Journal journal, bool left_open) {
  std::error_code ignored;
  expect_ordinary(file, std::filesystem::symlink_status(file, ignored));
  expect_not_lost(file);
  const bool look = left_open || std::filesystem::file_size(file, ignored) <= small_file;
  Database database(file, Access::write);
  if (!is_empty(database)) {
    check_schema(database, file);
    if (look) check_pages(database, file);
  }
  set_journal(database, journal);
  bring_schema(database);
  return database;
}

void expect_there(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    throw EnvironmentError(fmt::format("'{}' holds no run (there is no {}); is the directory right?",
                                       file.parent_path().string(), file.filename().string()));
}

Database open_for_reading(const std::filesystem::path& file) {
  expect_there(file);
  std::error_code ignored;
  expect_ordinary(file, std::filesystem::status(file, ignored));
  expect_not_lost(file);
  Database database(file, Access::read);
  if (is_empty(database)) {
    if (counted_commits(file.parent_path()) > 0)
      throw StoreError(
          fmt::format("the store in '{}' is empty: what runs had committed is lost with the log of writes; "
                      "`fieldscan run` computes it again",
                      file.parent_path().string()));
    throw EnvironmentError(fmt::format("'{}' holds no run (its store is empty)", file.parent_path().string()));
  }
  check_schema(database, file);
  return database;
}

/// The files of a store that is open for writing.
std::vector<Place> places_of(const std::filesystem::path& file, Journal journal) {
  const std::filesystem::path path = std::filesystem::absolute(file);
  std::vector<Place> places;
  places.emplace_back(path);
  places.front().remember_size();
  if (journal == Journal::wal)
    for (const char* of_log : {"-wal", "-shm"}) places.emplace_back(path.string() + of_log);
  return places;
}

/// How many of the commits that a run says it made are not there.
std::int64_t missed_commits(std::int64_t marked, const Database& database) {
  return std::max<std::int64_t>(marked - commits_of(database), 0);
}

}  // namespace

Store Store::open(const std::filesystem::path& directory, Mode mode, Journal journal) {
  const auto file = directory / "store.sqlite";
  if (mode == Mode::read) {
    const std::int64_t marked = counted_commits(directory);  // before the store: it may grow meanwhile
    auto reader = std::make_unique<Implementation>(directory, mode, open_for_reading(file), journal, std::nullopt);
    reader->lost_commits = missed_commits(marked, reader->database);
    return Store(std::move(reader));
  }
  if (mode == Mode::change) expect_there(file);
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    throw EnvironmentError(fmt::format("can not make the directory '{}' ({}); choose one that can be written",
                                       directory.string(), error.message()));
  const std::int64_t marked = counted_commits(directory);
  std::optional<WriterLock> lock(std::in_place, directory / "lock");
  const Journal chosen = journal_for(directory, journal);
  Database database = open_for_writing(file, chosen, lock->left_open());
  const std::int64_t missed = missed_commits(marked, database);
  auto implementation = std::make_unique<Implementation>(directory, mode, std::move(database), chosen, std::move(lock));
  implementation->lost_commits = missed;
  implementation->places = places_of(file, chosen);
  return Store(std::move(implementation));
}

Store::Store(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

std::filesystem::path Store::directory() const { return implementation_->directory; }
Journal Store::journal() const { return implementation_->journal; }

}  // namespace fieldscan::store
