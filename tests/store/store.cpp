#include "fieldscan/store/store.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "../../src/store/sqlite.hpp"
#include "catch.hpp"
#include "directory.hpp"
#include "fieldscan/core/error.hpp"
#include "results.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

const Id first_id{.high = 1, .low = 2}, second_id{.high = 0x8000000000000000U, .low = 0};

void put(Store& store, Id owner, const Result& result, const std::string& observed = "error_test\n") {
  store.put(OwnerKind::point, owner, "text of the owner", result, observed,
            {.seconds = 1.5, .host = "here", .attempt = 2, .log_tail = "tail"});
}

std::string slurp(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("what is put comes back bit by bit, after the commit and not before", "[store]") {
  const auto journal = GENERATE(Journal::wal, Journal::truncate);
  const TemporaryDirectory directory;
  Store writer = Store::open(directory.path, Mode::write, journal);
  CHECK(writer.journal() == journal);
  Result result = make_result(3, 4, -0.0);
  result.rows[0].value = -0.0;
  result.outcome = Outcome::not_converged;
  result.reason = "the loss stayed at 0.1 – “high”";
  put(writer, second_id, result);
  CHECK(writer.uncommitted() == 1);
  CHECK(writer.standings(second_id).empty());
  writer.commit();
  CHECK(writer.uncommitted() == 0);

  const Store reader = Store::open(directory.path, Mode::read);
  const auto results = reader.results(second_id, Store::Arrays::with);
  REQUIRE(results.size() == 1);
  CHECK(results[0].owner == second_id);
  CHECK(results[0].result.rows == result.rows);
  CHECK(std::signbit(results[0].result.rows[0].value));
  REQUIRE(results[0].result.arrays.size() == 1);
  CHECK(results[0].result.arrays[0].shape == result.arrays[0].shape);
  CHECK(same_bits(results[0].result.arrays[0].data, result.arrays[0].data));
  CHECK(results[0].result.data_draw == 3);
  CHECK(results[0].result.initialisation == 4);
  CHECK(results[0].standing.outcome == Outcome::not_converged);
  CHECK(results[0].result.reason == result.reason);
  CHECK(results[0].standing.observed == "error_test\n");
  CHECK(results[0].standing.provenance.seconds == 1.5);
  CHECK(results[0].standing.provenance.host == "here");
  CHECK(results[0].standing.provenance.attempt == 2);
  CHECK(results[0].standing.provenance.log_tail == "tail");
  CHECK(reader.results(second_id, Store::Arrays::without)[0].result.arrays.empty());
  CHECK(reader.owner_text(second_id) == "text of the owner");
  CHECK(reader.owner_kind(second_id) == OwnerKind::point);
  CHECK_FALSE(reader.owner_kind(first_id).has_value());
}

TEST_CASE("a result that is put again replaces the former one wholly", "[store]") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write);
  put(store, first_id, make_result(0, 0, 1, 5));
  put(store, first_id, make_result(0, 1, 10));
  SECTION("in the same transaction") {}
  SECTION("in a later one") { store.commit(); }
  Result second = make_result(0, 0, 2, 2);
  second.arrays.clear();
  put(store, first_id, second, "error_test\npredictor\n");
  store.commit();
  const auto results = store.results(first_id, Store::Arrays::with);
  REQUIRE(results.size() == 2);
  CHECK(results[0].result.rows == second.rows);
  CHECK(results[0].result.arrays.empty());
  CHECK(results[0].standing.observed == "error_test\npredictor\n");
  CHECK(results[1].result.rows == make_result(0, 1, 10).rows);
  const auto check = store.verify();
  CHECK(check.sound);
  CHECK(check.results == 2);
}

TEST_CASE("results come in the order of owner, draw and initialisation, however they were put", "[store]") {
  std::vector<std::vector<std::string>> seen;
  for (const bool backwards : {false, true}) {
    const TemporaryDirectory directory;
    Store store = Store::open(directory.path, Mode::write);
    std::vector<std::pair<Id, Result>> all;
    for (const Id owner : {first_id, second_id, Id{.high = 1, .low = 1}})
      for (std::int64_t draw : {0, 1, 10})
        for (std::int64_t initialisation : {0, 2}) all.emplace_back(owner, make_result(draw, initialisation, 1));
    if (backwards) std::reverse(all.begin(), all.end());
    for (const auto& [owner, result] : all) {
      put(store, owner, result);
      if (backwards) store.commit();
    }
    store.commit();
    std::vector<std::string> order;
    store.for_each(Store::Arrays::without, [&](const StoredResult& stored) {
      order.push_back(stored.owner.hex() + " " + std::to_string(stored.result.data_draw) + " " +
                      std::to_string(stored.result.initialisation));
    });
    std::vector<std::string> standings;
    store.for_each_standing([&](Id id, std::int64_t draw, std::int64_t initialisation, const Standing&) {
      standings.push_back(id.hex() + " " + std::to_string(draw) + " " + std::to_string(initialisation));
    });
    CHECK(order == standings);
    seen.push_back(order);
  }
  CHECK(seen[0] == seen[1]);
  CHECK(seen[0].size() == 18);
  CHECK(seen[0].front() == Id{.high = 1, .low = 1}.hex() + " 0 0");
  CHECK(seen[0].back() == second_id.hex() + " 10 2");
}

