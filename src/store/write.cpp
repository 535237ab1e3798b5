#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "implementation.hpp"
#include "result_reader.hpp"

namespace fieldscan::store {

namespace {

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

Sealed sealed_of(const Put& put) {
  return {.owner = put.owner,
          .draw = put.result.data_draw,
          .initialisation = put.result.initialisation,
          .standing = {.outcome = put.result.outcome,
                       .reason = put.result.reason,
                       .observed = put.observed,
                       .provenance = put.provenance},
          .invalid = std::nullopt};
}

/// The statements of one transaction, prepared once, and the keys that it has met.
class ResultWriter {
 public:
  explicit ResultWriter(const Database& database)
      : database_(database),
        next_value_(database.integer("SELECT ifnull(max(key), 0) + 1 FROM value")),
        next_array_(database.integer("SELECT ifnull(max(key), 0) + 1 FROM array")) {}

  void write(const Put& put) {
    const std::int64_t owner = owner_key(put);
    remove_former(owner, put.result.data_draw, put.result.initialisation);
    const std::int64_t first_value = next_value_, first_array = next_array_;
    for (const Row& row : put.result.rows) write_row(row);
    for (const Array& array : put.result.arrays) write_array(array);
    insert_result_
        .bind(owner, put.result.data_draw, put.result.initialisation, static_cast<std::int64_t>(put.result.outcome),
              std::string_view(put.result.reason), text_key(put.observed), put.provenance.seconds,
              text_key(put.provenance.host), static_cast<std::int64_t>(put.provenance.attempt),
              std::string_view(put.provenance.log_tail), first_value, next_value_ - first_value, first_array,
              next_array_ - first_array, static_cast<std::int64_t>(checksum_of(put.owner, put.result, put.observed)),
              static_cast<std::int64_t>(seal_of(sealed_of(put))))
        .run();
  }

  void write(const Invalidate& invalidate) {
    const std::string id = bytes_of(invalidate.owner);
    const ResultReader reader(database_);
    Statement of_owner = database_.prepare(select_results(database_, "owner.id = ? AND invalid IS NULL").c_str());
    Statement update = database_.prepare("UPDATE result SET invalid = ?, seal = ? WHERE key = ?");
    std::vector<std::pair<std::int64_t, Sealed>> all;
    of_owner.bind(as_bytes(id));
    while (of_owner.step()) all.emplace_back(of_owner.integer(column_key), reader.sealed(of_owner));
    for (auto& [key, sealed] : all) {
      sealed.invalid = invalidate.reason;
      update.bind(std::string_view(invalidate.reason), static_cast<std::int64_t>(seal_of(sealed)), key).run();
    }
  }

  void write(const PutCosts& put) {
    Statement insert = database_.prepare("INSERT OR REPLACE INTO cost VALUES (?, ?, ?)");
    for (const auto& [kind, cost] : put.costs)
      insert.bind(std::string_view(kind), cost.estimated_seconds, cost.measured_seconds).run();
  }

 private:
  std::int64_t owner_key(const Put& put) {
    if (const auto known = owners_.find(put.owner); known != owners_.end()) return known->second;
    const std::string id = bytes_of(put.owner);
    find_owner_.bind(as_bytes(id));
    std::int64_t key = find_owner_.step() ? find_owner_.integer(0) : 0;
    find_owner_.reset();
    if (key == 0) {
      insert_owner_
          .bind(as_bytes(id), static_cast<std::int64_t>(put.kind), std::string_view(put.owner_text),
                static_cast<std::int64_t>(seal_of_owner(put.owner, put.kind, put.owner_text)))
          .run();
      key = database_.last_row();
    }
    owners_.emplace(put.owner, key);
    return key;
  }

  void remove_former(std::int64_t owner, std::int64_t draw, std::int64_t initialisation) {
    find_result_.bind(owner, draw, initialisation);
    if (!find_result_.step()) return find_result_.reset();
    const std::int64_t key = find_result_.integer(0), first_value = find_result_.integer(1),
                       values = find_result_.integer(2), first_array = find_result_.integer(3),
                       arrays = find_result_.integer(4);
    find_result_.reset();
    delete_values_.bind(first_value, first_value + values - 1).run();
    delete_arrays_.bind(first_array, first_array + arrays - 1).run();
    delete_result_.bind(key).run();
  }

  void write_row(const Row& row) {
    insert_value_
        .bind(next_value_++, observable_key(row.observable), row.time, row.coordinate, row.value, row.standard_error,
              row.count, static_cast<std::int64_t>(row.flag))
        .run();
  }

  void write_array(const Array& array) {
    insert_array_
        .bind(next_array_++, observable_key(array.observable), array.time, std::as_bytes(std::span(array.shape)),
              std::as_bytes(std::span(array.data)))
        .run();
  }

