#include "../../src/training/observe/kernel_numbers.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/network/empirical_kernel.hpp"
#include "near.hpp"
#include "support.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

const Array* array_of(const Result& result, Observable observable) {
  const Array* found = nullptr;
  for (const Array& array : result.arrays)
    if (array.observable == observable) found = &array;
  return found;
}

int count_of(const Result& result, Observable observable) {
  int count = 0;
  for (const Row& row : result.rows) count += row.observable == observable;
  for (const Array& array : result.arrays) count += array.observable == observable;
  return count;
}

Matrix matrix_of(const Array& array) {
  const auto points = array.shape.back();
  return Eigen::Map<const Matrix>(array.data.data(), points, points);
}

Case small_case() { return make_case(8, 6, 3, {.depth = 2, .width = 10, .activation = network::Tanh{}, .chi = 4}); }

}  // namespace

TEST_CASE("both kernels of one network, each as if it were alone", "[kernels]") {
  const Case c = make_case(6, 5, 3, {.depth = 2, .width = 8});
  const GradientDescent trainer{.learning_rate = 0.1, .steps = 4};
  const std::vector<Observable> numbers{spectrum, alignment, kernel_change, error_after_kernel};
  std::vector<Observable> all = numbers;
  for (const Observable number : numbers) all.push_back(*beside_nngp(number));
  const Result both = train(c.problem(), trainer, plan_of(all)),
               tangent = train(c.problem(), trainer, plan_of(numbers));
  ObservePlan plan = plan_of(numbers);
  for (const Observable number : numbers) plan.views.push_back({.observable = number, .kernel = EmpiricalKernel::nngp});
  const Result alone = train(c.problem(), trainer, plan);
  for (const Observable number : numbers) {
    const double rank = number == spectrum ? 1 : 0;
    CHECK(value_of(both, number, rank) == value_of(tangent, number, rank));
    CHECK(value_of(both, *beside_nngp(number), rank) == value_of(alone, number, rank));
    CHECK(value_of(both, number, rank) != value_of(alone, number, rank));
  }
}

TEST_CASE("numbers of a kernel: identities", "[kernels]") {
  const Vector y = normals(9, 1, 70);
  const Matrix factors = normals(9, 4, 71), kernel = factors * factors.transpose();
  CHECK(kernel_alignment(3 * y * y.transpose(), y) == Approx(1));
  CHECK(kernel_alignment(Matrix::Identity(9, 9), y) == Approx(1.0 / 3));  // 1/√P
  CHECK(kernel_alignment(kernel, y) == Approx(kernel_alignment(7 * kernel, -2 * y)));
  CHECK(kernel_alignment(kernel, Vector::Zero(9)) == 0);
  CHECK(relative_change(kernel, kernel) == 0);
  CHECK(relative_change(-1.5 * kernel, kernel) == Approx(2.5));
  std::vector<Reading> readings;
  read_spectrum(kernel, spectrum, readings);
  REQUIRE(readings.size() == 9);
  double sum = 0;
  for (std::size_t k = 0; k < 9; ++k) {
    sum += readings[k].value;
    CHECK(readings[k].coordinate == static_cast<double>(k) + 1);
    if (k > 0) CHECK(readings[k].value <= readings[k - 1].value);
  }
  CHECK(sum == Approx(kernel.trace() / 9));
  CHECK(readings[4].value == Approx(0).margin(1e-13));  // rank 4
  CHECK(near::distance(eigenvalues(kernel), eigenpairs(kernel).values) < 1e-12);
}

TEST_CASE("weights of kernel regression, with and without a ridge", "[kernels]") {
  const Matrix factors = normals(9, 4, 72), kernel = factors * factors.transpose();
  const Vector y = normals(9, 1, 73);
  const Vector ridge = regression_weights(kernel, y, 0.3);
  CHECK(near::distance(kernel * ridge + 0.3 * ridge, y) < 1e-12);
  // Rank 4 of 9, ridge 0: the projection of the labels on the features.
  const Vector projected = factors * factors.colPivHouseholderQr().solve(y);
  CHECK(near::distance(kernel * regression_weights(kernel, y, 0), projected) < 1e-11);
}

