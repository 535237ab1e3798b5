#include <cmath>
#include <vector>

#include "catch.hpp"
#include "fieldscan/network/empirical_kernel.hpp"
#include "fieldscan/network/half_square.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

double largest(const Matrix& m) { return m.cwiseAbs().maxCoeff(); }

struct Shape {
  Architecture architecture;
  int depth, outputs;
  int dimension() const { return architecture.rows * architecture.columns * architecture.channels; }
  Network network() const {
    Spec spec{.architecture = architecture, .depth = depth, .activation = Tanh{}, .readout_variance = 1.3, .chi = 2.5};
    spec.width = std::vector<int>{3, 2, 4};
    spec.weight_variance = std::vector<double>{1.5, 0.7, 1.1};
    spec.bias_variance = std::vector<double>{0.3, 0.0, 0.2};
    spec.width.values.resize(static_cast<std::size_t>(depth));
    spec.weight_variance.values.resize(static_cast<std::size_t>(depth));
    spec.bias_variance.values.resize(static_cast<std::size_t>(depth));
    return Network(spec, dimension(), outputs);
  }
};

/// One and two dimensions, depths 1 to 3, strides, all paddings, both readouts, one and three channels and outputs.
std::vector<Shape> variety() {
  std::vector<Shape> shapes;
  for (const int height : {1, 5})
    for (const auto padding : {Padding::circular, Padding::valid, Padding::zero})
      for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling})
        for (const int depth : {1, 2, 3}) {
          const int count = static_cast<int>(shapes.size()), odd = count % 2;
          Architecture a{.layers = Layers::convolution, .rows = height, .columns = height == 1 ? 9 : 6};
          a.channels = odd == 0 ? 1 : 3;
          a.filter = depth == 3 ? 2 : 2 + (count / 2) % 2;
          a.stride = depth < 3 && count % 3 != 0 ? 2 : 1;
          a.padding = padding;
          a.head = readout;
          if (shape_problem(a, depth, a.rows * a.columns * a.channels)) a.stride = 1, a.filter = 2;
          shapes.push_back({a, depth, (count / 3) % 2 == 0 ? 1 : 3});
        }
  return shapes;
}

/// f of one image by loops over what the formula of `Spec` says.
Vector slow_outputs(const Network& network, const Vector& theta, const Vector& image) {
  const Spec& spec = network.spec();
  const Architecture& a = spec.architecture;
  int height = a.rows, width = a.columns, channels = a.channels;
  const auto at = [](int row, int column, int of_width, int channel, int of) {
    return (row * of_width + column) * of + channel;
  };
  Vector layer = image;
  std::size_t tensor = 0;
  for (int l = 0; l < spec.depth; ++l) {
    const Tensor& w = network.tensors()[tensor++];
    const int stride = l == 0 ? a.stride : 1, q = a.filter, rows = height == 1 ? 1 : q, units = width_of(spec, l);
    const auto after = [&](int extent) {
      return a.padding == Padding::valid ? (extent - q) / stride + 1 : (extent + stride - 1) / stride;
    };
    const int new_height = height == 1 ? 1 : after(height), new_width = after(width);
    const int up = a.padding == Padding::zero ? (rows - 1) / 2 : 0, left = a.padding == Padding::zero ? (q - 1) / 2 : 0;
    const double bias = spec.bias_variance.at(static_cast<std::size_t>(l));
    Vector next(new_height * new_width * units);
    for (int i = 0; i < units; ++i)
      for (int r = 0; r < new_height; ++r)
        for (int c = 0; c < new_width; ++c) {
          double h = bias > 0 ? std::sqrt(bias) * theta[network.tensors()[tensor].offset + i] : 0;
          for (int m = 0; m < channels; ++m)
            for (int y = 0; y < rows; ++y)
              for (int x = 0; x < q; ++x) {
                int row = r * stride + y - up, column = c * stride + x - left;
                if (a.padding == Padding::circular) row %= height, column %= width;
                if (row < 0 || column < 0 || row >= height || column >= width) continue;
                const double scale =
                    std::sqrt(spec.weight_variance.at(static_cast<std::size_t>(l)) / (rows * q * channels));
                const Index place = w.offset + i + units * ((m * rows + y) * q + x);
                h += scale * theta[place] * layer[at(row, column, width, m, channels)];
              }
          next[at(r, c, new_width, i, units)] = std::tanh(h);
        }
    if (bias > 0) ++tensor;
    layer = next;
    height = new_height, width = new_width, channels = units;
  }
  const Tensor& readout = network.tensors().back();
  const int positions = height * width;
  Vector out = Vector::Zero(network.outputs());
  for (Index o = 0; o < out.size(); ++o)
    for (int i = 0; i < channels; ++i)
      for (int s = 0; s < positions; ++s) {
        const bool flat = a.head == ImageReadout::flatten;
        const double v = theta[readout.offset + o + out.size() * (flat ? i * positions + s : i)];
        const double norm = flat ? std::sqrt(1.0 * channels * positions) : std::sqrt(1.0 * channels) * positions;
        out[o] += std::sqrt(spec.readout_variance / spec.chi) / norm * v * layer[s * channels + i];
      }
  return out;
}

}  // namespace

