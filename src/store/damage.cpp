#include "damage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "implementation.hpp"
#include "result_reader.hpp"
#include "schema.hpp"

namespace fieldscan::store {

namespace {

/// Those that are not used any more are checked for that alone.
void find_results(const Database& database, Damage& damage) {
  ResultReader reader(database);
  Statement at = database.prepare(select_results(database, "1").c_str());
  while (at.step()) {
    ++damage.looked_at;
    try {
      if (!reader.checked(at).invalid) reader.result(at, Store::Arrays::with);
    } catch (const StoreError& error) {
      damage.results.push_back(at.integer(column_key));
      damage.problems.emplace_back(error.what());
    }
  }
}

void find_owners(const Database& database, Damage& damage) {
  Statement at = database.prepare(
      fmt::format("SELECT key, id, kind, text, {} FROM owner ORDER BY key", seal_column(database, "seal")).c_str());
  while (at.step()) {
    if (at.is_null(4)) continue;
    const std::string_view bytes = at.blob(1);
    const auto seal = static_cast<std::uint64_t>(at.integer(4));
    if (bytes.size() == 16 && seal_of_owner(id_of(bytes), static_cast<OwnerKind>(at.integer(2)), at.text(3)) == seal)
      continue;
    damage.owners.push_back(at.integer(0));
    damage.problems.emplace_back("the settings of a point or prediction are damaged: the checksum does not fit");
  }
}

/// Deletes the rows of a table that no result has: what a damaged result had is not known.
void remove_unowned(const Database& database, const char* table) {
  Statement remove = database.prepare(fmt::format("DELETE FROM {} WHERE key > ? AND key < ?", table).c_str());
  Statement at = database.prepare(
      fmt::format("SELECT first_{0}, {0}_count FROM result WHERE {0}_count > 0 ORDER BY first_{0}", table).c_str());
  std::vector<std::pair<std::int64_t, std::int64_t>> owned;
  while (at.step()) owned.emplace_back(at.integer(0), at.integer(1));
  std::int64_t last = 0;
  for (const auto& [first, count] : owned) {
    if (first > last + 1) remove.bind(last, first).run();
    last = std::max(last, first + count - 1);
  }
  remove.bind(last, std::numeric_limits<std::int64_t>::max()).run();
}

}  // namespace

Damage find_damage(const Database& database) {
  Damage damage;
  find_results(database, damage);
  find_owners(database, damage);
  damage.scans = damaged_scans(database);
  for (std::size_t k = 0; k < damage.scans.size(); ++k)
    damage.problems.emplace_back("a scan text is damaged: the checksum does not fit");
  return damage;
}

std::uint64_t Store::remove_damaged() {
  const Database& database = implementation_->database;
  Transaction transaction(database, "BEGIN IMMEDIATE");
  const Damage damage = find_damage(database);
  const auto before = database.integer("SELECT count(*) FROM result");
  {
    const auto remove = [&](const char* query, const std::vector<std::int64_t>& keys) {
      Statement statement = database.prepare(query);
      for (const std::int64_t key : keys) statement.bind(key).run();
    };
    remove("DELETE FROM result WHERE key = ?", damage.results);
    remove("DELETE FROM result WHERE owner = ?", damage.owners);
    remove("DELETE FROM owner WHERE key = ?", damage.owners);
    remove("DELETE FROM scan WHERE key = ?", damage.scans);
    remove("DELETE FROM scan_override WHERE scan = ?", damage.scans);
    remove("DELETE FROM scan_data WHERE scan = ?", damage.scans);
    database.execute("DELETE FROM result WHERE owner NOT IN (SELECT key FROM owner)");
    for (const char* table : {"value", "array"}) remove_unowned(database, table);
  }
  const auto after = database.integer("SELECT count(*) FROM result");
  commit_counted(database, transaction);
  mark_commits(*implementation_);
  return static_cast<std::uint64_t>(before - after);
}

}  // namespace fieldscan::store
