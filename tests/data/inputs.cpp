#include <set>

#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/data/draw.hpp"
#include "near.hpp"
#include "statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

Stream stream(std::uint64_t r = 0) { return Stream(7, Purpose::test, "inputs", r, 0); }
using Distributions = std::tuple<Sphere, Gaussian, Hypercube>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("an input has zero mean and covariance identity", "[inputs]", Distributions) {
  const TestType input{.dim = 5};
  const Index n = 20000;
  const Matrix x = input.draw(stream(), 0, n);
  REQUIRE(x.rows() == n);
  REQUIRE(x.cols() == input.dimension());
  for (int i = 0; i < 5; ++i) {
    CHECK(std::abs(test::mean(x.col(i)).z(0)) < 4);
    for (int j = 0; j <= i; ++j) {
      const Vector product = x.col(i).cwiseProduct(x.col(j));
      if (i == j && std::is_same_v<TestType, Hypercube>) continue;  // exactly one
      CHECK(std::abs(test::mean(product).z(i == j ? 1 : 0)) < 4);
      CHECK(std::abs(test::mean(product).z(i == j ? 1.1 : 0.1)) > 4);  // the test can fail
    }
  }
}

TEMPLATE_LIST_TEST_CASE("example k is the same in sets of all sizes", "[inputs]", Distributions) {
  const TestType input{.dim = 7};
  const Matrix all = input.draw(stream(), 0, 50);
  CHECK(near::equal(input.draw(stream(), 0, 13), all.topRows(13)));
  CHECK(near::equal(input.draw(stream(), 20, 11), all.middleRows(20, 11)));
  CHECK(near::equal(input.draw(stream(), 0, 50), all));
  CHECK(input.draw(stream(1), 0, 50) != all);
  CHECK(input.draw(stream(), 0, 0).rows() == 0);
}

TEST_CASE("examples beyond 2³² are still new ones", "[inputs]") {
  const Sphere input{.dim = 3};
  CHECK(input.draw(stream(), std::uint64_t{1} << 32, 1) != input.draw(stream(), 0, 1));
}

TEST_CASE("sphere: |x|² = d, and odd and fourth moments of the sphere", "[inputs]") {
  const Sphere input{.dim = 6};
  const Matrix x = input.draw(stream(), 0, 20000);
  CHECK((x.rowwise().squaredNorm().array() - 6).abs().maxCoeff() < 1e-12);
  // ⟨x_i⁴⟩ = 3d/(d + 2); 3 for normal inputs
  const test::Mean fourth = test::mean(x.col(2).array().pow(4).matrix());
  CHECK(std::abs(fourth.z(3 * 6 / 8.0)) < 4);
  CHECK(std::abs(fourth.z(3)) > 4);
  const Matrix line = Sphere{.dim = 1}.draw(stream(), 0, 100);
  CHECK((line.cwiseAbs().array() == 1).all());
}

TEST_CASE("gaussian: the spectrum is a power law of trace d", "[inputs]") {
  const Gaussian input{.dim = 8, .spectrum = PowerLawSpectrum{.exponent = 1.5}};
  const Vector lambda = input.variances();
  CHECK(lambda.sum() == Approx(8).epsilon(1e-14));
  CHECK(lambda(0) / lambda(7) == Approx(std::pow(8, 1.5)).epsilon(1e-13));
  const Matrix x = input.draw(stream(), 0, 20000);
  for (int i = 0; i < 8; ++i) {
    const test::Mean second = test::mean(x.col(i).cwiseAbs2());
    CHECK(std::abs(second.z(lambda(i))) < 4);
    CHECK(std::abs(second.z(lambda(i) * 1.15)) > 4);
  }
  CHECK(Gaussian{.dim = 3}.variances() == Vector::Ones(3));
  CHECK_FALSE(input.isotropic());
}

TEST_CASE("hypercube: entries are ±1, and corners are all different", "[inputs]") {
  const Hypercube cube{.dim = 4};
  CHECK((cube.draw(stream(), 0, 500).cwiseAbs().array() == 1).all());
  std::vector<Index> numbers(16);
  for (std::size_t k = 0; k < 16; ++k) numbers[k] = static_cast<Index>(k);
  const Matrix x = cube.members(numbers);
  std::set<std::vector<double>> different;
  for (Index k = 0; k < 16; ++k) different.insert({x(k, 0), x(k, 1), x(k, 2), x(k, 3)});
  CHECK(different.size() == 16);
  CHECK(near::distance(x.transpose() * x, 16 * Matrix::Identity(4, 4)) == 0);
}

