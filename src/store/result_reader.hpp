#pragma once
#include <string>
#include <unordered_map>

#include "implementation.hpp"

namespace fieldscan::store {

/// One consistent view of the file for several statements; inside another one it does nothing.
class ReadScope {
 public:
  explicit ReadScope(const Database& database);
  ReadScope(const ReadScope&) = delete;
  ReadScope& operator=(const ReadScope&) = delete;
  ~ReadScope();

 private:
  const Database& database_;
  bool own_;
};

/// The columns of `select_results`.
enum Column {
  column_owner,
  column_draw,
  column_initialisation,
  column_outcome,
  column_reason,
  column_observed,
  column_seconds,
  column_host,
  column_attempt,
  column_log_tail,
  column_first_value,
  column_value_count,
  column_first_array,
  column_array_count,
  column_checksum,
  column_kind,
  column_invalid,
  column_seal,
  column_key,
};
/// The query for results under a condition, ordered by (owner, draw, initialisation).
std::string select_results(const Database& database, const char* condition);

/// Makes results of the rows of `select_results`, and checks their checksums: throws StoreError where one does not fit.
/// Lives no longer than the view of the file that it was made in.
class ResultReader {
 public:
  explicit ResultReader(const Database& database);
  /// What stands beside the numbers, as it is there, unchecked.
  Sealed sealed(const Statement& at) const;
  /// The same, checked.
  Sealed checked(const Statement& at) const;
  StoredResult result(const Statement& at, Store::Arrays arrays);

 private:
  Observable observable(std::int64_t key) const;
  const std::string& text(std::int64_t key) const;
  void read_rows(std::int64_t first, std::int64_t count, std::vector<Row>& rows);
  void read_arrays(std::int64_t first, std::int64_t count, std::vector<Array>& arrays);

  Statement values_, arrays_;
  std::unordered_map<std::int64_t, std::string> names_, texts_;
};

}  // namespace fieldscan::store
