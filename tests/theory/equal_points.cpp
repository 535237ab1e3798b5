#include <cmath>
#include <map>

#include "catch.hpp"
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "near.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

/// Rows that repeat others, near and far, also across the blocks that kernels are made in.
Matrix with_repetitions(Index rows, Index columns) {
  Matrix x = testing::normals(stream("equal points"), rows, columns);
  x.row(1) = x.row(0);
  x.row(rows - 1) = x.row(0);
  x.row(rows / 2) = x.row(3);
  x.row(5).setZero();
  x.row(6).setZero();
  return x;
}

void check_equal(const Matrix& kernel, const Matrix& x) {
  const EqualRows equal = equal_rows(x);
  REQUIRE(equal.repeated.size() == 4);
  for (const Index i : equal.repeated) {
    const Index first = equal.first[static_cast<std::size_t>(i)];
    CHECK(kernel(i, first) == kernel(first, first));
    CHECK(kernel(i, i) == kernel(first, first));
    CHECK(near::equal(kernel.row(i), kernel.row(first)));
    CHECK(near::equal(kernel.col(i), kernel.col(first)));
  }
}

/// Θ of a rectifier with one hidden layer at an angle that is known from the difference of the inputs.
double rectifier_tangent(const Eigen::RowVectorXd& x, const Eigen::RowVectorXd& step) {
  const double pi = std::acos(-1.0), d = static_cast<double>(x.size());
  const double c = x.dot(x + step) / d, along = x.dot(step);
  const double s = std::sqrt(std::max(x.squaredNorm() * step.squaredNorm() - along * along, 0.0)) / d;
  const double psi = pi - std::atan2(s, c);
  return (s + 2 * psi * c) / (2 * pi);
}

/// Two training points of one draw at the same place, with different labels.
struct Conflict {
  Setting setting;
  data::Draw draw;
  double difference = 0.7;

  explicit Conflict(const network::ActivationChoice& activation, double ridge) {
    setting.data.input = data::Sphere{.dim = 5};
    setting.data.target = data::Linear{};
    setting.data.train_size = 14;
    setting.data.test_size = 30;
    setting.network.activation = activation;
    setting.network.bias_variance = 0.1;
    setting.network.centred = true;
    setting.ridge = ridge;
    setting.dynamics = dynamics::Flow{};
    setting.asked.times = {equilibrium};
    draw = data::make_draw(setting.data, 3, 0);
    draw.train.x.row(9) = draw.train.x.row(4);
    draw.train.label(9, 0) = draw.train.label(4, 0) + difference;
  }
};

std::map<Observable, double> numbers(const TheoryChoice& theory, const Conflict& c) {
  std::map<Observable, double> out;
  for (const Row& row : predict(theory, c.setting, 0, c.draw).rows)
    if (row.coordinate == 0) out[row.observable] = row.value;
  return out;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("equal points have the diagonal's value and equal rows, for every activation", "",
                        VariantOf<network::ActivationChoice>) {
  constexpr bool integrated = network::GivesNoAverages<TestType> || std::is_same_v<TestType, network::Combination>;
  const Matrix x = with_repetitions(integrated ? 24 : 150, 5);  // integrals take time
  for (const int depth : {1, 3})
    for (const double bias : {0.0, 0.3}) {
      if (std::is_same_v<TestType, network::Tanh> && depth == 3) continue;
      CAPTURE(depth, bias);
      const KernelSpec spec{.depth = depth, .activation = TestType{}, .weight_variance = 1.3, .bias_variance = bias};
      const Kernels both = kernels(spec, x);
      check_equal(both.nngp, x);
      check_equal(both.tangent, x);
      check_equal(nngp_kernel(spec, x), x);
      check_equal(tangent_kernel(spec, network::Trained::hidden, x), x);
      // Test points that are training points: of both sets the diagonal's value.
      const Matrix test = x.middleRows(3, 4);
      const Kernels cross = kernels(spec, x, test);
      for (Index j = 0; j < 4; ++j) {
        CHECK(cross.nngp(3 + j, j) == both.nngp(3 + j, 3 + j));
        CHECK(cross.tangent(3 + j, j) == both.tangent(3 + j, 3 + j));
      }
      CHECK(near::equal(cross.tangent.row(1), cross.tangent.row(0)));
      CHECK(near::equal(cross.tangent.col(3), cross.tangent.col(2)));
    }
}

TEST_CASE("equal images have the diagonal's value and equal rows") {
  const Matrix x = with_repetitions(14, 18);
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling})
    for (const auto kind : {KernelKind::nngp, KernelKind::tangent}) {
      const ConvolutionalSpec spec{.height = 3,
                                   .width = 3,
                                   .channels = 2,
                                   .filter = 2,
                                   .depth = 2,
                                   .readout = readout,
                                   .activation = network::Relu{},
                                   .bias_variance = 0.2};
      const Matrix kernel = convolutional_kernel(spec, kind, x);
      check_equal(kernel, x);
      CHECK(kernel(0, 0) == Approx(convolutional_diagonal(spec, kind, x)[0]).epsilon(1e-14));
      const Matrix cross = convolutional_kernel(spec, kind, x, x.middleRows(3, 4));
      for (Index j = 0; j < 4; ++j) CHECK(cross(3 + j, j) == Approx(kernel(3 + j, 3 + j)).epsilon(1e-14));
      CHECK(near::equal(cross.row(1), cross.row(0)));
    }
}

