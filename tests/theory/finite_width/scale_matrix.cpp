#include "fieldscan/theory/finite_width/scale_matrix.hpp"

#include <cmath>

#include "catch.hpp"
#include "theory/finite_width/draws.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using namespace fieldscan::testing;

namespace {

ScaledKernel kernel_of(const network::ActivationChoice& activation, int depth, const Matrix& labels, double ridge,
                       double chi) {
  const data::Draw draw = draw_of(table(8, 5, 1.3), labels, table(3, 5, 2.1));
  return scaled_kernel(problem_of({.depth = depth, .activation = activation}, draw), labels, ridge, chi);
}

}  // namespace

TEST_CASE("the scale matrix of several outputs has the reference numbers") {
  for (const auto& entry : reference::entries("scale_matrix")) {
    CAPTURE(entry.name);
    const auto outputs = static_cast<Index>(entry.number("outputs"));
    const auto& widths = entry.in.at("widths");
    const ScaledKernel kernel =
        kernel_of(reference::activation(entry.words.at("activation")), static_cast<int>(widths.size()),
                  reference::matrix(entry.in.at("Y"), outputs), entry.number("kappa"), entry.number("chi"));
    const ScaleMatrix found = scale_matrix(kernel, widths, TraceTerm::kept);
    CHECK(relative_difference(found.scale.reshaped(), reference::vector(entry.out.at("Q"))) < 1e-6);
    if (entry.out.contains("action")) CHECK(reference::agrees(entry, found.action, entry.out.at("action")[0]));
    const OutputsPosterior posterior = outputs_posterior(kernel, found);
    const Matrix mean = reference::matrix(entry.out.at("mean"), outputs);
    CHECK(relative_difference(posterior.mean.reshaped(), mean.reshaped()) < 1e-6);
    if (!entry.out.contains("covariance")) continue;
    const Vector covariance = reference::vector(entry.out.at("covariance"));
    for (Index i = 0; i * outputs * outputs < covariance.size(); ++i)
      CHECK(relative_difference(posterior.covariance[static_cast<std::size_t>(i)].reshaped(),
                                covariance.segment(i * outputs * outputs, outputs * outputs)) < 1e-6);
  }
}

TEST_CASE("one output has the scalar saddle, and rotated outputs the rotated matrix") {
  Matrix labels(8, 2);
  for (Index m = 0; m < 8; ++m) {
    const auto number = static_cast<double>(m + 1);
    labels.row(m) << std::sin(1.3 * number), 2 * std::cos(0.9 * number);
  }
  const std::vector<double> widths{9, 14};
  for (const TraceTerm trace : {TraceTerm::kept, TraceTerm::dropped}) {
    const auto kernel = [&](const Matrix& y) { return kernel_of(network::Erf{}, 2, y, 0.3, 4); };
    const ScaledKernel single = kernel(labels.col(0));
    const ScaleMatrix one = scale_matrix(single, widths, trace);
    const ScaleSaddle saddle = scale_saddle(single, widths, trace);
    CHECK(one.scale(0, 0) == Approx(saddle.scale).epsilon(1e-10));
    CHECK(one.action == Approx(saddle.action).epsilon(1e-10));
    Matrix turn(2, 2);
    turn << std::cos(0.7), -std::sin(0.7), std::sin(0.7), std::cos(0.7);
    const ScaleMatrix both = scale_matrix(kernel(labels), widths, trace),
                      turned = scale_matrix(kernel(labels * turn), widths, trace);
    CHECK((turned.scale - turn.transpose() * both.scale * turn).norm() < 1e-8);
    CHECK(std::abs(both.scale(0, 1)) > 1e-3);  // one scalar for all outputs would be another theory
  }
}
