#include <sqlite3.h>

#include "catch.hpp"
#include "directory.hpp"
#include "fieldscan/store/store.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

data::DataFiles files_of(const std::string& content) {
  return {std::make_shared<const data::FileFacts>(data::FileFacts{.path = "t.csv",
                                                                  .header = data::Header::yes,
                                                                  .place = "/study/t.csv",
                                                                  .content = content,
                                                                  .dimension = 3,
                                                                  .train_rows = 5,
                                                                  .train_count = {{0, 2}, {4, 1}},
                                                                  .held_out_places = {{0, {1, 3}}, {4, {0}}},
                                                                  .note = "line 1 is the header"})};
}

void execute(const std::filesystem::path& file, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  REQUIRE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE("the files of data of a scan come back, newest first, and are checked", "[store]") {
  const TemporaryDirectory directory;
  {
    Store store = Store::open(directory.path, Mode::write);
    store.put_scan("a.yaml", "text a", {}, "0.1", files_of("first"));
    store.put_scan("b.yaml", "text b", {}, "0.1");
    CHECK(store.latest_scan()->data.empty());
    store.put_scan("a.yaml", "text a", {}, "0.1", files_of("second"));
    const auto latest = store.latest_scan();
    REQUIRE(latest->data.size() == 1);
    CHECK(*latest->data[0] == *files_of("second")[0]);
    CHECK(store.scan_texts()[0].data.size() == 1);
  }
  const auto file = directory.path / "store.sqlite";
  execute(file, "UPDATE scan_data SET files = substr(files, 1, 60) || x'21' || substr(files, 62)");
  CHECK_THROWS_AS(Store::open(directory.path, Mode::read).latest_scan(), StoreError);
  execute(file, "DROP TABLE scan_data");
  CHECK_THROWS_AS(Store::open(directory.path, Mode::read).latest_scan(), StoreError);
  execute(file, "UPDATE scan SET seal = NULL");  // as in stores of earlier versions
  CHECK(Store::open(directory.path, Mode::read).latest_scan()->data.empty());
}
