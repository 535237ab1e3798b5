#include "fieldscan/store/store.hpp"

#include <fmt/format.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>

#include "fieldscan/core/error.hpp"
#include "implementation.hpp"
#include "schema.hpp"

namespace fieldscan::store {

namespace {

/// The magic numbers (statfs(2)) of file systems that are known to be local: ext, XFS, Btrfs, ZFS, F2FS, tmpfs, overlay.
constexpr std::array<std::uint64_t, 7> local_file_systems{0xEF53,     0x58465342, 0x9123683E, 0x2FC12FC1,
                                                          0xF2F52010, 0x01021994, 0x794C7630};

Journal journal_for(const std::filesystem::path& directory, Journal wanted) {
  if (wanted != Journal::by_file_system) return wanted;
  struct statfs about {};
  if (statfs(directory.c_str(), &about) != 0) return Journal::truncate;
  const auto type = static_cast<std::uint64_t>(static_cast<std::uint32_t>(about.f_type));
  return std::ranges::find(local_file_systems, type) != local_file_systems.end() ? Journal::wal : Journal::truncate;
}

/// Sets the journal and how hard commits are synced; WAL with normal syncing survives the death of the process, and after a power
/// failure it loses the last commits but never the file.
void set_journal(const Database& database, Journal journal) {
  const bool wal = journal == Journal::wal;
  const std::string got = database.text(wal ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = TRUNCATE");
  if (got != (wal ? "wal" : "truncate"))
    throw StoreError(fmt::format("the store can not change its journal (it stays '{}')", got));
  database.execute(wal ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
}

/// A look at every page takes a second for about a gigabyte: smaller files are always looked at, larger ones where the last writer
/// did not end in good order.
constexpr std::uintmax_t small_file = 256U << 20U;

void check_pages(const Database& database, const std::filesystem::path& file) {
  if (const std::string found = database.text("PRAGMA quick_check(1)"); found != "ok")
    throw StoreError(
        fmt::format("{} is damaged ({}); `verify` says what is lost: move it away and run again, or restore a copy",
                    file.string(), found));
}

Database open_for_writing(const std::filesystem::path& file, Journal journal, bool left_open) {
  std::error_code ignored;
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

Database open_for_reading(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    throw EnvironmentError(fmt::format("'{}' holds no run (there is no {}); is the directory right?",
                                       file.parent_path().string(), file.filename().string()));
  Database database(file, Access::read);
  if (is_empty(database))
    throw EnvironmentError(fmt::format("'{}' holds no run (its store is empty)", file.parent_path().string()));
  check_schema(database, file);
  return database;
}

}  // namespace

Store Store::open(const std::filesystem::path& directory, Mode mode, Journal journal) {
  const auto file = directory / "store.sqlite";
  if (mode == Mode::read)
    return Store(std::make_unique<Implementation>(directory, mode, open_for_reading(file), journal, std::nullopt));
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    throw EnvironmentError(fmt::format("can not make the directory '{}' ({}); choose one that can be written",
                                       directory.string(), error.message()));
  std::optional<WriterLock> lock(std::in_place, directory / "lock");
  const Journal chosen = journal_for(directory, journal);
  Database database = open_for_writing(file, chosen, lock->left_open());
  return Store(std::make_unique<Implementation>(directory, mode, std::move(database), chosen, std::move(lock)));
}

Store::Store(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

std::filesystem::path Store::directory() const { return implementation_->directory; }
Journal Store::journal() const { return implementation_->journal; }

}  // namespace fieldscan::store
