#include "schema.hpp"

#include <fmt/format.h>

#include <array>

#include "fieldscan/store/store.hpp"

namespace fieldscan::store {

namespace {

/// "fsca", in the file's header: `file` and other programs see whose file it is.
constexpr std::int64_t application = 0x66736361;

/// Version 1. The values of a result are rows first_value … first_value + values − 1, so that no index over the values
/// is needed; so for arrays. Columns that hold numbers have no declared type: SQLite would turn −0.0 into 0 in a column
/// of type REAL.
constexpr const char* tables = R"(
CREATE TABLE observable (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE text (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE scan (key INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL, version TEXT NOT NULL, started TEXT NOT NULL,
                   latest INTEGER NOT NULL);
CREATE TABLE scan_override (scan INTEGER NOT NULL, position INTEGER NOT NULL, override TEXT NOT NULL, PRIMARY KEY (scan, position)) WITHOUT ROWID;
CREATE TABLE owner (key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE result (key INTEGER PRIMARY KEY, owner INTEGER NOT NULL, draw INTEGER NOT NULL, initialisation INTEGER NOT NULL,
                     outcome INTEGER NOT NULL, reason TEXT NOT NULL, observed INTEGER NOT NULL,
                     seconds, host INTEGER NOT NULL, attempt INTEGER NOT NULL, log_tail TEXT NOT NULL,
                     first_value INTEGER NOT NULL, value_count INTEGER NOT NULL, first_array INTEGER NOT NULL, array_count INTEGER NOT NULL,
                     checksum INTEGER NOT NULL, invalid TEXT);
CREATE INDEX result_of_owner ON result (owner, draw, initialisation);
CREATE TABLE value (key INTEGER PRIMARY KEY, observable INTEGER NOT NULL, time, coordinate, value, standard_error, count INTEGER NOT NULL,
                    flag INTEGER NOT NULL);
CREATE TABLE array (key INTEGER PRIMARY KEY, observable INTEGER NOT NULL, time, shape BLOB NOT NULL, data BLOB NOT NULL);
)";

/// What each later version adds to the one before it. A new file is made as version 1 and goes the same way.
constexpr std::array<const char*, schema_version - 1> migrations{
    // 2: what tasks took, by kind, so that the next run knows it from the start.
    "CREATE TABLE cost (kind TEXT PRIMARY KEY, estimated NOT NULL, measured NOT NULL) WITHOUT ROWID",
    // 3: a checksum of what stands beside the numbers; NULL for what was written before.
    "ALTER TABLE result ADD COLUMN seal; ALTER TABLE owner ADD COLUMN seal; ALTER TABLE scan ADD COLUMN seal",
    // 4: what one look at the files of data told, so that results can be read without them.
    "CREATE TABLE scan_data (scan INTEGER PRIMARY KEY, files BLOB NOT NULL)",
    // 5: how many commits were made, so that those are missed that a damaged log of writes has lost.
    "CREATE TABLE commits (number INTEGER NOT NULL); INSERT INTO commits VALUES (0)",
};

}  // namespace

bool is_empty(const Database& database) { return database.integer("SELECT count(*) FROM sqlite_master") == 0; }

const char* seal_column(const Database& database, const char* name) {
  return database.integer("PRAGMA user_version") >= 3 ? name : "NULL";
}

std::int64_t commits_of(const Database& database) {
  return database.integer("PRAGMA user_version") >= 5 ? database.integer("SELECT number FROM commits") : 0;
}

void bring_schema(const Database& database) {
  Transaction transaction(database, "BEGIN IMMEDIATE");
  if (is_empty(database)) {
    database.execute(tables);
    database.execute(fmt::format("PRAGMA application_id = {}", application).c_str());
    database.execute("PRAGMA user_version = 1");
  }
  for (auto version = database.integer("PRAGMA user_version"); version < schema_version; ++version) {
    database.execute(migrations[static_cast<std::size_t>(version - 1)]);
    database.execute(fmt::format("PRAGMA user_version = {}", version + 1).c_str());
  }
  transaction.commit();
}

void check_schema(const Database& database, const std::filesystem::path& file) {
  if (database.integer("PRAGMA application_id") != application)
    throw StoreError(
        fmt::format("{} is not a store of fieldscan (its header says so); choose another directory", file.string()));
  const auto version = database.integer("PRAGMA user_version");
  if (version < 1 || version > schema_version)
    throw StoreError(fmt::format(
        "{} has version {} of the tables, this program knows those up to {}; use the program that made it, or another "
        "directory",
        file.string(), version, schema_version));
}

}  // namespace fieldscan::store