TEST_CASE("modular pairs: two-hot, all different, and drawn uniformly; their sum is one residue", "[inputs]") {
  const ModularPairs pairs{.modulus = 5};
  CHECK(pairs.dimension() == 10);
  std::vector<Index> numbers(25);
  for (std::size_t k = 0; k < 25; ++k) numbers[k] = static_cast<Index>(k);
  const Matrix all = pairs.members(numbers);
  for (Index k = 0; k < 25; ++k) {
    const Pair pair = pair_of(pairs, all.row(k).transpose());
    CHECK(pair.a + 5 * pair.b == k);
    CHECK(all.row(k).squaredNorm() == Approx(10));
    CHECK((all.row(k).array() != 0).count() == 2);
  }
  const Matrix x = pairs.draw(stream(), 0, 20000);
  CHECK(near::equal(pairs.draw(stream(), 20, 11), x.middleRows(20, 11)));
  const Matrix indicator = (x.array() > 0).cast<double>();
  for (Index i = 0; i < 10; ++i) CHECK(std::abs(test::mean(indicator.col(i)).z(0.2)) < 4);
  CHECK(std::abs(test::mean(indicator.col(1).cwiseProduct(indicator.col(8))).z(0.04)) < 4);
  CHECK(std::abs(test::mean(indicator.col(1).cwiseProduct(indicator.col(8))).z(0.05)) > 4);

  Spec spec{.input = pairs, .target = ModularSum{}, .train_size = 16, .test_size = TestSizeWord::rest};
  CHECK(spec.problem().value_or("") == "");
  CHECK(output_count(spec) == 5);
  const Draw draw = make_draw(spec, 1, 0);
  CHECK(draw.test.x.rows() == 9);
  CHECK(near::distance(draw.train.x.colwise().sum() + draw.test.x.colwise().sum(), all.colwise().sum()) < 1e-12);
  for (Index k = 0; k < 16; ++k) {
    const Pair pair = pair_of(pairs, draw.train.x.row(k).transpose());
    Vector expected = Vector::Constant(5, -0.2);
    expected[(pair.a + pair.b) % 5] = 0.8;
    CHECK(near::distance(draw.train.label.row(k).transpose(), expected) < 1e-15);
  }
  // A linear function on the pairs has the mean square that was asked for, over all of them.
  spec.target = Linear{.norm = 1.5}, spec.train_size = TrainSizeWord::whole, spec.test_size = 1;
  CHECK(make_draw(spec, 1, 0).train.target.squaredNorm() / 25 == Approx(2.25));
  // What is none of this says so.
  const auto problem = [](const Spec& of) { return of.problem().value_or(""); };
  CHECK(problem({.input = Sphere{.dim = 4}, .target = ModularSum{}}).find("modular_pairs") != std::string::npos);
  CHECK(problem({.input = pairs, .target = Linear{}, .test_size = TestSizeWord::exact}).find("covariance") !=
        std::string::npos);
  spec = {.input = pairs, .target = ModularSum{}, .train_size = 25, .test_size = TestSizeWord::rest};
  CHECK(problem(spec).find("25 of 25 pairs") != std::string::npos);
  spec = {.input = pairs, .target = ModularSum{.centred = false}};
  CHECK(make_draw(spec, 1, 0).train.target.rowwise().sum() == Vector::Ones(100));
}

TEST_CASE("identities of inputs", "[inputs]") {
  CHECK(canonical_text("input", InputChoice(Sphere{.dim = 8})) == "input.kind=sphere@1\ninput.dim=8\n");
  CHECK(canonical_text("input", InputChoice(Gaussian{.dim = 8, .spectrum = PowerLawSpectrum{.exponent = 1.5}})) ==
        "input.kind=gaussian@1\ninput.dim=8\ninput.spectrum.kind=power_law@1\ninput.spectrum.exponent=1.5\n");
  CHECK(is_isotropic(Sphere{.dim = 2}));
  CHECK(is_isotropic(Gaussian{.dim = 2}));
  CHECK_FALSE(is_isotropic(Hypercube{.dim = 2}));
  CHECK(dimension_of(Hypercube{.dim = 9}) == 9);
}
