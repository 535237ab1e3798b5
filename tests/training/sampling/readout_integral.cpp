#include "../../../src/training/sampling/readout_integral.hpp"

#include "../support.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using testing::normals;

namespace {

constexpr double noise = 0.3;

struct Shape {
  Index points, units, outputs = 1;
};

/// Labels [points × C].
double direct_potential(const Matrix& features, const Matrix& y) {
  const Matrix a = features * features.transpose() + noise * Matrix::Identity(y.rows(), y.rows());
  return 0.5 * (y.transpose() * a.inverse() * y).trace() +
         0.5 * static_cast<double>(y.cols()) * std::log(a.determinant());
}

}  // namespace

TEST_CASE("the integrated readout has the potential of its Gaussian integral, in both forms") {
  for (const Shape shape : {Shape{3, 5}, Shape{5, 3, 3}, Shape{2, 7, 2}, Shape{7, 2, 3}, Shape{4, 4}, Shape{1, 1}}) {
    const Matrix features = normals(shape.points, shape.units, 20), y = normals(shape.points, shape.outputs, 21);
    for (const auto form : {ReadoutIntegral::Form::points, ReadoutIntegral::Form::units}) {
      ReadoutIntegral integral(shape.points, shape.units, noise, form, shape.outputs);
      CHECK(integral.solve(features, y) == Approx(direct_potential(features, y)).epsilon(1e-12));
      Matrix gradient(shape.points, shape.units);
      integral.gradient(features, gradient);
      for (Index k = 0; k < features.size(); ++k) {
        Matrix up = features, down = features;
        constexpr double step = 1e-5;
        up.data()[k] += step;
        down.data()[k] -= step;
        const double slope = (direct_potential(up, y) - direct_potential(down, y)) / (2 * step);
        CHECK(gradient.data()[k] == Approx(slope).epsilon(1e-6).margin(1e-8));
      }
    }
  }
}

TEST_CASE("the integrated readout predicts like the Gaussian process of its features") {
  for (const Shape shape : {Shape{3, 6}, Shape{6, 3}, Shape{3, 6, 2}, Shape{6, 3, 2}}) {
    const Matrix features = normals(shape.points, shape.units, 22), at = normals(4, shape.units, 23);
    const Matrix y = normals(shape.points, shape.outputs, 24);
    const Matrix inverse =
        (features * features.transpose() + noise * Matrix::Identity(shape.points, shape.points)).inverse();
    const Matrix kernel = at * features.transpose();
    const Matrix of_readout = Matrix::Identity(shape.units, shape.units) - features.transpose() * inverse * features;
    for (const auto form : {ReadoutIntegral::Form::points, ReadoutIntegral::Form::units}) {
      ReadoutIntegral integral(shape.points, shape.units, noise, form, shape.outputs);
      integral.solve(features, y);
      Vector mean(4 * shape.outputs), variance(4 * shape.outputs);
      integral.predict(features, at, mean, variance);
      const Matrix expected = kernel * inverse * y;
      const Vector expected_variance = (at * of_readout * at.transpose()).diagonal();
      for (Index c = 0; c < shape.outputs; ++c) {
        const auto own = Eigen::seqN(c, 4, shape.outputs);
        CHECK(near::distance(mean(own), expected.col(c)) < 1e-12);
        CHECK(near::distance(variance(own), expected_variance) < 1e-12);
      }
      const Matrix beta = features.transpose() * inverse * y;
      const double trace = static_cast<double>(shape.outputs) * of_readout.trace();
      CHECK(integral.expected_square() == Approx(beta.squaredNorm() + trace).epsilon(1e-12));
    }
  }
}

TEST_CASE("draws of the readout have its posterior mean and covariance") {
  const Shape shape{2, 3};
  const Matrix features = normals(shape.points, shape.units, 25);
  const Vector y = normals(shape.points, 1, 26);
  const Matrix covariance = (Matrix::Identity(3, 3) + features.transpose() * features / noise).inverse();
  const Vector mean = covariance * features.transpose() * y / noise;
  constexpr int draws = 20000;
  const Matrix numbers = normals(5, draws, 27);
  for (const auto form : {ReadoutIntegral::Form::points, ReadoutIntegral::Form::units}) {
    ReadoutIntegral integral(shape.points, shape.units, noise, form);
    integral.solve(features, y);
    Matrix z(3, draws);
    for (int k = 0; k < draws; ++k)
      z.col(k) = integral.draw(features, y, numbers.col(k).head(3), numbers.col(k).tail(2));
    const Vector average = z.rowwise().mean();
    const Matrix centred = z.colwise() - average;
    const Matrix spread = centred * centred.transpose() / (draws - 1);
    for (Index i = 0; i < 3; ++i) {
      CHECK(std::abs(average[i] - mean[i]) < 4 * std::sqrt(covariance(i, i) / draws));
      CHECK(std::abs(spread(i, i) / covariance(i, i) - 1) < 4 * std::sqrt(2.0 / draws));
    }
    // Negative control: a mean that is a fifth too large is seen.
    CHECK(((average - 1.2 * mean).array().abs() / (covariance.diagonal() / draws).array().sqrt()).maxCoeff() > 4);
  }
}

TEST_CASE("a matrix that is not finite has infinite potential") {
  ReadoutIntegral integral(2, 2, noise);
  Matrix features = normals(2, 2, 28);
  features(0, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK(integral.solve(features, Vector::Ones(2)) == std::numeric_limits<double>::infinity());
}
