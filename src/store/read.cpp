#include <fmt/format.h>

#include <cstring>

#include "implementation.hpp"
#include "result_reader.hpp"
#include "schema.hpp"

namespace fieldscan::store {

ReadScope::ReadScope(const Database& database) : database_(database), own_(!database.in_transaction()) {
  if (own_) database_.execute("BEGIN");
}
ReadScope::~ReadScope() {
  if (!own_) return;
  try {
    database_.execute("COMMIT");
  } catch (const std::exception&) {
    // Nothing was written.
  }
}

ResultReader::ResultReader(const Database& database)
    : values_(database.prepare("SELECT observable, time, coordinate, value, standard_error, count, flag FROM value "
                               "WHERE key BETWEEN ? AND ? ORDER BY key")),
      arrays_(
          database.prepare("SELECT observable, time, shape, data FROM array WHERE key BETWEEN ? AND ? ORDER BY key")) {
  Statement names = database.prepare("SELECT key, name FROM observable");
  while (names.step()) names_.emplace(names.integer(0), names.text(1));
  Statement texts = database.prepare("SELECT key, text FROM text");
  while (texts.step()) texts_.emplace(texts.integer(0), texts.text(1));
}

Observable ResultReader::observable(std::int64_t key) const {
  const auto name = names_.find(key);
  if (name == names_.end())
    throw StoreError(fmt::format("the store is damaged (observable {} has no name); restore a copy", key));
  const auto known = find_observable(name->second);
  if (!known)
    throw StoreError(fmt::format(
        "the store holds the observable '{}', which this version does not know; use the program that wrote it",
        name->second));
  return *known;
}

const std::string& ResultReader::text(std::int64_t key) const {
  const auto found = texts_.find(key);
  if (found == texts_.end())
    throw StoreError(fmt::format("the store is damaged (text {} is missing); restore a copy", key));
  return found->second;
}

namespace {

[[noreturn]] void throw_damaged(const Sealed& sealed) {
  throw StoreError(
      fmt::format("the result {} draw {} initialisation {} is damaged: its checksum does not fit (`run "
                  "--recompute-damaged` computes it again)",
                  sealed.owner.hex(), sealed.draw, sealed.initialisation));
}

}  // namespace

Sealed ResultReader::sealed(const Statement& at) const {
  Sealed sealed{.owner = id_of(at.blob(column_owner)),
                .draw = at.integer(column_draw),
                .initialisation = at.integer(column_initialisation),
                .standing = {},
                .invalid = std::nullopt};
  if (!at.is_null(column_invalid)) sealed.invalid = at.text(column_invalid);
  Standing& standing = sealed.standing;
  standing.outcome = static_cast<Outcome>(at.integer(column_outcome));
  standing.reason = at.text(column_reason);
  standing.observed = text(at.integer(column_observed));
  standing.provenance = {.seconds = at.real(column_seconds),
                         .host = text(at.integer(column_host)),
                         .attempt = static_cast<int>(at.integer(column_attempt)),
                         .log_tail = at.text(column_log_tail)};
  return sealed;
}

Sealed ResultReader::checked(const Statement& at) const {
  Sealed sealed = this->sealed(at);
  const bool fits = at.is_null(column_seal) || static_cast<std::uint64_t>(at.integer(column_seal)) == seal_of(sealed);
  if (!fits || at.integer(column_outcome) < 0 || at.integer(column_outcome) > static_cast<int>(Outcome::failed))
    throw_damaged(sealed);
  return sealed;
}

StoredResult ResultReader::result(const Statement& at, Store::Arrays arrays) {
  Sealed sealed = checked(at);
  StoredResult stored{.owner = sealed.owner, .result = {}, .standing = sealed.standing};
  Result& result = stored.result;
  result.data_draw = at.integer(column_draw);
  result.initialisation = at.integer(column_initialisation);
  result.outcome = stored.standing.outcome;
  result.reason = stored.standing.reason;
  read_rows(at.integer(column_first_value), at.integer(column_value_count), result.rows);
  read_arrays(at.integer(column_first_array), at.integer(column_array_count), result.arrays);
  const auto expected = static_cast<std::uint64_t>(at.integer(column_checksum));
  if (checksum_of(stored.owner, result, stored.standing.observed) != expected) throw_damaged(sealed);
  if (arrays == Store::Arrays::without) result.arrays.clear();
  return stored;
}

void ResultReader::read_rows(std::int64_t first, std::int64_t count, std::vector<Row>& rows) {
  values_.reset();  // where the result before was damaged, it was left in the middle
  values_.bind(first, first + count - 1);
  while (values_.step())
    rows.push_back({.observable = observable(values_.integer(0)),
                    .time = values_.real(1),
                    .coordinate = values_.real(2),
                    .value = values_.real(3),
                    .standard_error = values_.real(4),
                    .count = values_.integer(5),
                    .flag = static_cast<Flag>(values_.integer(6))});
  values_.reset();
}

void ResultReader::read_arrays(std::int64_t first, std::int64_t count, std::vector<Array>& arrays) {
  arrays_.reset();
  arrays_.bind(first, first + count - 1);
  while (arrays_.step()) {
    Array array{.observable = observable(arrays_.integer(0)), .time = arrays_.real(1), .shape = {}, .data = {}};
    const std::string_view shape = arrays_.blob(2), data = arrays_.blob(3);
    array.shape.resize(shape.size() / sizeof(std::int64_t));
    array.data.resize(data.size() / sizeof(double));
    std::memcpy(array.shape.data(), shape.data(), array.shape.size() * sizeof(std::int64_t));
    std::memcpy(array.data.data(), data.data(), array.data.size() * sizeof(double));
    arrays.push_back(std::move(array));
  }
  arrays_.reset();
}

std::string select_results(const Database& database, const char* condition) {
  return fmt::format(
      "SELECT owner.id, draw, initialisation, outcome, reason, observed, seconds, host, attempt, log_tail, "
      "first_value, value_count, first_array, array_count, checksum, owner.kind, invalid, {}, result.key "
      "FROM owner JOIN result ON result.owner = owner.key WHERE {} ORDER BY owner.id, draw, initialisation, result.key",
      seal_column(database, "result.seal"), condition);
}

std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, Standing>> Store::standings(Id owner) const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  const ResultReader reader(database);
  Statement at = database.prepare(select_results(database, "owner.id = ?").c_str());
  const std::string id = bytes_of(owner);
  at.bind(std::as_bytes(std::span(id)));
  std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, Standing>> standings;
  while (at.step())
    if (Sealed found = reader.checked(at); !found.invalid)
      standings.emplace_back(std::pair(found.draw, found.initialisation), std::move(found.standing));
  return standings;
}

