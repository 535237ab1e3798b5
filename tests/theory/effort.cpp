#include "fieldscan/theory/effort.hpp"

#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

/// Two classes of 6000 images each, and so many training points.
Setting images(int points, Index rows = 6000) {
  Setting s;
  s.data.input = data::File{.facts = std::make_shared<data::FileFacts>(
                                data::FileFacts{.dimension = 784, .train_count = {{0, rows}, {6, rows}}})};
  s.data.target = data::FileLabels{};
  s.data.train_size = points;
  return s;
}

bool within_factor_2(double a, double b) { return a < 2 * b && b < 2 * a; }
bool within_factor_3(double a, double b) { return a < 3 * b && b < 3 * a; }

}  // namespace

TEST_CASE("averages over files cost what the eigenvectors of their rows cost") {
  // Measured on one core: 38.7 s and 853 MB with 4096 rows.
  CHECK(within_factor_3(average_cost(images(512)).seconds, 38.7));
  CHECK(within_factor_3(average_cost(images(512)).bytes, 853e6));
  CHECK(average_cost(images(100)).seconds < average_cost(images(512)).seconds / 4);
  CHECK(average_cost(images(512, 500)).seconds < average_cost(images(512)).seconds / 30);
  // All 12 000 rows, with 640 eigenvectors: 18.3 s of one core.
  CHECK(within_factor_2(all_rows_cost(images(512), 640).seconds, 18.3));
  CHECK(within_factor_2(all_rows_cost(images(512), 640).bytes, 1.4e9));
  Setting sphere = images(512);
  sphere.data.input = data::Sphere{.dim = 8};
  sphere.data.target = data::Linear{};
  CHECK(average_cost(sphere).seconds < 1);
  CHECK(average_cost(sphere).bytes == 0);
}

TEST_CASE("a saturating activation costs the same at any variance") {
  const double at = seconds_per_average(network::Tanh{}, 1e3, Norms::different);
  CHECK(seconds_per_average(network::Tanh{}, 1e12, Norms::different) == at);
  CHECK(seconds_per_average(network::Tanh{}, 1, Norms::equal) < at);
  CHECK(seconds_per_average(network::Erf{}, 1, Norms::different) < at / 10);
  const KernelSpec one{.depth = 1, .activation = network::Tanh{}}, three{.depth = 3, .activation = network::Tanh{}};
  CHECK(seconds_per_pair(three, 10, Norms::different) > 2.5 * seconds_per_pair(one, 10, Norms::different));
}
