#include "fieldscan/network/empirical_kernel.hpp"

#include "catch.hpp"
#include "near.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

double largest(const Matrix& m) { return m.cwiseAbs().maxCoeff(); }

/// χ J R Jᵀ between two sets, with the whole Jacobians, the mean over outputs.
Matrix dense_ntk(const Network& network, const Vector& theta, const Matrix& to, const Matrix& from) {
  Matrix left = network.jacobian(theta, to);
  const Matrix right = network.jacobian(theta, from);
  for (const Tensor& t : network.tensors()) left.middleCols(t.offset, t.size()) *= t.rate_factor * network.spec().chi;
  const Index outputs = network.outputs();
  Matrix mean = Matrix::Zero(to.rows(), from.rows());
  for (Index c = 0; c < outputs; ++c) {
    const Matrix of_left = left(Eigen::seqN(c, to.rows(), outputs), Eigen::all);
    const Matrix of_right = right(Eigen::seqN(c, from.rows(), outputs), Eigen::all);
    mean += of_left * of_right.transpose() / static_cast<double>(outputs);
  }
  return mean;
}

std::vector<Spec> variety() {
  std::vector<Spec> specs;
  for (const int depth : {1, 3})
    for (const auto parameterisation : {Parameterisation::ntk, Parameterisation::standard, Parameterisation::mup})
      for (const auto train : {Trained::all, Trained::readout, Trained::hidden}) {
        Spec spec{.depth = depth, .activation = Tanh{}, .bias_variance = 0.2, .readout_variance = 1.3, .chi = 2.5};
        spec.width = std::vector<int>{5, 4, 6};
        spec.width.values.resize(static_cast<std::size_t>(depth));
        spec.weight_variance = 1.4;
        spec.parameterisation = parameterisation;
        spec.train = train;
        specs.push_back(spec);
      }
  return specs;
}

}  // namespace

TEST_CASE("the empirical NTK is the product of the Jacobians", "[network][kernel]") {
  int outputs = 1;
  for (const Spec& spec : variety()) {
    const Network network(spec, 3, outputs = 4 - outputs);  // one and three
    const Vector theta = network.initial(stream());
    const Matrix x = normal_matrix(7, 3), other = normal_matrix(300, 3, 4);
    const Matrix expected = dense_ntk(network, theta, x, x);
    CHECK(largest(empirical_ntk(network, theta, x) - expected) <= 1e-13 * (1 + largest(expected)));
    const Vector v = normal_vector(7);
    const Vector product = dense_ntk(network, theta, other, x) * v;
    CHECK(largest(ntk_times(network, theta, other, x, v) - product) <= 1e-12 * (1 + largest(product)));
  }
}

TEST_CASE("the empirical NTK is that of differences of the outputs", "[network][kernel]") {
  const Network network(Spec{.depth = 2, .width = 6, .activation = Erf{}, .bias_variance = 0.1, .chi = 3}, 3);
  const Vector theta = network.initial(stream());
  const Matrix x = normal_matrix(5, 3), jacobian = difference_jacobian(network, theta, x);
  CHECK(largest(empirical_ntk(network, theta, x) - 3 * jacobian * jacobian.transpose()) <= 1e-8);
  CHECK(largest(empirical_ntk(network, theta, x) - jacobian * jacobian.transpose()) > 0.1);  // χ belongs to it
}

TEST_CASE("tiles meet: kernels over more than one tile", "[network][kernel]") {
  const Network network(Spec{.depth = 2, .width = 7, .activation = Relu{}, .bias_variance = 0.3}, 4);
  const Vector theta = network.initial(stream());
  const Matrix x = normal_matrix(1100, 4), expected = dense_ntk(network, theta, x, x);
  const Matrix kernel = empirical_ntk(network, theta, x);
  CHECK(largest(kernel - expected) <= 1e-12 * largest(expected));
  CHECK(near::equal(kernel, kernel.transpose()));
}

TEST_CASE("the NNGP kernel and hidden kernels of a network are products of its activations", "[network][kernel]") {
  Spec spec{.depth = 2, .width = std::vector<int>{5, 8}, .activation = Gelu{}, .readout_variance = 1.7, .chi = 4};
  const Network network(spec, 3);
  const Vector theta = network.initial(stream());
  const Matrix x = normal_matrix(6, 3), other = normal_matrix(300, 3, 4);
  const auto features = [&](const Matrix& at, std::size_t layer) {
    auto work = network.workspace(at.rows());
    Vector out(at.rows());
    network.forward(theta, at, work, out);
    return work.activation[layer];
  };
  const Matrix first = features(x, 0), last = features(x, 1);
  const std::vector<Matrix> hidden = hidden_kernels(network, theta, x);
  CHECK(hidden.size() == 2);
  CHECK(largest(hidden[0] - first * first.transpose() / 5) <= 1e-14);
  CHECK(largest(hidden[1] - last * last.transpose() / 8) <= 1e-14);
  CHECK(largest(empirical_nngp(network, theta, x) - 1.7 * hidden[1]) <= 1e-14);
  const Vector v = normal_vector(6), product = 1.7 / 8 * features(other, 1) * (last.transpose() * v);
  CHECK(largest(nngp_times(network, theta, other, x, v) - product) <= 1e-13);
  // With the readout alone in training the NTK is the NNGP kernel.
  spec.train = Trained::readout;
  const Network frozen(spec, 3);
  CHECK(largest(empirical_ntk(frozen, theta, x) - empirical_nngp(network, theta, x)) <= 1e-14);
}

TEST_CASE("empirical kernels of wide networks average to the recursion", "[network][kernel]") {
  // One hidden layer: ⟨K_N⟩ = σ_a²⟨φφ⟩ and ⟨Θ⟩ = ⟨K_N⟩ + σ_a²⟨φ′φ′⟩ K¹ at every width.
  const Spec spec{.width = 50, .activation = Erf{}, .weight_variance = 1.5, .bias_variance = 0.3, .chi = 50};
  const Network network(spec, 4);
  const Matrix x = normal_matrix(2, 4);
  constexpr int nets = 400;
  Vector nngp(nets), ntk(nets);
  for (Index i = 0; i < nets; ++i) {
    const Vector theta = network.initial(stream(static_cast<std::uint64_t>(i)));
    nngp[i] = empirical_nngp(network, theta, x)(0, 1);
    ntk[i] = empirical_ntk(network, theta, x)(0, 1);
  }
  const Matrix below = (1.5 / 4 * x * x.transpose()).array() + 0.3;
  const GaussianAverage at = average(Erf{}, below(0, 0), below(1, 1), below(0, 1));
  // Within 4 standard errors: wrong by chance once in 16 000.
  const auto agrees = [](const Vector& values, double expected) {
    const double error = std::sqrt((values.array() - values.mean()).square().sum() / (nets * (nets - 1.0)));
    return std::abs(values.mean() - expected) <= 4 * error;
  };
  CHECK(agrees(nngp, at.value));
  CHECK(agrees(ntk, at.value + at.derivative * below(0, 1)));
  CHECK_FALSE(agrees(ntk, at.value));
}
