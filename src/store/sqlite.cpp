#include "sqlite.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <new>

#include "fieldscan/core/error.hpp"
#include "fieldscan/store/store.hpp"
#include "holders.hpp"

namespace fieldscan::store {

namespace {

std::filesystem::path file_of(sqlite3* database) {
  const char* name = database != nullptr ? sqlite3_db_filename(database, "main") : nullptr;
  return name != nullptr ? name : "";
}

}  // namespace

void throw_sqlite(sqlite3* database, int code, const std::string& doing) {
  const std::string message = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  const int system = database != nullptr ? sqlite3_system_errno(database) : 0;
  const std::string why = system != 0 ? fmt::format("{}; {}", message, std::strerror(system)) : message;
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      throw StoreError(fmt::format(
          "the store is damaged ({}, while {}); move store.sqlite away and run again, or restore a copy", why, doing));
    case SQLITE_FULL:
      throw EnvironmentError(
          fmt::format("can not write to the store ({}, while {}): the disk or the quota is full; nothing "
                      "acknowledged is lost: free space and run again",
                      why, doing));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      throw EnvironmentError(
          fmt::format("can not use the store ({}, while {}): no permission, or the file system is read-only; choose "
                      "a directory that can be written",
                      why, doing));
    case SQLITE_IOERR:
      throw EnvironmentError(
          fmt::format("the disk under the store failed ({}, while {}): full, over quota or gone; nothing acknowledged "
                      "is lost: look after the disk and run again",
                      why, doing));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      throw Busy(fmt::format("{} ({}, while {})", held_text(file_of(database)), why, doing));
    default:
      throw StoreError(fmt::format("the store failed ({}, while {})", why, doing));
  }
}

Statement::Statement(sqlite3* database, const char* text) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database, text, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) throw_sqlite(database, code, text);
  statement_.reset(raw);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw_sqlite(sqlite3_db_handle(statement_.get()), code, sqlite3_sql(statement_.get()));
}

void Statement::bind_one(int position, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), position, value));
}
void Statement::bind_one(int position, double value) { check(sqlite3_bind_double(statement_.get(), position, value)); }
void Statement::bind_one(int position, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();  // a null pointer would bind NULL
  check(sqlite3_bind_text(statement_.get(), position, data, static_cast<int>(value.size()), SQLITE_TRANSIENT));
}
void Statement::bind_one(int position, std::span<const std::byte> value) {
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  check(sqlite3_bind_blob64(statement_.get(), position, data, value.size(), SQLITE_TRANSIENT));
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* database = sqlite3_db_handle(statement_.get());
  const std::string doing = sqlite3_sql(statement_.get());
  try {
    throw_sqlite(database, code, doing);
  } catch (...) {
    reset();  // after the message was taken: a statement left in the middle would keep the transaction open
    throw;
  }
}
void Statement::run() {
  while (step()) {
  }
  reset();
}
void Statement::reset() { sqlite3_reset(statement_.get()); }

std::string Statement::text(int column) const { return std::string(blob(column)); }
std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

namespace {

/// Whether a file with a write-ahead log lies where no log can be made, and has none: nobody can be writing it.
bool at_rest(const std::filesystem::path& file) {
  std::array<char, 20> header{};
  std::ifstream in(file, std::ios::binary);
  const bool has_log = in.read(header.data(), header.size()) && header[18] == 2;
  const auto directory = std::filesystem::absolute(file).parent_path();
  return has_log && ::access(directory.c_str(), W_OK) != 0 && !std::filesystem::exists(file.string() + "-wal");
}

/// The address of a file that does not change, as SQLite reads it.
std::string immutable_address(const std::filesystem::path& file) {
  std::string address = "file:";
  for (const char c : file.string())
    address += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02X}", static_cast<int>(c)) : std::string(1, c);
  return address + "?immutable=1";
}

}  // namespace

Database::Database(const std::filesystem::path& file, Access access) {
  sqlite3* raw = nullptr;
  // A reader opens for writing too where it may: to roll back what a killed writer left.
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (access == Access::write ? SQLITE_OPEN_CREATE : 0);
  std::string address = file.string();
  if (access == Access::read && at_rest(file)) {
    flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    address = immutable_address(std::filesystem::absolute(file));
  }
  const int code = sqlite3_open_v2(address.c_str(), &raw, flags, nullptr);
  database_.reset(raw);
  if (code != SQLITE_OK) throw_sqlite(raw, code, "opening " + file.string());
  sqlite3_extended_result_codes(raw, 1);
  wait_at_most(access == Access::write ? patience_of_writer : patience_of_reader);
}

void Database::wait_at_most(std::chrono::milliseconds patience) const {
  sqlite3_busy_timeout(database_.get(), static_cast<int>(patience.count()));
}

void Database::leave_files_alone() const {
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Database::execute(const char* text) const {
  const int code = sqlite3_exec(database_.get(), text, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw_sqlite(database_.get(), code, text);
}
std::int64_t Database::integer(const char* query) const {
  Statement statement = prepare(query);
  return statement.step() ? statement.integer(0) : 0;
}
std::string Database::text(const char* query) const {
  Statement statement = prepare(query);
  return statement.step() ? statement.text(0) : "";
}

Transaction::~Transaction() {
  if (!database_.in_transaction()) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const std::exception&) {
    // A failed rollback leaves the journal, which the next opening rolls back.
  }
}

}  // namespace fieldscan::store
