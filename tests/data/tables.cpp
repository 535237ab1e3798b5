#include <set>

#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

TEST_CASE("npy and csv: values, held-out part, draws", "[files]") {
  const test::Folder folder("tables");
  std::vector<double> x;
  std::vector<float> single;
  std::vector<std::int64_t> y;
  std::string csv = "a,b,label\n";
  for (int k = 0; k < 40; ++k) {
    x.insert(x.end(), {k + 0.25, -k - 0.5});
    single.insert(single.end(), {static_cast<float>(k) + 0.25F, static_cast<float>(-k) - 0.5F});
    y.push_back(k % 2);
    csv += std::to_string(k + 0.25) + ", " + std::to_string(-k - 0.5) + "," + std::to_string(k % 2) +
           (k % 3 ? "\n" : "\r\n");
  }
  folder.write("x.npy", test::npy("<f8", "40, 2", x));
  folder.write("y.npy", test::npy("<i8", "40,", y));
  const std::string table = folder.write("table.csv", csv);
  const test::Folder f4("single");
  f4.write("x.npy", test::npy("<f4", "40, 1, 2", single));
  f4.write("y.npy", test::npy("|u1", "40,", std::vector<std::uint8_t>(y.begin(), y.end())));
  for (const std::string& path : {folder.path(), table, f4.path()}) {
    INFO(path);
    const auto pool = load_pool(File{.path = path, .classes = {0, 1}, .scaling = Scaling::none, .test_part = 0.25});
    REQUIRE(pool->dimension == 2);
    REQUIRE(pool->train.rows() == 30);
    REQUIRE(pool->test.rows() == 10);
    std::set<double> values;
    for (const PoolPart* part : {&pool->train, &pool->test})
      for (Index k = 0; k < part->rows(); ++k) {
        const Matrix row = pool_rows(*pool, *part, std::vector<Index>{k});
        const double number = row(0, 0) - 0.25;
        CHECK(row(0, 1) == -number - 0.5);
        CHECK(part->label(k) == (static_cast<int>(number) % 2 ? 1 : -1));
        values.insert(number);
      }
    CHECK(values.size() == 40);
    CHECK(File{.path = path}.dimension() == 2);
  }
  const Spec spec{.input = File{.path = table, .scaling = Scaling::none},
                  .target = FileLabels{},
                  .train_size = 20,
                  .test_size = TestSizeWord::rest};
  CHECK(test_points(spec) == 8);
  CHECK(make_draw(spec, 1, 0).test.x.rows() == 8);
}

TEST_CASE("errors of tables name the place", "[files]") {
  const test::Folder folder("bad-tables");
  const auto csv = [&](const std::string& text) {
    const std::string path = folder.write("t.csv", text);
    return test::error_of([&] { load_pool(File{.path = path}); });
  };
  CHECK(test::missing(csv("1,2,3\n4,x,6\n"), {"t.csv:2: column 2"}) == "");
  CHECK(test::missing(csv("1,2,3\n4,5\n"), {"t.csv:2: 2 columns where 3"}) == "");
  CHECK(test::missing(csv("1,2,3\n4,nan,6\n"), {"t.csv:2: column 2"}) == "");
  CHECK(test::missing(csv("x,y\n"), {"no rows"}) == "");
  const auto npy = [&](const std::string& x, const std::string& y) {
    folder.write("x.npy", x);
    folder.write("y.npy", y);
    return test::error_of([&] { load_pool(File{.path = folder.path()}); });
  };
  const std::vector<double> four{1, 2, 3, 4}, two{0, 1};
  const std::string good = test::npy("<f8", "2, 2", four), labels = test::npy("<f8", "2,", two);
  CHECK(test::missing(npy("nothing", labels), {"is not a NPY file", "numpy.save"}) == "");
  CHECK(test::missing(npy(test::npy("<c16", "1, 2", four), labels), {"<c16"}) == "");
  CHECK(test::missing(npy(test::npy("<f8", "3, 2", four), labels),
                      {"x.npy", "holds 32 bytes", "announces 48", "(3, 2)"}) == "");
  CHECK(test::missing(npy(good, test::npy("<f8", "3,", std::vector<double>{1, 2, 3})), {"3 labels"}) == "");
  CHECK(test::missing(npy(good.substr(0, 40), labels), {"cut off"}) == "");
  CHECK(test::missing(npy(test::npy("<f8", "2, 2", std::vector<double>{1, 2, 3, INFINITY}), labels),
                      {"x.npy", "entry 1 of row 1", "inf"}) == "");
}
