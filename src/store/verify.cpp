#include <fmt/format.h>

#include "damage.hpp"
#include "result_reader.hpp"

namespace fieldscan::store {

namespace {

constexpr std::size_t most_problems = 100;

void add(Store::Check& check, std::string problem) {
  check.sound = false;
  if (check.problems.size() < most_problems) check.problems.push_back(std::move(problem));
}

void check_file(const Database& database, Store::Check& check) {
  Statement at = database.prepare("PRAGMA integrity_check");
  while (at.step())
    if (const std::string line = at.text(0); line != "ok") add(check, line);
}

void check_results(const Database& database, Store::Check& check) {
  const ReadScope scope(database);
  const Damage damage = find_damage(database);
  check.results = damage.looked_at;
  for (const std::string& problem : damage.problems) add(check, problem);
  if (const auto orphans = database.integer("SELECT count(*) FROM result WHERE owner NOT IN (SELECT key FROM owner)");
      orphans != 0)
    add(check, fmt::format("{} results have no owner", orphans));
  for (const auto& [table, counts] : {std::pair("value", "value_count"), std::pair("array", "array_count")})
    if (database.integer(fmt::format("SELECT count(*) FROM {}", table).c_str()) !=
        database.integer(fmt::format("SELECT ifnull(sum({}), 0) FROM result", counts).c_str()))
      add(check, fmt::format("there are {}s that belong to no result, or {}s are missing", table, table));
}

}  // namespace

Store::Check Store::verify() const {
  Check check;
  for (const auto step : {check_file, check_results}) {
    try {
      step(implementation_->database, check);
    } catch (const StoreError& error) {
      add(check, error.what());
    }
  }
  return check;
}

void Store::expect_sound(Looks looks) const {
  std::error_code ignored;
  const std::filesystem::path& directory = implementation_->directory;
  const std::optional<WriterLock>& lock = implementation_->lock;
  if (looks == Looks::small && !(lock && lock->left_open()) &&
      std::filesystem::file_size(directory / "store.sqlite", ignored) > small_file)
    return;
  const Check check = verify();
  if (check.sound) return;
  throw StoreError(fmt::format(
      "the store in {} is damaged: {}{}; `fieldscan verify {}` lists what is; restore a copy, or let "
      "`fieldscan run` with --recompute-damaged compute it again",
      directory.string(), check.problems.front(),
      check.problems.size() > 1 ? fmt::format(" (and {} more)", check.problems.size() - 1) : "", directory.string()));
}

}  // namespace fieldscan::store
