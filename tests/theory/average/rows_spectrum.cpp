#include "../../../src/theory/average/rows_spectrum.hpp"

#include <array>
#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/average/pool_average.hpp"
#include "near.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

/// The kernel of erf networks on rows whose directions have falling variances, and a target.
struct Rows {
  Matrix kernel;
  Vector target;

  explicit Rows(Index rows) {
    set_linear_algebra_threads(1);
    Matrix x = testing::normals(stream("all rows"), rows, 30);
    for (Index i = 0; i < x.cols(); ++i) x.col(i) *= 2 * std::pow(static_cast<double>(i + 1), -0.5);
    kernel = nngp_kernel({.depth = 1, .activation = network::Erf{}, .weight_variance = 2, .bias_variance = 0.1}, x);
    target = (2 * x.col(0)).array().tanh() + 0.7 * (3 * x.col(1)).array().sin() * x.col(2).array();
  }
};

DataAverage exact(const Rows& rows, double points, double ridge) {
  const EmpiricalModes modes = empirical_modes(rows.kernel);
  return average_over_pool(modes.eigenvalue, empirical_power(modes, rows.target), points, ridge, 0.04);
}

constexpr double of_so_few = 40;

}  // namespace

TEST_CASE("with all eigenvectors the averages over all rows are those of the whole spectrum") {
  const Rows rows(200);
  for (const double ridge : {0.0, 0.01, 1.0}) {
    const DataAverage whole = exact(rows, of_so_few, ridge);
    const RowsNumbers all = RowsAverage(rows.kernel, 200, of_so_few, ridge).numbers(rows.target, 0.04);
    CHECK(all.value.kappa_eff == Approx(whole.kappa_eff).epsilon(1e-9));
    CHECK(all.value.error_test == Approx(whole.error_test).epsilon(1e-8));
    CHECK(all.value.error_train == Approx(whole.error_train).epsilon(1e-8));
    CHECK(all.value.log_determinant == Approx(whole.log_determinant).epsilon(1e-8));
  }
}

TEST_CASE("with a part of them the numbers of the whole spectrum lie between the bounds, which are narrow") {
  const Rows rows(500);
  for (const double ridge : {0.0, 0.01, 1.0})
    for (const Index top : {60, 120}) {
      CAPTURE(ridge, top);
      const DataAverage whole = exact(rows, of_so_few, ridge);
      const RowsAverage average(rows.kernel, top, of_so_few, ridge);
      const RowsNumbers part = average.numbers(rows.target, 0.04);
      const auto between = [&](double low, double value, double high, double truth) {
        const double half = std::abs(high - low) / 2;
        CHECK(std::abs(value - truth) <= 1.5 * half + 1e-9 * std::abs(truth));
        CHECK(half <= 0.02 * std::abs(truth) + 1e-12);
      };
      between(part.low.kappa_eff, part.value.kappa_eff, part.high.kappa_eff, whole.kappa_eff);
      between(part.low.error_test, part.value.error_test, part.high.error_test, whole.error_test);
      between(part.low.error_train, part.value.error_train, part.high.error_train, whole.error_train);
      between(part.low.log_determinant, part.value.log_determinant, part.high.log_determinant, whole.log_determinant);
      const Bounded share = average.learnability(rows.target);
      CHECK(std::abs(share.value - whole.learnability[0]) <= 2 * share.error + 1e-9);
    }
}

TEST_CASE("without the traces of the rest the ridge would be missed by more than the bounds allow") {
  const Rows rows(500);
  const double ridge = 0.01;
  const DataAverage whole = exact(rows, of_so_few, ridge);
  const EmpiricalModes modes = empirical_modes(rows.kernel);
  Vector cut = modes.eigenvalue;
  cut.tail(440).setZero();
  const double cut_ridge =
      average_over_pool(cut, empirical_power(modes, rows.target), of_so_few, ridge, 0.04).kappa_eff;
  const RowsNumbers part = RowsAverage(rows.kernel, 60, of_so_few, ridge).numbers(rows.target, 0.04);
  CHECK(std::abs(cut_ridge - whole.kappa_eff) > 3 * std::abs(part.high.kappa_eff - part.low.kappa_eff));
}

TEST_CASE("all rows are solved for to the residual that is stated") {
  const Rows rows(300);
  TopSpectrum top = top_spectrum(rows.kernel, 40, 2);
  top.values /= 300;
  const double c = 1e-4;
  Matrix right(300, 2);
  right << rows.target, rows.target.array().square().matrix();
  const Matrix x = solve_all_rows(rows.kernel, top, c, right);
  CHECK(near::distance(rows.kernel * x / 300 + c * x, right) <= 1e-9 * right.norm());
}