TEST_CASE("a descent records its kernels and their numbers", "[kernels]") {
  Case c = small_case();
  c.ridge = 0.2;
  const GradientDescent trainer{.learning_rate = 0.5, .steps = 40, .anchor = Anchor::zero};
  const ObservePlan plan = plan_of({nngp_empirical, ntk_empirical, hidden_kernel, spectrum, alignment, kernel_change,
                                    error_after_kernel, error_test});
  const Result result = train(c.problem(), trainer, plan);
  // Matrices at the end alone, numbers at start and end.
  for (const Observable observable : {nngp_empirical, ntk_empirical, hidden_kernel})
    CHECK(count_of(result, observable) == 1);
  for (const Observable observable : {alignment, kernel_change, error_after_kernel})
    CHECK(count_of(result, observable) == 2);
  CHECK(count_of(result, spectrum) == 16);
  CHECK(array_of(result, hidden_kernel)->shape == std::vector<std::int64_t>{2, 8, 8});
  const Matrix tangent = matrix_of(*array_of(result, ntk_empirical));
  CHECK(value_of(result, alignment) == Approx(kernel_alignment(tangent, c.data.train.label)));
  CHECK(value_of(result, spectrum, 1) == Approx(eigenvalues(tangent)[0] / 8));
  // The last hidden kernel is the NNGP kernel without σ_a².
  const Array& hidden = *array_of(result, hidden_kernel);
  const Array& nngp = *array_of(result, nngp_empirical);
  for (std::size_t k = 0; k < 64; ++k) CHECK(hidden.data[64 + k] == Approx(nngp.data[k]));
  // Changes are since θ₀: of the kernel that the initial network has.
  const network::Network network(c.network, 3);
  const Matrix initial = network::empirical_ntk(network, initial_of(c), c.data.train.x);
  CHECK(value_of(result, kernel_change) == Approx(relative_change(tangent, initial)));
  CHECK(value_of(result, kernel_change) > 0.01);
  for (const Row& row : result.rows)
    if (row.observable == kernel_change && row.time == 0) CHECK(row.value == 0);
}

TEST_CASE("kernels on chosen points, of a chosen kind, at chosen times", "[kernels]") {
  const Case c = small_case();
  const GradientDescent trainer{.learning_rate = 0.1, .steps = 6};
  ObservePlan plan = plan_of({ntk_empirical, alignment, kernel_change, coordinate_size, ntk_top});
  plan.times = {.unit = TimeUnit::steps, .values = {3}};
  plan.views = {
      {.observable = ntk_empirical, .on = PointSet::test, .points = 4, .moments = Moments::all},
      {.observable = alignment, .kernel = EmpiricalKernel::nngp, .on = PointSet::test, .moments = Moments::end},
      {.observable = coordinate_size, .on = PointSet::test}};
  const Result result = train(c.problem(), trainer, plan);
  CHECK(count_of(result, ntk_empirical) == 3);
  CHECK(array_of(result, ntk_empirical)->shape == std::vector<std::int64_t>{4, 4});
  CHECK(count_of(result, alignment) == 1);
  CHECK(count_of(result, kernel_change) == 3);
  const network::Network network(c.network, 3);
  const Vector theta = initial_of(c);
  const Matrix tangent = network::empirical_ntk(network, theta, c.data.test.x.topRows(4));
  CHECK(near::distance(matrix_of(result.arrays.front()), tangent) < 1e-12);
  CHECK(result.arrays.front().time == 0);
  // The pass over the test set and the one over the training set are two.
  auto work = network.workspace(6);
  Vector f(6);
  network.forward(theta, c.data.test.x, work, f);
  CHECK(result.rows.front().observable == coordinate_size);
  CHECK(result.rows.front().value == Approx(work.preactivation[0].cwiseAbs().mean()));
  CHECK(count_of(result, ntk_top) == 3);
}