  /// The key of a name in a table of names; the name is added where it is new.
  std::int64_t key_of(Statement& find, Statement& insert, std::string_view name) {
    find.bind(name);
    std::int64_t key = find.step() ? find.integer(0) : 0;
    find.reset();
    if (key == 0) {
      insert.bind(name).run();
      key = database_.last_row();
    }
    return key;
  }
  std::int64_t observable_key(Observable observable) {
    std::int64_t& key = observables_[observable];
    if (key == 0) key = key_of(find_observable_, insert_observable_, info(observable).name);
    return key;
  }
  std::int64_t text_key(const std::string& text) {
    std::int64_t& key = texts_[text];
    if (key == 0) key = key_of(find_text_, insert_text_, text);
    return key;
  }

  const Database& database_;
  std::int64_t next_value_, next_array_;
  std::unordered_map<Id, std::int64_t> owners_;
  std::unordered_map<Observable, std::int64_t> observables_;
  std::unordered_map<std::string, std::int64_t> texts_;
  Statement find_owner_ = database_.prepare("SELECT key FROM owner WHERE id = ?");
  Statement insert_owner_ = database_.prepare("INSERT INTO owner (id, kind, text, seal) VALUES (?, ?, ?, ?)");
  Statement find_observable_ = database_.prepare("SELECT key FROM observable WHERE name = ?");
  Statement insert_observable_ = database_.prepare("INSERT INTO observable (name) VALUES (?)");
  Statement find_text_ = database_.prepare("SELECT key FROM text WHERE text = ?");
  Statement insert_text_ = database_.prepare("INSERT INTO text (text) VALUES (?)");
  Statement find_result_ = database_.prepare(
      "SELECT key, first_value, value_count, first_array, array_count FROM result "
      "WHERE owner = ? AND draw = ? AND initialisation = ? AND invalid IS NULL");
  Statement delete_result_ = database_.prepare("DELETE FROM result WHERE key = ?");
  Statement delete_values_ = database_.prepare("DELETE FROM value WHERE key BETWEEN ? AND ?");
  Statement delete_arrays_ = database_.prepare("DELETE FROM array WHERE key BETWEEN ? AND ?");
  Statement insert_result_ = database_.prepare(
      "INSERT INTO result (owner, draw, initialisation, outcome, reason, observed, seconds, host, attempt, log_tail, "
      "first_value, value_count, first_array, array_count, checksum, seal) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Statement insert_value_ = database_.prepare("INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  Statement insert_array_ = database_.prepare("INSERT INTO array VALUES (?, ?, ?, ?, ?)");
};

void check_finite(const Result& result) {
  const auto refuse = [](Observable observable, double value) {
    throw std::invalid_argument(
        fmt::format("a value of {} is not finite ({}): it can not be stored", info(observable).name, value));
  };
  for (const Row& row : result.rows) {
    for (const double number : {row.value, row.standard_error, row.coordinate})
      if (!std::isfinite(number)) refuse(row.observable, number);
    if (std::isnan(row.time)) refuse(row.observable, row.time);
  }
  for (const Array& array : result.arrays) {
    for (const double number : array.data)
      if (!std::isfinite(number)) refuse(array.observable, number);
    const auto size = std::accumulate(array.shape.begin(), array.shape.end(), std::int64_t{1}, std::multiplies<>());
    if (std::isnan(array.time) || size != static_cast<std::int64_t>(array.data.size()))
      throw std::invalid_argument(fmt::format("an array of {} has {} numbers but a shape for {}",
                                              info(array.observable).name, array.data.size(), size));
  }
}

}  // namespace

void write_pending(const Database& database, const std::vector<Change>& pending) {
  Transaction transaction(database, "BEGIN IMMEDIATE");
  {
    ResultWriter writer(database);
    for (const auto& change : pending) std::visit([&](const auto& what) { writer.write(what); }, change);
  }
  commit_counted(database, transaction);
}

void Store::put(OwnerKind kind, Id owner, const std::string& owner_text, const Result& result,
                const std::string& observed, const Provenance& provenance) {
  check_finite(result);
  implementation_->pending.emplace_back(Put{kind, owner, owner_text, result, observed, provenance});
}

void Store::invalidate(Id owner, const std::string& reason) {
  implementation_->pending.emplace_back(Invalidate{owner, reason});
}

void Store::put_costs(const std::map<std::string, CostFactor>& costs) {
  std::erase_if(implementation_->pending,
                [](const Change& change) { return std::holds_alternative<PutCosts>(change); });
  implementation_->pending.emplace_back(PutCosts{costs});
}

}  // namespace fieldscan::store
