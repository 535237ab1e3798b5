#pragma once
#include <unordered_map>
#include <variant>

#include "fieldscan/store/store.hpp"
#include "lock.hpp"
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
  std::vector<Change> pending;
};

/// What a result's checksum is over: everything of it but its provenance.
std::uint64_t checksum_of(Id owner, const Result& result, std::string_view observed);

/// An id as 16 bytes that sort like it.
std::string bytes_of(Id id);
Id id_of(std::string_view bytes);

/// The writing of one transaction: everything that is pending, in order.
void write_pending(const Database& database, const std::vector<Change>& pending);

}  // namespace fieldscan::store
