#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

/// A table of 40 rows, every fourth of class 1, of which 8 rows are held out.
std::string table() {
  std::string csv;
  for (int k = 0; k < 40; ++k) csv += std::to_string(k + 1) + ",1," + std::to_string(k % 4 == 0 ? 1 : 0) + "\n";
  return csv;
}

std::string problem(Spec spec) {
  resolve(spec);
  return spec.problem().value_or("");
}

}  // namespace

TEST_CASE("sizes that a file does not have are known before anything runs", "[files]") {
  const test::Folder folder("sizes");
  const Spec base{
      .input = File{.path = folder.write("t.csv", table())}, .target = FileLabels{}, .train_size = 32, .test_size = 8};
  CHECK(problem(base) == "");
  const auto with = [&](auto change) {
    Spec spec = base;
    change(spec);
    return problem(spec);
  };
  CHECK(test::missing(with([](Spec& s) { s.train_size = 33; }), {"33 rows", "has 32"}) == "");
  CHECK(test::missing(with([](Spec& s) { s.test_size = 9; }),
                      {"9 rows", "where 8 are held out", "test_part 0.2 of 40"}) == "");
  CHECK(test::missing(with([](Spec& s) { s.validation_size = 1; }), {"33 rows", "has 32"}) == "");
  CHECK(test::missing(with([](Spec& s) { s.train_size = TrainSizeWord::whole, s.validation_size = 32; }),
                      {"33 rows", "has 32"}) == "");
  CHECK(with([](Spec& s) { s.train_size = TrainSizeWord::whole, s.validation_size = 31; }) == "");
  CHECK(with([](Spec& s) { s.test_size = TestSizeWord::rest; }) == "");
  CHECK(test::missing(with([](Spec& s) { std::get<File>(s.input).test_part = 0.1; }),
                      {"8 rows", "where 4 are held out"}) == "");
  CHECK(test::missing(with([](Spec& s) { std::get<File>(s.input).classes = {0, 7}; }), {"label 7"}) == "");
  CHECK(test::missing(with([](Spec& s) { std::get<File>(s.input).one_vs_rest = 7; }), {"label 7"}) == "");
  // Of classes: exactly what the pool has.
  Spec classes = base;
  std::get<File>(classes.input).classes = {0, 1};
  const auto pool = load_pool(classes);
  classes.train_size = static_cast<int>(pool->train.rows()), classes.test_size = static_cast<int>(pool->test.rows());
  CHECK(problem(classes) == "");
  CHECK(make_draw(classes, 1, 0).test.x.rows() == pool->test.rows());
  classes.train_size = classes.train_size.number() + 1;
  CHECK(problem(classes) != "");
}

TEST_CASE("test points of the pool or of the test files, as asked", "[files]") {
  const test::Folder folder("test-from");
  test::write_images(folder, 30, 12);
  Spec spec{.input = File{.path = folder.path(), .classes = {2, 0}, .scaling = Scaling::none, .test_part = 0.3},
            .target = FileLabels{},
            .train_size = 10,
            .test_size = TestSizeWord::rest};
  const auto text = [&](TestFrom from) {
    Spec other = spec;
    other.test_from = from;
    return canonical_text("data", other);
  };
  CHECK(text(TestFrom::automatic).find("test_from") == std::string::npos);
  CHECK(text(TestFrom::pool) != text(TestFrom::automatic));
  const Draw automatic = make_draw(spec, 1, 0);
  spec.test_from = TestFrom::files;
  CHECK(problem(spec) == "");
  CHECK(near::equal(make_draw(spec, 1, 0).test.x, automatic.test.x));
  CHECK(near::equal(make_draw(spec, 1, 0).train.x, automatic.train.x));
  CHECK(automatic.test.x.rows() == 8);
  spec.test_from = TestFrom::pool;
  CHECK(problem(spec) == "");
  const auto pool = load_pool(spec);
  CHECK(pool->train.rows() + pool->test.rows() == 20);
  CHECK(train_points(spec) == 10);
  CHECK(test_points(spec) == pool->test.rows());
  // Every test row is an image of the training file, and none of the pool.
  const auto whole = load_pool(std::get<File>(spec.input));
  std::vector<std::vector<double>> all, rest;
  const auto rows = [](const Pool& from, const PoolPart& part, std::vector<std::vector<double>>& out) {
    for (Index k = 0; k < part.rows(); ++k) {
      const Matrix row = pool_rows(from, part, std::vector<Index>{k});
      out.emplace_back(row.data(), row.data() + row.size());
    }
    std::sort(out.begin(), out.end());
  };
  rows(*whole, whole->train, all);
  std::vector<std::vector<double>> held;
  rows(*pool, pool->train, rest);
  rows(*pool, pool->test, held);
  std::vector<std::vector<double>> merged;
  std::merge(rest.begin(), rest.end(), held.begin(), held.end(), std::back_inserter(merged));
  CHECK(merged == all);
  spec.train_size = 15;
  CHECK(test::missing(problem(spec), {"15 rows", "has 14"}) == "");
  // What has no test files can not be asked for them.
  Spec of_table{
      .input = File{.path = folder.write("t.csv", table())}, .target = FileLabels{}, .train_size = 10, .test_size = 8};
  of_table.test_from = TestFrom::pool;
  CHECK(problem(of_table) == "");
  of_table.test_from = TestFrom::files;
  CHECK(test::missing(problem(of_table), {"test_from: files", "pool"}) == "");
  Spec of_sphere{.test_from = TestFrom::pool};
  CHECK(test::missing(of_sphere.problem().value_or(""), {"test_from"}) == "");
}