void Store::for_each_standing(const std::function<void(Id, std::int64_t, std::int64_t, const Standing&)>& visit) const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  const ResultReader reader(database);
  Statement at = database.prepare(select_results(database, "1").c_str());
  while (at.step())
    if (const Sealed found = reader.checked(at); !found.invalid)
      visit(found.owner, found.draw, found.initialisation, found.standing);
}

void Store::for_each(Arrays arrays, const std::function<void(const StoredResult&)>& visit) const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  ResultReader reader(database);
  Statement at = database.prepare(select_results(database, "1").c_str());
  while (at.step())
    if (!reader.checked(at).invalid) visit(reader.result(at, arrays));
}

std::vector<StoredResult> Store::results(Id owner, Arrays arrays) const {
  const Database& database = implementation_->database;
  const ReadScope scope(database);
  ResultReader reader(database);
  Statement at = database.prepare(select_results(database, "owner.id = ?").c_str());
  const std::string id = bytes_of(owner);
  at.bind(std::as_bytes(std::span(id)));
  std::vector<StoredResult> results;
  while (at.step())
    if (!reader.checked(at).invalid) results.push_back(reader.result(at, arrays));
  return results;
}

std::vector<Id> Store::find(const std::string& prefix) const {
  Statement at = implementation_->database.prepare(
      "SELECT id FROM owner WHERE substr(lower(hex(id)), 1, length(?1)) = lower(?1) ORDER BY id");
  at.bind(std::string_view(prefix));
  std::vector<Id> ids;
  while (at.step()) ids.push_back(id_of(at.blob(0)));
  return ids;
}

std::optional<std::string> Store::owner_text(Id owner) const {
  Statement at = implementation_->database.prepare("SELECT text FROM owner WHERE id = ?");
  const std::string id = bytes_of(owner);
  at.bind(std::as_bytes(std::span(id)));
  if (!at.step()) return std::nullopt;
  return at.text(0);
}

std::optional<OwnerKind> Store::owner_kind(Id owner) const {
  Statement at = implementation_->database.prepare("SELECT kind FROM owner WHERE id = ?");
  const std::string id = bytes_of(owner);
  at.bind(std::as_bytes(std::span(id)));
  if (!at.step()) return std::nullopt;
  return static_cast<OwnerKind>(at.integer(0));
}

std::vector<std::string> Store::invalidations(Id owner) const {
  Statement at = implementation_->database.prepare(
      "SELECT invalid FROM result JOIN owner ON result.owner = owner.key WHERE owner.id = ? AND invalid IS NOT NULL "
      "ORDER BY draw, initialisation, result.key");
  const std::string id = bytes_of(owner);
  at.bind(std::as_bytes(std::span(id)));
  std::vector<std::string> reasons;
  while (at.step()) reasons.push_back(at.text(0));
  return reasons;
}

}  // namespace fieldscan::store
