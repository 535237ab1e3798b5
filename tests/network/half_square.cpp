#include "fieldscan/network/half_square.hpp"

#include "catch.hpp"
#include "near.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

TEST_CASE("the gradient in blocks is that of all points at once", "[network]") {
  // Less than a block, one, two and four; the last of several outputs.
  for (const auto& [points, outputs] : {std::pair<Index, int>{1, 1}, {500, 1}, {1000, 1}, {2500, 1}, {1500, 3}}) {
    const Network network({.depth = 2, .width = 20, .bias_variance = 0.2}, 3, outputs);
    const Vector theta = network.initial(stream());
    CAPTURE(points, block_points(network, sizeof(double)));
    const Matrix x = normal_matrix(points, 3);
    const Vector label = normal_vector(points * outputs, 3);
    auto work = network.workspace(points);
    Vector residual(points * outputs), gradient(theta.size()), blocked(theta.size()),
        blocked_residual(points * outputs);
    network.forward_for_gradient(theta, x, work, residual);
    residual -= label;
    network.backward(theta, x, 0.7 * residual, work, gradient);
    blocked.setConstant(99);  // what was there does not count
    auto small = network.workspace(std::min(points, block_points(network, sizeof(double))));
    const double energy = half_square(network, theta, x, label, 0.7, small, blocked_residual, blocked);
    CHECK(energy == Approx(0.5 * residual.squaredNorm()).epsilon(1e-13));
    CHECK(near::distance(blocked_residual, residual) <= 1e-13 * residual.norm());
    CHECK(near::distance(blocked, gradient) <= 1e-13 * gradient.norm());

    auto single = network.single_workspace(std::min(points, block_points(network, sizeof(float))));
    Eigen::VectorXf single_gradient(theta.size());
    const Eigen::VectorXf single_theta = theta.cast<float>();
    const Eigen::MatrixXf single_x = x.cast<float>();
    half_square(network, single_theta, single_x, label, 0.7, single, blocked_residual, single_gradient);
    CHECK(near::distance(single_gradient.cast<double>(), gradient) <= 1e-5 * gradient.norm());
  }
}

TEST_CASE("blocks follow from the widths and the scalar type", "[network]") {
  const auto block = [](int width, std::size_t bytes) { return block_points(Network({.width = width}, 3), bytes); };
  CHECK(block(4, 8) == 1024);
  CHECK(block(64, 8) == 256);
  CHECK(block(256, 8) == 128);
  CHECK(block(256, 4) == 128);
  CHECK(block(1024, 8) == 256);
  CHECK(block(100000, 8) == 1024);
}
