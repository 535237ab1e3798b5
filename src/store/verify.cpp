#include <fmt/format.h>

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
  ResultReader reader(database);
  Statement at = database.prepare(select_results("1").c_str());
  while (at.step()) {
    ++check.results;
    const StoredResult stored = reader.result(at, Store::Arrays::with);
    const auto expected = static_cast<std::uint64_t>(at.integer(column_checksum));
    if (checksum_of(stored.owner, stored.result, stored.standing.observed) != expected)
      add(check, fmt::format("{} draw {} initialisation {}: the checksum does not fit; invalidate it and run again",
                             stored.owner.hex(), stored.result.data_draw, stored.result.initialisation));
  }
  if (const auto orphans = database.integer("SELECT count(*) FROM result WHERE owner NOT IN (SELECT key FROM owner)");
      orphans != 0)
    add(check, fmt::format("{} results have no owner", orphans));
  if (database.integer("SELECT count(*) FROM value") !=
      database.integer("SELECT ifnull(sum(value_count), 0) FROM result"))
    add(check, "there are values that belong to no result, or values are missing");
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

}  // namespace fieldscan::store