TEST_CASE("a convolutional network is its formula", "[network][convolution]") {
  for (const Shape& shape : variety()) {
    const Network network = shape.network();
    const Vector theta = network.initial(stream());
    const Matrix x = normal_matrix(5, shape.dimension());
    const Vector f = network.evaluate(theta, x);
    for (Index point = 0; point < 5; ++point)
      CHECK(largest(f.segment(point * shape.outputs, shape.outputs) -
                    slow_outputs(network, theta, x.row(point).transpose())) <= 1e-13);
  }
}

TEST_CASE("gradients of convolutional networks equal finite differences", "[network][convolution]") {
  for (const Shape& shape : variety()) {
    const Architecture& a = shape.architecture;
    CAPTURE(a.rows, word(a.padding), word(a.head), shape.depth, a.stride, a.channels, shape.outputs);
    const Network network = shape.network();
    const Vector theta = network.initial(stream()), direction = normal_vector(theta.size(), 5);
    const Matrix x = normal_matrix(6, shape.dimension()), weight = normal_matrix(6, network.feature_count(), 7);
    const Vector of_outputs = normal_vector(6 * shape.outputs);
    auto work = network.workspace(8);  // fewer points than the workspace holds
    Vector out(6 * shape.outputs), gradient(theta.size()), of_features(theta.size()), tangent(out.size());
    network.forward_for_gradient(theta, x, work, out);
    network.backward(theta, x, of_outputs, work, gradient);
    network.derivative_along(theta, x, direction, work, tangent);
    network.backward_features(theta, x, weight, work, of_features);
    const Matrix differences = difference_jacobian(network, theta, x);
    CHECK(largest(gradient - differences.transpose() * of_outputs) <= 1e-8 * (1 + largest(gradient)));
    CHECK(largest(network.jacobian(theta, x) - differences) <= 1e-8 * (1 + largest(differences)));
    CHECK(largest(tangent - network.jacobian(theta, x) * direction) <= 1e-12 * (1 + largest(tangent)));
    const auto energy = [&](const Vector& at) {
      network.forward(at, x, work, out);
      return (network.features(work, 6).array() * weight.array()).sum();
    };
    const Vector up = theta + 1e-6 * direction, down = theta - 1e-6 * direction;
    const double slope = (energy(up) - energy(down)) / 2e-6;
    CHECK(std::abs(slope - of_features.dot(direction)) <= 1e-7 * (1 + std::abs(slope)));
  }
}

TEST_CASE("the empirical kernels of convolutional networks are products of gradients and features",
          "[network][convolution]") {
  for (const Shape& shape : variety()) {
    const Network network = shape.network();
    const Vector theta = network.initial(stream()), v = normal_vector(7);
    const Matrix x = normal_matrix(7, shape.dimension()), other = normal_matrix(300, shape.dimension(), 4);
    const Matrix from = network.jacobian(theta, x), to = network.jacobian(theta, other);
    const double share = 2.5 / shape.outputs;  // χ
    Matrix ntk = Matrix::Zero(7, 7), cross = Matrix::Zero(300, 7);
    for (Index c = 0; c < shape.outputs; ++c) {
      const Matrix own = from(Eigen::seqN(c, 7, shape.outputs), Eigen::all);
      const Matrix of_others = to(Eigen::seqN(c, 300, shape.outputs), Eigen::all);
      ntk += share * own * own.transpose();
      cross += share * of_others * own.transpose();
    }
    CHECK(largest(empirical_ntk(network, theta, x) - ntk) <= 1e-12 * (1 + largest(ntk)));
    CHECK(largest(ntk_times(network, theta, other, x, v) - cross * v) <= 1e-12 * (1 + largest(cross * v)));
    // The readout's part of the Jacobian is scale ψ, and K = χ scale² ψ ψᵀ.
    const Tensor& readout = network.tensors().back();
    Matrix features(7, network.feature_count());
    for (Index k = 0; k < features.cols(); ++k)
      features.col(k) = from(Eigen::seqN(0, 7, shape.outputs), readout.offset + k * shape.outputs);
    CHECK(largest(empirical_nngp(network, theta, x) - 2.5 * features * features.transpose()) <= 1e-13);
    CHECK(std::abs(ntk_top(network, theta, x, 1e-9) / ntk.trace()) <= shape.outputs);
  }
}

