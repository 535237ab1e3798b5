#include "catch.hpp"
#include "fieldscan/core/flat.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

std::string table(int first) {
  std::string csv = "a,b,label\n";
  for (int k = 0; k < 40; ++k)
    csv += std::to_string(first + k) + "," + std::to_string(k % 7 - 3) + "," + std::to_string(k % 2) + "\n";
  return csv;
}

Spec spec_of(const std::string& path) {
  Spec spec{.input = File{.path = path, .classes = {0, 1}},
            .target = FileLabels{},
            .train_size = 10,
            .test_size = TestSizeWord::rest};
  resolve(spec);
  return spec;
}

}  // namespace

TEST_CASE("a file that changes after it was resolved is not read", "[files]") {
  const test::Folder folder("changed");
  const std::string path = folder.write("data.csv", table(1));
  const Spec spec = spec_of(path);
  const Draw before = make_draw(spec, 1, 0);
  folder.write("data.csv", table(2));  // the same shape
  CHECK_THROWS_AS(load_pool(spec), DataLost);
  CHECK_THROWS_AS(make_draw(spec, 1, 0), DataLost);
  CHECK(test::missing(test::error_of([&] { load_pool(spec); }), {path, "has changed", "--out"}) == "");
  folder.write("data.csv", "a,b,label\n1,2,x\n");  // nor is one that can not be read any more
  CHECK_THROWS_AS(load_pool(spec), DataLost);
  folder.remove("data.csv");
  CHECK_THROWS_AS(load_pool(spec), DataLost);
  CHECK(test::missing(test::error_of([&] { load_pool(spec); }), {path, "does not exist"}) == "");
  folder.write_gz("data.csv", table(1));  // the same content, packed
  CHECK(near::equal(make_draw(spec, 1, 0).train.x, before.train.x));
}

TEST_CASE("images, arrays and archives that change are not read either", "[files]") {
  const test::Folder folder("changed-images");
  test::write_images(folder, 30, 12);
  Spec spec{.input = File{.path = folder.path()}, .target = FileLabels{}, .train_size = 10, .test_size = 5};
  resolve(spec);
  CHECK(load_pool(spec)->train.rows() == 30);
  std::vector<std::uint8_t> labels(12, 1);  // of the test files alone
  folder.write("t10k-labels-idx1-ubyte", test::idx({12}, labels));
  CHECK_THROWS_AS(load_pool(spec), DataLost);

  const test::Folder arrays("changed-arrays");
  arrays.write("x.npy", test::npy("<f8", "4, 2", std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}));
  arrays.write("y.npy", test::npy("<f8", "4,", std::vector<double>{1, 2, 3, 4}));
  const Spec of_arrays = spec_of(arrays.path());
  CHECK(load_pool(Spec{.input = File{.path = arrays.path(), .facts = std::get<File>(of_arrays.input).facts}})
            ->dimension == 2);
  arrays.write("y.npy", test::npy("<f8", "4,", std::vector<double>{1, 2, 4, 3}));
  CHECK_THROWS_AS(load_pool(of_arrays), DataLost);
}

TEST_CASE("what one look told comes back from its bytes, and says all sizes without the file", "[files]") {
  const test::Folder folder("facts");
  test::write_images(folder, 30, 12);
  const std::string path = folder.write("data.csv", table(1));
  DataFiles files;
  for (const std::string& place : {folder.path(), path}) {
    InputChoice input = File{.path = place};
    resolve(input);
    files.push_back(std::get<File>(input).facts);
  }
  const Bytes bytes = pack(files);
  const DataFiles again = unpack(bytes);
  REQUIRE(again.size() == 2);
  for (std::size_t k = 0; k < 2; ++k) CHECK(*again[k] == *files[k]);
  CHECK(unpack(Bytes{}).empty());
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    Bytes damaged = bytes;
    damaged[k] ^= 16;
    CHECK_THROWS_AS(unpack(damaged), MalformedMessage);
    CHECK_THROWS_AS(unpack(std::span(bytes).first(k + (k == 0))), MalformedMessage);
  }
  // The sizes that the facts tell are those of the pool.
  for (const double part : {0.1, 0.2, 0.5, 0.77})
    for (const TestFrom from : {TestFrom::automatic, TestFrom::pool})
      for (const auto& facts : files)
        for (const std::vector<int>& classes : {std::vector<int>{}, std::vector<int>{1, 0}}) {
          const File file{.path = facts->path, .classes = classes, .test_part = part, .facts = facts};
          const auto pool = load_pool(file, from);
          const auto sizes = file.known_sizes(from);
          REQUIRE(sizes);
          CHECK(sizes->train == pool->train.rows());
          CHECK(sizes->test == pool->test.rows());
        }
}
