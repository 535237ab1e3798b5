#include <fmt/format.h>

#include <bit>
#include <fstream>
#include <iterator>
#include <random>

#include "../../src/store/sqlite.hpp"
#include "catch.hpp"
#include "directory.hpp"
#include "fieldscan/core/error.hpp"
#include "results.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

std::string slurp(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void spill(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

Id owner(std::uint64_t k) { return {.high = 0x0123456789abcdefU * (k + 1), .low = k}; }

/// A store of four owners with six results each, two of an owner not used any more, and two scans.
void make_store(const std::filesystem::path& directory) {
  Store store = Store::open(directory, Mode::write, Journal::truncate);
  store.put_scan("a.yaml", "name: a\nridge: 0.1\n", {"ridge=1", "width=3"}, "0.1");
  store.put_scan("b.yaml", "name: b\nridge: 0.2\n", {}, "0.1");
  for (std::uint64_t k = 0; k < 4; ++k)
    for (std::int64_t draw = 0; draw < 6; ++draw) {
      Result result =
          make_result(draw, draw % 2, 0.1 * static_cast<double>(1 + k * 10) + static_cast<double>(draw), 12);
      result.outcome = draw == 5 ? Outcome::not_converged : Outcome::done;
      store.put(k == 0 ? OwnerKind::prediction : OwnerKind::point, owner(k), fmt::format("settings of {}", k), result,
                "error_test\n",
                {.seconds = 1.5 + static_cast<double>(draw), .host = "node-7", .attempt = 2, .log_tail = "tail"});
    }
  store.commit();
  store.invalidate(owner(3), "a bad disk");
  store.commit();
  store.put(OwnerKind::point, owner(3), "settings of 3", make_result(0, 0, 7), "error_test\n", {});
  store.commit();
}

std::string text_of(const Standing& s) {
  return fmt::format("{} {} {} {} {} {} {}", static_cast<int>(s.outcome), s.reason, s.observed, s.provenance.seconds,
                     s.provenance.host, s.provenance.attempt, s.provenance.log_tail);
}

/// All that a store gives to those who read it, as a text.
std::string everything(const Store& store) {
  std::string text;
  store.for_each_standing([&](Id id, std::int64_t draw, std::int64_t initialisation, const Standing& standing) {
    text += fmt::format("{} {} {} {}\n", id.hex(), draw, initialisation, text_of(standing));
  });
  for (std::uint64_t k = 0; k < 4; ++k) {
    text += fmt::format("{} {}\n", store.owner_text(owner(k)).value_or("none"),
                        static_cast<int>(store.owner_kind(owner(k)).value_or(OwnerKind{9})));
    for (const StoredResult& stored : store.results(owner(k), Store::Arrays::with)) {
      text +=
          fmt::format("{} {} {}\n", stored.result.data_draw, stored.result.initialisation, text_of(stored.standing));
      for (const Row& r : stored.result.rows)
        text += fmt::format("{} {} {} {} {} {} {}\n", info(r.observable).name, r.time, r.coordinate, r.value,
                            r.standard_error, r.count, static_cast<int>(r.flag));
      for (const Array& a : stored.result.arrays) {
        text += fmt::format("{} {}", info(a.observable).name, a.time);
        for (const double x : a.data) text += fmt::format(" {}", x);
        for (const std::int64_t extent : a.shape) text += fmt::format(" x{}", extent);
      }
    }
    for (const std::string& reason : store.invalidations(owner(k))) text += reason + "\n";
  }
  for (const auto& scan : store.scan_texts()) {
    text += fmt::format("{} {} {} {}\n", scan.name, scan.text, scan.version, scan.started);
    for (const std::string& one : scan.overrides) text += one + "\n";
  }
  return text + store.latest_scan().value_or(Store::ScanText{}).text;
}

enum class End { same, refused, changed };

/// What a command that reads finds in a directory: it looks at everything, then reads.
End read_again(const std::filesystem::path& directory, const std::string& expected) {
  try {
    const Store store = Store::open(directory, Mode::read);
    store.expect_sound(Store::Looks::all);
    return everything(store) == expected ? End::same : End::changed;
  } catch (const StoreError&) {
    return End::refused;
  }
}

struct Reference {
  TemporaryDirectory directory;
  std::filesystem::path file = directory.path / "store.sqlite";
  std::string bytes, text;
  Reference() {
    make_store(directory.path);
    bytes = slurp(file);
    text = everything(Store::open(directory.path, Mode::read));
  }
};

}  // namespace

TEST_CASE("whatever byte of a store is damaged, what is read is unchanged or refused", "[store][damage]") {
  const Reference reference;
  std::mt19937_64 random(20261129);
  int refused = 0, same = 0;
  for (int round = 0; round < 400; ++round) {
    std::string bytes = reference.bytes;
    const std::size_t at = random() % bytes.size();
    const char before = bytes[at];
    while (bytes[at] == before) bytes[at] = static_cast<char>(random());
    spill(reference.file, bytes);
    const End end = read_again(reference.directory.path, reference.text);
    INFO("byte " << at << " from " << int(before) << " to " << int(bytes[at]));
    CHECK(end != End::changed);
    ++(end == End::refused ? refused : same);
  }
  INFO(refused << " refused, " << same << " unchanged");
  CHECK(refused >= 60);  // negative control: 95 expected, 60 or fewer have a chance of 1e-4
  spill(reference.file, reference.bytes);
  CHECK(read_again(reference.directory.path, reference.text) == End::same);
}

TEST_CASE("a value that was changed in any column of any table is refused", "[store][damage]") {
  const Reference reference;
  const std::vector<std::string> changes{
      "UPDATE value SET value = value + 1e-9 WHERE key = 17",
      "UPDATE value SET standard_error = 0 WHERE key = 17",
      "UPDATE value SET time = 3 WHERE key = 17",
      "UPDATE value SET coordinate = 1 WHERE key = 17",
      "UPDATE value SET count = 8 WHERE key = 17",
      "UPDATE value SET flag = 0 WHERE key = 17",
      "UPDATE value SET observable = 2 WHERE key = 17",
      "UPDATE value SET key = 100000 WHERE key = 17",
      "DELETE FROM value WHERE key = 17",
      "UPDATE array SET data = zeroblob(32) WHERE key = 2",
      "UPDATE array SET shape = X'04000000000000000100000000000000' WHERE key = 2",
      "DELETE FROM array WHERE key = 2",
      "UPDATE result SET seconds = 0 WHERE key = 3",
      "UPDATE result SET attempt = 7 WHERE key = 3",
      "UPDATE result SET host = observed WHERE key = 3",
      "UPDATE result SET log_tail = 'x' WHERE key = 3",
      "UPDATE result SET reason = 'x' WHERE key = 3",
      "UPDATE result SET outcome = 1 WHERE key = 3",
      "UPDATE result SET outcome = 200 WHERE key = 3",
      "UPDATE result SET draw = 17 WHERE key = 3",
      "UPDATE result SET initialisation = 17 WHERE key = 3",
      "UPDATE result SET owner = 2 WHERE key = 3",
      "UPDATE result SET owner = 99 WHERE key = 3",
      "UPDATE result SET first_value = 40 WHERE key = 3",
      "UPDATE result SET value_count = 11 WHERE key = 3",
      "UPDATE result SET array_count = 0 WHERE key = 3",
      "UPDATE result SET checksum = 5 WHERE key = 3",
      "UPDATE result SET seal = 5 WHERE key = 3",
      "UPDATE result SET invalid = 'gone' WHERE key = 3",
      "UPDATE result SET invalid = NULL WHERE key = (SELECT max(key) FROM result WHERE invalid IS NOT NULL)",
      "DELETE FROM result WHERE key = 3",
      "UPDATE owner SET id = X'00000000000000000000000000000001' WHERE key = 2",
      "UPDATE owner SET text = 'other' WHERE key = 2",
      "UPDATE owner SET kind = 1 - kind WHERE key = 2",
      "DELETE FROM owner WHERE key = 2",
      "UPDATE observable SET name = 'loss_train' WHERE key = 1",
      "UPDATE text SET text = text || 'x' WHERE key = 1",
      "DELETE FROM text WHERE key = 1",
      "UPDATE scan SET text = 'other' WHERE key = 2",
      "UPDATE scan SET name = 'other' WHERE key = 2",
      "UPDATE scan SET started = '1970-01-01T00:00:00Z' WHERE key = 1",
      "UPDATE scan SET latest = 9 WHERE key = 1",
      "UPDATE scan_override SET override = 'ridge=2' WHERE position = 0",
      "DELETE FROM scan_override WHERE position = 1",
  };
  for (const std::string& change : changes) {
    spill(reference.file, reference.bytes);
    {
      const Database database(reference.file, Access::write);
      database.execute(change.c_str());
      REQUIRE(database.integer("SELECT changes()") > 0);
    }
    INFO(change);
    CHECK(read_again(reference.directory.path, reference.text) == End::refused);
  }
}

TEST_CASE("what is read is checked, also where nobody looked at everything", "[store][damage]") {
  const Reference reference;
  const auto expect_refused = [&](const char* change, const auto& read) {
    spill(reference.file, reference.bytes);
    Database(reference.file, Access::write).execute(change);
    const Store store = Store::open(reference.directory.path, Mode::read);
    INFO(change);
    CHECK_THROWS_AS(read(store), StoreError);
  };
  const auto standings = [](const Store& store) {
    store.for_each_standing([](Id, std::int64_t, std::int64_t, const Standing&) {});
  };
  expect_refused("UPDATE result SET outcome = 1 WHERE key = 3", standings);
  expect_refused("UPDATE result SET invalid = 'gone' WHERE key = 3", standings);
  expect_refused("UPDATE result SET seconds = 0 WHERE key = 3", standings);
  expect_refused("UPDATE value SET value = 2 WHERE key = 17",
                 [](const Store& store) { store.results(owner(0), Store::Arrays::with); });
  expect_refused("UPDATE array SET data = zeroblob(32) WHERE key = 2",
                 [](const Store& store) { store.results(owner(0), Store::Arrays::without); });
  expect_refused("UPDATE value SET value = 2 WHERE key = 17",
                 [](const Store& store) { store.for_each(Store::Arrays::without, [](const StoredResult&) {}); });
  expect_refused("UPDATE scan SET text = 'other' WHERE key = 2", [](const Store& store) { store.latest_scan(); });
}

TEST_CASE("damaged results can be taken out, and nothing else goes with them", "[store][damage]") {
  const Reference reference;
  const auto [change, removed] = GENERATE(table<const char*, std::uint64_t>({
      {"UPDATE value SET value = value + 1 WHERE key = 17", 1},
      {"DELETE FROM value WHERE key = 17", 1},
      {"UPDATE result SET first_value = 1, value_count = 100000 WHERE key = 3", 1},
      {"UPDATE result SET owner = 99 WHERE key = 3", 1},
      {"UPDATE result SET outcome = 1 WHERE key IN (3, 8)", 2},
      {"UPDATE owner SET text = 'other' WHERE key = 2", 6},
      {"UPDATE owner SET id = X'00000000000000000000000000000001' WHERE key = 2", 6},
      {"DELETE FROM owner WHERE key = 2", 6},
      {"UPDATE scan SET text = 'other' WHERE key = 2", 0},
  }));
  Database(reference.file, Access::write).execute(change);
  Store store = Store::open(reference.directory.path, Mode::write);
  INFO(change);
  const auto results = [&] {
    std::uint64_t count = 0;
    store.for_each(Store::Arrays::with, [&](const StoredResult&) { ++count; });
    return count;
  };
  CHECK_FALSE(store.verify().sound);
  CHECK(store.remove_damaged() == removed);
  CHECK(results() == 19 - removed);
  const auto check = store.verify();
  INFO((check.problems.empty() ? "" : check.problems[0]));
  CHECK(check.sound);
  CHECK(store.remove_damaged() == 0);
}

TEST_CASE("an invalidated result that was damaged is no damage any more", "[store][damage]") {
  const Reference reference;
  Database(reference.file, Access::write).execute("UPDATE value SET value = 2 WHERE key = 17");
  Store store = Store::open(reference.directory.path, Mode::change);
  CHECK_FALSE(store.verify().sound);
  store.invalidate(owner(0), "a number was damaged");
  store.commit();
  CHECK(store.verify().sound);
}