TEST_CASE("the regression with the readout's own kernel is what the solved readout does", "[kernels]") {
  Case c = make_case(8, 20, 3, {.width = 30, .train = network::Trained::readout});
  for (const double ridge : {0.0, 0.4}) {
    c.ridge = ridge;
    ObservePlan plan = plan_of({error_test, error_after_kernel, kernel_change});
    const Result solved = train(c.problem(), ExactReadout{}, plan);
    CHECK(value_of(solved, error_after_kernel) == Approx(value_of(solved, error_test)).epsilon(1e-8));
    CHECK(value_of(solved, kernel_change) == 0);
    plan.views = {{.observable = error_after_kernel, .kernel = EmpiricalKernel::nngp}};
    const Result same = train(c.problem(), ExactReadout{}, plan);
    CHECK(value_of(same, error_after_kernel) == Approx(value_of(solved, error_test)).epsilon(1e-8));
  }
}

TEST_CASE("descent with decay towards zero ends where its identities hold, whatever the network", "[kernels]") {
  const Observable residual = *find_observable("decay_residual");
  const auto ends = [&](const network::ActivationChoice& activation, int depth, Anchor anchor) {
    Case c = make_case(6, 5, 3, {.depth = depth, .width = 10, .activation = activation, .chi = 10});
    c.ridge = 0.2;
    const Result result = train(c.problem(), GradientDescent{.learning_rate = 0.5, .steps = 4000, .anchor = anchor},
                                plan_of({residual, error_test, error_after_kernel}));
    CHECK(result.outcome == Outcome::done);
    for (const Row& row : result.rows)  // the initial network is not there
      if (row.observable == residual && row.time == 0) CHECK(row.value > 0.1);
    return value_of(result, residual);
  };
  CHECK(ends(network::Tanh{}, 1, Anchor::zero) < 1e-4);
  CHECK(ends(network::Gelu{}, 2, Anchor::zero) < 1e-4);
  CHECK(ends(network::Tanh{}, 1, Anchor::initial) > 1e-3);
}

TEST_CASE("without a training set kernels are those of the test set", "[kernels]") {
  Case c = make_case(1, 5, 3, {.width = 8});
  c.spec.train_size = data::TrainSizeWord::online;
  c.spec.target = data::Linear{};
  c.data.train = {.x = Matrix(0, 3), .target = Matrix(0, 1), .label = Matrix(0, 1)};
  const Result result = train(c.problem(), Sgd{.learning_rate = 0.1, .batch = 3, .steps = 4},
                              plan_of({ntk_empirical, alignment, error_after_kernel}));
  CHECK(array_of(result, ntk_empirical)->shape == std::vector<std::int64_t>{5, 5});
  CHECK(count_of(result, alignment) == 2);
  CHECK(count_of(result, error_after_kernel) == 0);
}

TEST_CASE("a chain averages its kernels", "[kernels]") {
  // A linear network of one hidden layer with nothing to learn: the prior, where ⟨K_N⟩ = σ_w² x·x′/d.
  Case c = make_case(3, 2, 4, {.width = 6, .activation = network::Linear{}});
  c.data.train.label.setZero();
  c.ridge = 1e4;
  const Result result = train(c.problem(), Hmc{.samples = 3000, .burn_in = 200},
                              plan_of({nngp_empirical, hidden_kernel, spectrum, kernel_change}));
  const Matrix expected = c.data.train.x * c.data.train.x.transpose() / 4;
  const Matrix mean = matrix_of(*array_of(result, nngp_empirical));
  // K_N is Wishart with N degrees: variance (E_ii E_jj + E_ij²)/N of an entry; 5 standard errors at an effective size
  // of 500.
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) {
      const double variance = (expected(i, i) * expected(j, j) + expected(i, j) * expected(i, j)) / 6;
      CHECK(std::abs(mean(i, j) - expected(i, j)) <= 5 * std::sqrt(variance / 500));
    }
  CHECK(near::distance(mean, 1.3 * expected) > 0.1 * expected.norm());
  CHECK(row_of(result, spectrum, 3));
  CHECK_FALSE(row_of(result, kernel_change));  // a chain has no initial network
}
