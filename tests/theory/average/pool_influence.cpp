#include "../../../src/theory/average/pool_influence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

/// A pool of points with their kernel, a target that no mode is made for, and the kernel of the output at
/// initialisation.
struct Pool {
  Matrix x, kernel, initial;
  Vector target;

  explicit Pool(Index rows) {
    x = testing::normals(stream("pool rows"), rows, 4);
    const KernelSpec spec{.depth = 1, .activation = network::Erf{}, .weight_variance = 2, .bias_variance = 0.1};
    const Kernels both = kernels(spec, x);
    kernel = both.tangent;
    initial = both.nngp;
    target = (2 * x.col(0)).array().tanh() + 0.7 * (3 * x.col(1)).array().sin() * x.col(2).array();
  }
  /// Some of its rows, each with a weight.
  PoolExpansion expansion(const std::vector<Index>& rows, const Vector& weight) const {
    const Vector root = weight.cwiseSqrt();
    const Matrix k = root.asDiagonal() * kernel(rows, rows) * root.asDiagonal();
    const Matrix initial_kernel = root.asDiagonal() * initial(rows, rows) * root.asDiagonal();
    EmpiricalModes modes = empirical_modes(k);
    PoolExpansion out{.eigenvalue = modes.eigenvalue,
                      .vectors = modes.vectors,
                      .target = root.cwiseProduct(target(rows)),
                      .initial = {},
                      .initial_image = initial_kernel * modes.vectors,
                      .components = {},
                      .all_rows = static_cast<double>(x.rows())};
    out.initial =
        out.initial_image.cwiseProduct(out.vectors).colwise().sum().transpose() / static_cast<double>(rows.size());
    return out;
  }
};

std::vector<Index> first_rows(Index count) {
  std::vector<Index> rows;
  for (Index i = 0; i < count; ++i) rows.push_back(i);
  return rows;
}

/// Everything that is predicted: of the mean network, of one network with χ = 2, and the learnability.
std::vector<Influenced> all_numbers(const PoolExpansion& modes, double points, double ridge) {
  const PoolInfluence influence(modes, points, ridge);
  const auto target = influence.of(modes.target);
  std::vector<Influenced> out{influence.learnability(target), influence.eigenvalue(0), influence.eigenvalue(3)};
  for (const auto& n :
       {influence.numbers(target, 0.04), influence.numbers(sum_of(target, influence.of_initial(), 0.5), 0.04)})
    for (const Influenced& number : {n.kappa_eff, n.overfitting, n.bias, n.error_total, n.error_test, n.error_train,
                                     n.posterior_variance, n.label_form, n.log_determinant})
      out.push_back(number);
  return out;
}

}  // namespace

TEST_CASE("averages over a pool are the same with and without their influences") {
  const Pool pool(60);
  const PoolExpansion modes = pool.expansion(first_rows(60), Vector::Ones(60));
  const Vector power = (modes.vectors.transpose() * modes.target).cwiseAbs2() / 60;
  for (const double ridge : {0.0, 0.01, 1.0}) {
    const DataAverage plain = average_over_pool(modes.eigenvalue, power, 15, ridge, 0.04);
    const PoolInfluence influence(modes, 15, ridge);
    const auto n = influence.numbers(influence.of(modes.target), 0.04);
    CHECK(n.error_test.value == Approx(plain.error_test).epsilon(1e-12));
    CHECK(n.error_train.value == Approx(plain.error_train).epsilon(1e-12));
    CHECK(n.kappa_eff.value == Approx(plain.kappa_eff).epsilon(1e-12));
    CHECK(n.log_determinant.value == Approx(plain.log_determinant).epsilon(1e-12));
    CHECK(influence.learnability(influence.of(modes.target)).value == Approx(plain.learnability[0]).epsilon(1e-12));
  }
}

TEST_CASE("influences are the derivatives with respect to the weights of the rows") {
  const Pool pool(50);
  const auto rows = first_rows(50);
  for (const double ridge : {0.0, 0.02, 2.0}) {
    const auto at = all_numbers(pool.expansion(rows, Vector::Ones(50)), 12, ridge);
    for (const Index i : {0, 7, 31}) {
      Vector more = Vector::Ones(50), less = Vector::Ones(50);
      more[i] += 1e-4;
      less[i] -= 1e-4;
      const auto above = all_numbers(pool.expansion(rows, more), 12, ridge);
      const auto below = all_numbers(pool.expansion(rows, less), 12, ridge);
      for (std::size_t k = 0; k < at.size(); ++k) {
        CAPTURE(ridge, i, k);
        const double slope = (above[k].value - below[k].value) / 2e-4;
        CHECK(at[k].influence[i] == Approx(slope).epsilon(1e-5).margin(1e-7 * std::abs(at[k].value)));
      }
    }
  }
}

TEST_CASE("the standard error is the spread over samples of rows") {
  // 30 samples: their spread has a standard deviation of 13%; the bounds are some 3.5 of it, once in 10⁴ runs.
  constexpr Index all = 2000, count = 150;
  const Pool pool(all);
  for (const double ridge : {0.0, 0.3}) {
    std::vector<double> value, square(3, 0.0), sum(3, 0.0), own(3, 0.0);
    constexpr std::uint64_t samples = 30;
    for (std::uint64_t s = 0; s < samples; ++s) {
      const Stream random = stream("choice of rows", s);
      std::vector<Index> rows;
      for (std::uint64_t k = 0; std::ssize(rows) < count; ++k)
        if (const auto i = static_cast<Index>(random.below(all, k)); std::ranges::find(rows, i) == rows.end())
          rows.push_back(i);
      const PoolExpansion modes = pool.expansion(rows, Vector::Ones(count));
      const PoolInfluence influence(modes, 20, ridge);
      const auto target = influence.of(modes.target);
      const auto n = influence.numbers(target, 0.01);
      const std::array numbers{n.error_test, n.kappa_eff, influence.learnability(target)};
      for (std::size_t k = 0; k < 3; ++k) {
        sum[k] += numbers[k].value / samples;
        square[k] += numbers[k].value * numbers[k].value / samples;
        own[k] += std::pow(numbers[k].standard_error(1 - static_cast<double>(count) / all), 2) / samples;
      }
    }
    for (std::size_t k = 0; k < 3; ++k) {
      const double spread = std::sqrt((square[k] - sum[k] * sum[k]) * samples / (samples - 1));
      CAPTURE(ridge, k, spread, std::sqrt(own[k]), sum[k]);
      CHECK(std::sqrt(own[k]) > 0.6 * spread);
      CHECK(std::sqrt(own[k]) < 1.65 * spread);
    }
  }
}
