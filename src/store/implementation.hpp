#pragma once
#include <unordered_map>
#include <variant>

#include "fieldscan/store/store.hpp"
#include "lock.hpp"
#include "place.hpp"
#include "sqlite.hpp"

namespace fieldscan::store {

/// One result as it was put, until it is committed.
struct Put {
  OwnerKind kind;
  Id owner;
  std::string owner_text;
  Result result;
  std::string observed;
  Provenance provenance;
};
struct Invalidate {
  Id owner;
  std::string reason;
};

struct PutCosts {
  std::map<std::string, CostFactor> costs;
};
using Change = std::variant<Put, Invalidate, PutCosts>;

struct Store::Implementation {
  Implementation(std::filesystem::path directory_, Mode mode_, Database database_, Journal journal_,
                 std::optional<WriterLock> lock_)
      : directory(std::move(directory_)),
        mode(mode_),
        journal(journal_),
        lock(std::move(lock_)),
        database(std::move(database_)) {}

  std::filesystem::path directory;
  Mode mode;
  Journal journal;
  std::optional<WriterLock> lock;  ///< released after the database is closed
  Database database;
  std::vector<Place>
      places;  ///< the file, then what belongs to its write-ahead log; of a store that is opened for writing
  std::vector<Change> pending;
  std::int64_t lost_commits = 0;  ///< made by a run that was killed, and not there any more
};

/// What a result's checksum is over: everything of it but its provenance.
std::uint64_t checksum_of(Id owner, const Result& result, std::string_view observed);

/// What stands beside the numbers: a seal is the checksum of it.
struct Sealed {
  Id owner;
  std::int64_t draw = 0, initialisation = 0;
  Standing standing;
  std::optional<std::string> invalid;  ///< why it is not used any more
};
std::uint64_t seal_of(const Sealed& sealed);
std::uint64_t seal_of_owner(Id owner, OwnerKind kind, std::string_view text);
std::uint64_t seal_of_scan(const Store::ScanText& scan, std::int64_t latest);

/// An id as 16 bytes that sort like it.
std::string bytes_of(Id id);
Id id_of(std::string_view bytes);

/// Commits a transaction as one more of the store's commits.
void commit_counted(const Database& database, Transaction& transaction);
/// Writes beside the store how many commits it has had: after them, so that the store never has fewer unless some are
/// lost.
void mark_commits(Store::Implementation& store);

/// The writing of one transaction: everything that is pending, in order.
void write_pending(const Database& database, const std::vector<Change>& pending);

/// The keys of scan texts whose checksum does not fit.
std::vector<std::int64_t> damaged_scans(const Database& database);

/// Files that are smaller are looked at in full: a look at every page takes a second for about a gigabyte.
inline constexpr std::uintmax_t small_file = 256U << 20U;

/// Throws Gone where a file of the store is not at its path any more, after it has saved what the store holds.
void expect_in_place(Store::Implementation& store);
/// Throws Gone where others have written over the store's file, in place, so that it does not fit any more.
void expect_untouched(Store::Implementation& store);
/// Saves what a store holds whose files are not at their path any more, with what is pending: in its place where
/// nothing is there, else beside it. What became of it, in words.
std::string rescue(Store::Implementation& store);

}  // namespace fieldscan::store