TEST_CASE("numbers that are not finite are refused, and nothing of that result is kept", "[store]") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write);
  const double wrong = GENERATE(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
  Result row = make_result(0, 0, 1), array = make_result(0, 0, 1), time = make_result(0, 0, 1),
         shape = make_result(0, 0, 1);
  row.rows[1].value = wrong;
  array.arrays[0].data[3] = wrong;
  time.rows[0].time = std::numeric_limits<double>::quiet_NaN();
  shape.arrays[0].shape = {3, 2};
  for (const Result& result : {row, array, time, shape})
    CHECK_THROWS_AS(put(store, first_id, result), std::invalid_argument);
  CHECK(store.uncommitted() == 0);
  CHECK_NOTHROW(put(store, first_id, make_result(0, 0, 1)));
}

TEST_CASE("invalidated results stay unused beside new ones", "[store]") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write);
  put(store, first_id, make_result(0, 0, 1));
  put(store, first_id, make_result(1, 0, 2));
  put(store, second_id, make_result(0, 0, 3));
  store.commit();
  store.invalidate(first_id, "the disk was bad");
  CHECK(store.standings(first_id).size() == 2);
  store.commit();
  CHECK(store.standings(first_id).empty());
  CHECK(store.results(first_id, Store::Arrays::with).empty());
  CHECK(store.standings(second_id).size() == 1);
  CHECK(store.invalidations(first_id) == std::vector<std::string>{"the disk was bad", "the disk was bad"});
  put(store, first_id, make_result(0, 0, 5));
  store.commit();
  REQUIRE(store.results(first_id, Store::Arrays::with).size() == 1);
  CHECK(store.results(first_id, Store::Arrays::with)[0].result.rows[0].value == 5);
  CHECK(store.invalidations(first_id).size() == 2);
  CHECK(store.verify().sound);
}

TEST_CASE("the scan that ran last is known, each distinct text once", "[store]") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write);
  CHECK_FALSE(store.latest_scan().has_value());
  store.put_scan("a.yaml", "text a", {"ridge=1", "x=\"a,b\""}, "0.1");
  store.put_scan("b.yaml", "text b", {}, "0.1");
  CHECK(store.latest_scan()->text == "text b");
  store.put_scan("a.yaml", "text a", {"ridge=1", "x=\"a,b\""}, "0.1");
  const auto latest = store.latest_scan();
  REQUIRE(latest.has_value());
  CHECK(latest->name == "a.yaml");
  CHECK(latest->overrides == std::vector<std::string>{"ridge=1", "x=\"a,b\""});
  CHECK(latest->version == "0.1");
  CHECK(latest->started.size() == 20);
  store.put_scan("a.yaml", "text a", {"ridge=2"}, "0.1");
  CHECK(store.latest_scan()->overrides == std::vector<std::string>{"ridge=2"});
}

TEST_CASE("ids are found by their beginning", "[store]") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory.path, Mode::write);
  put(store, first_id, make_result(0, 0, 1));
  put(store, second_id, make_result(0, 0, 1));
  store.commit();
  CHECK(store.find("") == std::vector<Id>{first_id, second_id});
  CHECK(store.find("8") == std::vector<Id>{second_id});
  CHECK(store.find(first_id.hex()) == std::vector<Id>{first_id});
  CHECK(store.find("%").empty());
  CHECK(store.find(first_id.hex() + "0").empty());
}

TEST_CASE("a directory without a run, and files that are no store", "[store]") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(Store::open(directory.path, Mode::read), EnvironmentError);
  CHECK_FALSE(std::filesystem::exists(directory.path / "store.sqlite"));
  { const Store store = Store::open(directory.path, Mode::write); }
  CHECK_NOTHROW(Store::open(directory.path, Mode::read));

  std::ofstream(directory.path / "store.sqlite", std::ios::binary) << std::string(5000, 'x');
  CHECK_THROWS_AS(Store::open(directory.path, Mode::read), StoreError);
  CHECK_THROWS_AS(Store::open(directory.path, Mode::write), StoreError);
  std::ofstream(directory.path / "a file") << "x";
  CHECK_THROWS_AS(Store::open(directory.path / "a file" / "run", Mode::write), EnvironmentError);
}

