#include <set>

#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/data/input/list.hpp"
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
  const Matrix x = cube.corners(numbers);
  std::set<std::vector<double>> different;
  for (Index k = 0; k < 16; ++k) different.insert({x(k, 0), x(k, 1), x(k, 2), x(k, 3)});
  CHECK(different.size() == 16);
  CHECK(near::distance(x.transpose() * x, 16 * Matrix::Identity(4, 4)) == 0);
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
