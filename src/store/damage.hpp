#pragma once
#include <string>
#include <vector>

#include "sqlite.hpp"

namespace fieldscan::store {

/// What does not fit its checksum, in a file that SQLite can read.
struct Damage {
  std::uint64_t looked_at = 0;                       ///< results
  std::vector<std::int64_t> results, owners, scans;  ///< keys
  std::vector<std::string> problems;                 ///< one for each
};
Damage find_damage(const Database& database);

}  // namespace fieldscan::store