TEST_CASE("the angle of nearly equal points is that of their difference") {
  const Eigen::RowVectorXd x = testing::normals(stream("near"), 1, 40), step = testing::normals(stream("step"), 1, 40);
  const KernelSpec spec{.depth = 1, .activation = network::Relu{}};
  for (const double size : {1e-12, 1e-9, 1e-7, 1e-6, 3e-6, 1e-4}) {
    CAPTURE(size);
    Matrix pair(2, 40);
    pair << x, x + size * step;
    const Eigen::RowVectorXd rounded = pair.row(1) - pair.row(0);
    const double expected = rectifier_tangent(x, rounded);
    // The rest of the angle's error, relative to Θ(x, x) ≈ |x|²/d.
    CHECK(std::abs(kernels(spec, pair).tangent(0, 1) - expected) <= 2e-10 * expected);
    if (size <= 1e-7) {
      CHECK(std::abs(kernels(spec, pair).tangent(0, 1) - expected) <= 1e-14 * expected);
      CHECK(std::abs(tangent_kernel(spec, network::Trained::all, pair.topRows(1), pair.bottomRows(1))(0, 0) -
                     expected) <= 1e-14 * expected);
    }
  }
  // In deep networks Θ(x, x) − Θ(x, x′) is proportional to the angle, down to the smallest.
  const KernelSpec deep{.depth = 3, .activation = network::LeakyRelu{.slope = 0.1}, .bias_variance = 0.2};
  const auto slope = [&](double size) {
    Matrix pair(2, 40);
    pair << x, x + size * step;
    const Kernels k = kernels(deep, pair);
    return (k.tangent(0, 0) + k.tangent(1, 1) - 2 * k.tangent(0, 1)) / size;
  };
  CHECK(slope(1e-8) == Approx(slope(1e-5)).epsilon(1e-3));
}

