#include "fieldscan/theory/effort.hpp"

#include "catch.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

/// Two classes of three in a file, of 6000 images each, and so many training points.
Setting images(int points, Index rows = 6000) {
  Setting s;
  s.data.input = data::File{
      .classes = {0, 6},
      .facts = std::make_shared<data::FileFacts>(data::FileFacts{.dimension = 784,
                                                                 .has_test = true,
                                                                 .train_rows = 3 * rows,
                                                                 .train_count = {{0, rows}, {3, rows}, {6, rows}}})};
  s.data.target = data::FileLabels{};
  s.data.train_size = points;
  return s;
}

bool within_factor_2(double a, double b) { return a < 2 * b && b < 2 * a; }
bool within_factor_3(double a, double b) { return a < 3 * b && b < 3 * a; }

/// P points of the sphere in ten dimensions, 50 test points.
Setting few(int points, const Dynamics& dynamics, std::vector<double> times) {
  Setting s;
  s.data.input = data::Sphere{.dim = 10};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}};
  s.data.train_size = points;
  s.data.test_size = 50;
  s.network.activation = network::Erf{};
  s.dynamics = dynamics;
  s.asked.times = std::move(times);
  return s;
}

/// So many units learn as many others to time 400.
Setting committee(int units, const network::ActivationChoice& activation) {
  Setting s = few(1, dynamics::Online{.rate = 0.5}, {0, 1, 10, 100, 400});
  s.data.input = data::Gaussian{.dim = 1000};
  s.data.target = data::TeacherNetwork{.width = units, .activation = activation};
  s.data.train_size = data::TrainSizeWord::online;
  s.network = {.width = units, .activation = activation, .train = network::Trained::hidden};
  return s;
}

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

TEST_CASE("theories in time announce what they take, within a factor of two") {
  // Seconds of one core, measured by benchmark_in_time and benchmark_feature_dynamics.
  const auto batches = [](int points, double steps) {
    return few(points, dynamics::Batches{.rate = 0.01, .batch = 5, .sampling = dynamics::Sampling::with_replacement},
               {0, 0.01 * steps});
  };
  Setting relu = few(100, dynamics::Descent{.rate = 0.002}, {0.5, 2}),
          deep = few(10, dynamics::Descent{.rate = 5}, {2});
  relu.network.activation = network::Relu{};
  relu.ridge = 1;
  deep.network = {.depth = 2, .width = 100, .activation = network::Tanh{}, .chi = 100};
  deep.data.test_size = 100;
  const Dmft correlations{.responses = Dmft::Form::correlations, .samples = 8000};
  const struct {
    AnyTheory theory;
    Setting setting;
    double measured;
  } rows[] = {{OnlineOde{}, committee(2, network::Erf{}), 0.005}, {OnlineOde{}, committee(4, network::Erf{}), 0.062},
              {OnlineOde{}, committee(2, network::Relu{}), 0.84}, {OnlineOde{}, committee(3, network::Relu{}), 7.0},
              {SgdFluctuations{}, batches(50, 500), 0.023},       {SgdFluctuations{}, batches(200, 1000), 1.29},
              {NtkDescent{.averaged = true}, relu, 1.09},         {correlations, deep, 4.6}};
  for (const auto& [theory, setting, measured] : rows) {
    const double announced = cost_of(theory, setting).seconds;
    CAPTURE(kind_of(theory), announced, measured);
    CHECK(announced < 2 * measured);
    CHECK(announced > 0.5 * measured);
  }
}
