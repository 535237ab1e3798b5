#include <cstdio>
#include <memory>

#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "fixture.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

const std::string folder = "/usr/share/datasets/fashion-mnist";
bool is_installed() { return std::filesystem::exists(folder + "/t10k-images-idx3-ubyte.gz"); }

// Decoded by gzip, not by this program.
std::string decoded(const std::string& name) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("gzip -dc " + folder + "/" + name).c_str(), "r"), pclose);
  std::string bytes;
  char block[65536];
  for (std::size_t got; (got = fread(block, 1, sizeof block, pipe.get())) > 0;) bytes.append(block, got);
  return bytes;
}

}  // namespace

TEST_CASE("Fashion-MNIST agrees with an independent decoding", "[files]") {
  if (!is_installed()) {
    WARN("Fashion-MNIST is not installed: apt install dataset-fashion-mnist");
    return;
  }
  const auto pool = load_pool(File{.path = folder, .scaling = Scaling::none});
  REQUIRE(pool->dimension == 784);
  REQUIRE(pool->train.rows() == 60000);
  REQUIRE(pool->test.rows() == 10000);
  for (const auto& [part, name] : {std::pair{&pool->train, "train"}, std::pair{&pool->test, "t10k"}}) {
    const std::string pixels = decoded(std::string(name) + "-images-idx3-ubyte.gz"),
                      labels = decoded(std::string(name) + "-labels-idx1-ubyte.gz");
    REQUIRE(pixels.size() == 16 + 784 * static_cast<std::size_t>(part->rows()));
    CHECK(std::memcmp(std::get<0>(part->values).data(), pixels.data() + 16, pixels.size() - 16) == 0);
    Index wrong = 0;
    for (Index k = 0; k < part->rows(); ++k) wrong += part->label(k) != labels[static_cast<std::size_t>(8 + k)];
    CHECK(wrong == 0);
  }
}

TEST_CASE("two classes of Fashion-MNIST", "[files]") {
  if (!is_installed()) return;
  Spec spec{.input = File{.path = folder, .classes = {2, 4}, .centred = true},
            .target = FileLabels{},
            .train_size = 64,
            .test_size = 500};
  resolve(spec);
  CHECK(spec.problem().value_or("") == "");
  CHECK(input_dimension(spec) == 784);
  const auto pool = load_pool(spec);
  CHECK(pool->train.rows() == 12000);
  CHECK(pool->test.rows() == 2000);
  CHECK((pool->train.label.array() == -1).count() == 6000);
  const Draw draw = make_draw(spec, pool, 1, 0);
  CHECK((draw.train.x.rowwise().squaredNorm().array() - 784).abs().maxCoeff() < 1e-9);
  CHECK((draw.train.label.array().abs() == 1).all());
  CHECK(draw.test.x.rows() == 500);
  spec.train_size = 32;
  CHECK(near::equal(make_draw(spec, pool, 1, 0).train.x, draw.train.x.topRows(32)));
}