TEST_CASE("regression with equal points is what its formula says") {
  const Matrix x = with_repetitions(16, 3), test = testing::normals(stream("test"), 4, 3);
  const Vector y = testing::normal_vector(stream("labels"), 16);
  const KernelSpec spec{.depth = 1, .activation = network::Relu{}, .bias_variance = 0.1};
  const Matrix kernel = nngp_kernel(spec, x), cross = nngp_kernel(spec, x, test);
  const Vector diagonal = kernel_diagonal(spec, test).nngp;
  for (const double ridge : {1e-2, 1.0}) {
    const Regression folded = regression(kernel, ridge, y, cross, diagonal, equal_rows(x));
    const Regression plain = regression(kernel, ridge, y, cross, diagonal);
    CHECK(near::distance(folded.alpha, plain.alpha) <= 1e-10 * plain.alpha.norm());
    CHECK(near::distance(folded.residual, plain.residual) <= 1e-10 * plain.residual.norm());
    CHECK(near::distance(folded.mean, plain.mean) <= 1e-10 * plain.mean.norm());
    CHECK(near::distance(folded.variance, plain.variance) <= 1e-10 * plain.variance.norm());
    CHECK(near::distance(folded.inverse_diagonal, plain.inverse_diagonal) <= 1e-10 * plain.inverse_diagonal.norm());
    CHECK(*folded.log_evidence == Approx(*plain.log_evidence).epsilon(1e-11));
    CHECK(*folded.kappa_eff == Approx(*plain.kappa_eff).epsilon(1e-11));
    CHECK(folded.estimate->leave_one_out == Approx(plain.estimate->leave_one_out).epsilon(1e-10));
    CHECK(folded.estimate->generalised == Approx(plain.estimate->generalised).epsilon(1e-10));
    const Inverse inverse = invert(kernel, ridge, equal_rows(x));
    const Matrix right = testing::normals(stream("right"), 16, 3);
    const Matrix brute = (kernel + ridge * Matrix::Identity(16, 16)).inverse();
    CHECK(near::distance(inverse.solve(right), brute * right) <= 1e-9 * right.norm() / ridge);
    const Matrix half = inverse.half_solve(right);
    CHECK(near::distance(half.transpose() * half, right.transpose() * brute * right) <=
          1e-9 / ridge * right.squaredNorm());
  }
}

TEST_CASE("equal inputs with different labels are not fitted, at any ridge") {
  for (const network::ActivationChoice& activation :
       {network::ActivationChoice(network::Relu{}), network::ActivationChoice(network::LeakyRelu{}),
        network::ActivationChoice(network::Erf{}), network::ActivationChoice(network::Gelu{})})
    for (const TheoryChoice& theory : {TheoryChoice(NtkRegression{}), TheoryChoice(NtkFlow{})}) {
      CAPTURE(kind_of(activation), kind_of(theory));
      const Conflict none(activation, 0);
      // Half of the difference is left at both points.
      const double left = none.difference * none.difference / 2 / 14;
      const auto exact = numbers(theory, none);
      CHECK(exact.at(Observable::error_train) == Approx(left).epsilon(1e-6));
      if (std::holds_alternative<NtkFlow>(theory)) continue;
      // Leaving one of the two out leaves the other's label, and of all points that counts most.
      CHECK(exact.at(Observable::error_loo) >= 2 * none.difference * none.difference / 14);
      for (const double ridge : {1e-13, 1e-12, 1e-10, 1e-8}) {
        CAPTURE(ridge);
        const auto near = numbers(theory, Conflict(activation, ridge));
        for (const auto o : {Observable::error_train, Observable::error_loo, Observable::error_gcv,
                             Observable::error_test, Observable::error_mean_predictor})
          CHECK(near.at(o) == Approx(exact.at(o)).epsilon(ridge <= 1e-10 ? 1e-7 : 1e-5));
      }
    }
  // Control: at a ridge that counts, the error is another one.
  CHECK(numbers(NtkRegression{}, Conflict(network::Relu{}, 1)).at(Observable::error_train) > 0.05);
}

TEST_CASE("the posterior of equal inputs is exact at the smallest ridge") {
  Conflict c(network::Relu{}, 1e-12);
  c.setting.network.centred = false;
  c.setting.dynamics = dynamics::Equilibrium{};
  const auto at = numbers(Nngp{}, c);
  const double difference = c.difference * c.difference / 2;
  // The difference of two labels is N(0, 2κ), and everything else is of order one.
  CHECK(at.at(Observable::log_evidence) == Approx(-difference / (2 * 1e-12)).epsilon(1e-9));
  CHECK(at.at(Observable::error_train) == Approx(difference / 14).epsilon(1e-6));
  CHECK(at.at(Observable::kappa_eff) == Approx(14e-12).epsilon(1e-6));
}