TEST_CASE("sums of squares of convolutional networks run in blocks, in double and single", "[network][convolution]") {
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
    const Architecture a{
        .layers = Layers::convolution, .rows = 6, .columns = 6, .padding = Padding::zero, .head = readout};
    const Network network(Spec{.architecture = a, .depth = 2, .width = 20, .activation = Erf{}, .bias_variance = 0.1},
                          36);
    const Vector theta = network.initial(stream()), reference = normal_vector(300);
    const Matrix x = normal_matrix(300, 36);
    auto all = network.workspace(300), work = network.workspace(block_points(network, sizeof(double)));
    auto single = network.single_workspace(block_points(network, sizeof(float)));
    Vector out(300), expected(theta.size()), residual(300), gradient(theta.size());
    network.forward_for_gradient(theta, x, all, out);
    network.backward(theta, x, 0.7 * (out - reference), all, expected);
    const double energy = half_square(network, theta, x, reference, 0.7, work, residual, gradient);
    CHECK(std::abs(energy - 0.5 * (out - reference).squaredNorm()) <= 1e-12 * energy);
    CHECK(largest(gradient - expected) <= 1e-12 * largest(expected));
    Eigen::VectorXf rounded(theta.size());
    half_square(network, theta.cast<float>(), x.cast<float>(), reference, 0.7, single, residual, rounded);
    CHECK(largest(rounded.cast<double>() - expected) <= 1e-5 * largest(expected));
  }
}

TEST_CASE("an image of one position and d channels is a fully connected network", "[network][convolution]") {
  const Spec full{.depth = 3, .width = 7, .activation = Gelu{}, .bias_variance = 0.2, .chi = 2};
  const Matrix x = normal_matrix(9, 5);
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
    Spec spec = full;
    spec.architecture = {.layers = Layers::convolution, .channels = 5, .filter = 1, .head = readout};
    const Network one(full, 5), network(spec, 5);
    const Vector theta = one.initial(stream());
    REQUIRE(largest(theta - network.initial(stream())) == 0);
    CHECK(largest(one.evaluate(theta, x) - network.evaluate(theta, x)) <= 1e-15);
    CHECK(largest(empirical_ntk(one, theta, x) - empirical_ntk(network, theta, x)) <= 1e-13);
  }
}

TEST_CASE("pooling on a torus does not see where the image lies, flattening does", "[network][convolution]") {
  const Matrix x = normal_matrix(4, 12);
  Matrix moved(4, 12);
  for (Index s = 0; s < 12; ++s) moved.col((s + 5) % 12) = x.col(s);
  const auto change = [&](Architecture a) {
    a.layers = Layers::convolution;
    const Network network(Spec{.architecture = a, .depth = 2, .width = 6}, 12);
    const Vector theta = network.initial(stream());
    return largest(network.evaluate(theta, x) - network.evaluate(theta, moved));
  };
  CHECK(change({.head = ImageReadout::pooling}) <= 1e-14);
  CHECK(change({.head = ImageReadout::flatten}) > 0.01);
  CHECK(change({.padding = Padding::zero, .head = ImageReadout::pooling}) > 0.01);
}

TEST_CASE("a network with fewer channels is a corner of one with more", "[network][convolution]") {
  const Architecture a{.layers = Layers::convolution, .head = ImageReadout::flatten};
  const Network few(Spec{.architecture = a, .depth = 2, .width = 3}, 8);
  const Network many(Spec{.architecture = a, .depth = 2, .width = 5}, 8);
  const Vector narrow = few.initial(stream()), wide = many.initial(stream());
  for (std::size_t k = 0; k < few.tensors().size(); ++k) {
    const Tensor &own = few.tensors()[k], &other = many.tensors()[k];
    const Matrix corner =
        wide.segment(other.offset, other.size()).reshaped(other.rows, other.cols).topLeftCorner(own.rows, own.cols);
    CHECK(largest(corner - narrow.segment(own.offset, own.size()).reshaped(own.rows, own.cols)) == 0);
  }
}

TEST_CASE("shapes that no image has, and what is of images alone", "[network][convolution]") {
  const Architecture square{.layers = Layers::convolution, .rows = 0, .channels = 2};
  CHECK(resolved(square, 72).rows == 6);
  CHECK(resolved(square, 72).columns == 6);
  CHECK_FALSE(shape_problem(square, 3, 72));
  CHECK(shape_problem(square, 1, 70)->find("no images of this shape") != std::string::npos);
  CHECK(shape_problem({.layers = Layers::convolution, .padding = Padding::valid}, 4, 8)->find("layer 4, which has 2") !=
        std::string::npos);
  CHECK(Architecture{.filter = 5}.problem()->find("`layers: convolution` alone") != std::string::npos);
  Spec spec{.architecture = {.layers = Layers::convolution}};
  CHECK_FALSE(spec.problem());
  spec.initial.readout.law = ReadoutLaw::power_law;
  CHECK(spec.problem()->find("fully connected layers") != std::string::npos);
}
