#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

TEST_CASE("errors of files say what is wrong and what to do", "[files]") {
  const test::Folder folder("errors");
  const auto error = [&](const File& file) { return test::error_of([&] { load_pool(file); }); };
  CHECK(test::missing(error({.path = "/no/such/folder"}), {"does not exist", "folder of the scan file"}) == "");
  CHECK(test::missing(error({.path = "/no/such/Fashion-MNIST"}),
                      {"does not exist", "apt install dataset-fashion-mnist"}) == "");
  CHECK(test::missing(error({.path = folder.path()}), {"train-images-idx3-ubyte", "x.npy", ".csv"}) == "");
  CHECK_THROWS_AS(load_pool(File{.path = folder.path()}), EnvironmentError);

  test::write_images(folder, 30, 12);
  CHECK(error({.path = folder.path()}).empty());
  CHECK(test::missing(error({.path = folder.path(), .classes = {7, 8}}), {"no rows", "data.input.classes"}) == "");
  CHECK(test::missing(error({.path = folder.path(), .classes = {1, 8}}), {"one of the two classes"}) == "");
  for (const auto& file :
       {File{.path = folder.path(), .classes = {1, 8}}, File{.path = folder.path(), .one_vs_rest = 8}}) {
    Spec of_labels{.input = file, .target = FileLabels{}, .train_size = 2, .test_size = 2};
    resolve(of_labels);
    CHECK(test::missing(of_labels.problem().value_or(""), {"label 8"}) == "");
  }
  CHECK(test::missing(error({.path = folder.path(), .one_vs_rest = 8}), {"one_vs_rest"}) == "");
  Spec spec{.input = File{.path = folder.path(), .classes = {2, 0}},
            .target = FileLabels{},
            .train_size = 21,
            .test_size = 5};
  CHECK(test::missing(test::error_of([&] { make_draw(spec, 1, 0); }), {"21 rows", "has 20"}) == "");
  resolve(spec);
  CHECK(test::missing(spec.problem().value_or(""), {"21 rows", "has 20"}) == "");
  spec.train_size = 20, spec.test_size = 9;
  CHECK(test::missing(test::error_of([&] { make_draw(spec, 1, 0); }), {"9 rows", "has 8"}) == "");

  const std::string images_name = "train-images-idx3-ubyte.gz";
  folder.write_gz(images_name, test::idx({30, 2, 3}, std::vector<std::uint8_t>(179)));
  CHECK(test::missing(error({.path = folder.path()}), {"179 bytes", "180"}) == "");
  folder.write_gz(images_name, test::idx({29, 2, 3}, std::vector<std::uint8_t>(174)));
  CHECK(test::missing(error({.path = folder.path()}), {"30 labels", "29 images"}) == "");
  folder.write(images_name, "not images");
  CHECK(test::missing(error({.path = folder.path()}), {"is not an idx file"}) == "");
  folder.write(images_name, std::string("\x1f\x8b\x08\x00", 4) + std::string(40, 'x'));
  CHECK(test::missing(error({.path = folder.path()}), {"can not be read"}) == "");
}