TEST_CASE("verify finds a changed number that SQLite does not see", "[store]") {
  const TemporaryDirectory directory;
  const double marker = 1234.56789;
  {
    Store store = Store::open(directory.path, Mode::write, Journal::truncate);
    put(store, first_id, make_result(0, 0, marker, 1));
    put(store, second_id, make_result(0, 0, 1, 1));
    store.commit();
    CHECK(store.verify().sound);
  }
  // Negative control of the above: one bit of one stored double, which SQLite keeps big-endian.
  std::string bytes = slurp(directory.path / "store.sqlite");
  auto pattern = std::bit_cast<std::array<char, 8>>(marker);
  std::reverse(pattern.begin(), pattern.end());
  const auto at = bytes.find(std::string(pattern.begin(), pattern.end()));
  REQUIRE(at != std::string::npos);
  bytes[at + 7] = static_cast<char>(bytes[at + 7] ^ 1);
  std::ofstream(directory.path / "store.sqlite", std::ios::binary) << bytes;
  const auto check = Store::open(directory.path, Mode::read).verify();
  CHECK_FALSE(check.sound);
  REQUIRE(check.problems.size() == 1);
  CHECK(check.problems[0].find(first_id.hex()) != std::string::npos);
}

TEST_CASE("verify reports a file that was cut off", "[store]") {
  const TemporaryDirectory directory;
  {
    Store store = Store::open(directory.path, Mode::write, Journal::truncate);
    for (std::int64_t draw = 0; draw < 300; ++draw) put(store, first_id, make_result(draw, 0, 1, 20));
    store.commit();
  }
  const auto file = directory.path / "store.sqlite";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  bool damaged = false;
  try {
    damaged = !Store::open(directory.path, Mode::read).verify().sound;
  } catch (const StoreError&) {
    damaged = true;
  }
  CHECK(damaged);
}

TEST_CASE("measured costs are kept, the latest of each kind", "[store]") {
  const TemporaryDirectory directory;
  {
    Store store = Store::open(directory.path, Mode::write);
    CHECK(store.costs().empty());
    store.put_costs({{"training hmc", {1, 2}}, {"theory nngp", {3, 4}}});
    store.commit();
    store.put_costs({{"training hmc", {5, 6}}});
    store.commit();
  }
  const auto costs = Store::open(directory.path, Mode::read).costs();
  CHECK(costs.size() == 2);
  CHECK(costs.at("training hmc") == CostFactor{5, 6});
  CHECK(costs.at("theory nngp") == CostFactor{3, 4});
}

TEST_CASE("a store of an earlier version is read as it is, and brought up to date by a writer", "[store]") {
  const TemporaryDirectory directory;
  const auto file = directory.path / "store.sqlite";
  const Result result = make_result(0, 0, 1);
  {
    Store store = Store::open(directory.path, Mode::write, Journal::truncate);
    put(store, first_id, result);
    store.commit();
  }
  const auto version_of = [&] { return Database(file, Access::read).integer("PRAGMA user_version"); };
  CHECK(version_of() == 5);
  Database(file, Access::write)
      .execute(
          "DROP TABLE cost; DROP TABLE scan_data; DROP TABLE commits; ALTER TABLE result DROP COLUMN seal; ALTER TABLE "
          "owner DROP COLUMN seal; ALTER TABLE scan DROP COLUMN seal; PRAGMA user_version = 1");
  {
    const Store reader = Store::open(directory.path, Mode::read);
    CHECK(reader.results(first_id, Store::Arrays::with).at(0).result.rows == result.rows);
    CHECK(reader.costs().empty());
    CHECK(reader.verify().sound);
  }
  CHECK(version_of() == 1);
  {
    Store store = Store::open(directory.path, Mode::write);
    store.put_costs({{"a", {1, 2}}});
    store.commit();
    CHECK(store.results(first_id, Store::Arrays::with).at(0).result.rows == result.rows);
    CHECK(store.verify().sound);
  }
  CHECK(version_of() == 5);
  Database(file, Access::write).execute("PRAGMA user_version = 6");
  CHECK_THROWS_AS(Store::open(directory.path, Mode::read), StoreError);
  CHECK_THROWS_AS(Store::open(directory.path, Mode::write), StoreError);
}

TEST_CASE("a damaged page is found when the store is opened for writing", "[store]") {
  const TemporaryDirectory directory;
  const auto file = directory.path / "store.sqlite";
  {
    Store store = Store::open(directory.path, Mode::write, Journal::truncate);
    for (std::int64_t draw = 0; draw < 300; ++draw) put(store, first_id, make_result(draw, 0, 1, 20));
    store.commit();
  }
  std::string bytes = slurp(file);
  const std::size_t page = 4096 * (bytes.size() / 4096 / 2);
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page), 64, '\xff');
  std::ofstream(file, std::ios::binary) << bytes;
  CHECK_THROWS_AS(Store::open(directory.path, Mode::write), StoreError);
}
