#pragma once
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace fieldscan::store {

/// Throws what a failed SQLite call means for the user: StoreError for damage, EnvironmentError for the disk, Busy for
/// a lock.
[[noreturn]] void throw_sqlite(sqlite3* database, int code, const std::string& doing);

/// A prepared statement; parameters count from 1, columns from 0.
class Statement {
 public:
  Statement(sqlite3* database, const char* text);
  template <class... Values>
  Statement& bind(const Values&... values) {
    int position = 0;
    (bind_one(++position, values), ...);
    return *this;
  }
  bool step();  ///< whether there is a row
  void run();   ///< to its end, then reset
  void reset();
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  double real(int column) const { return sqlite3_column_double(statement_.get(), column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
  std::string text(int column) const;
  std::string_view blob(int column) const;  ///< valid until the next step

 private:
  void bind_one(int position, std::int64_t value);
  void bind_one(int position, double value);
  void bind_one(int position, std::string_view value);
  void bind_one(int position, std::span<const std::byte> value);
  void check(int code) const;
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

enum class Access { read, write };

/// How long others may hold the store before a writer, or a reader, gives up with Busy.
inline constexpr std::chrono::milliseconds patience_of_writer{10000}, patience_of_reader{30000};

/// An open database file.
class Database {
 public:
  Database(const std::filesystem::path& file, Access access);
  void execute(const char* text) const;
  Statement prepare(const char* text) const { return {database_.get(), text}; }
  /// From now on: how long a statement waits for others before it throws Busy.
  void wait_at_most(std::chrono::milliseconds patience) const;
  /// Others have taken the file's place: closing then leaves the files at the path alone.
  void leave_files_alone() const;
  std::int64_t integer(const char* query) const;
  std::string text(const char* query) const;
  std::int64_t last_row() const { return sqlite3_last_insert_rowid(database_.get()); }
  bool in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

 private:
  struct Close {
    void operator()(sqlite3* d) const { sqlite3_close_v2(d); }
  };
  std::unique_ptr<sqlite3, Close> database_;
};

/// A transaction: undone at the end of its life unless committed.
class Transaction {
 public:
  Transaction(const Database& database, const char* begin) : database_(database) { database.execute(begin); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit() { database_.execute("COMMIT"); }

 private:
  const Database& database_;
};

}  // namespace fieldscan::store
