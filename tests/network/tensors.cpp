#include <cmath>
#include <string>

#include "catch.hpp"
#include "near.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

const Tensor& tensor(const Network& network, const std::string& name) {
  for (const Tensor& candidate : network.tensors())
    if (candidate.name == name) return candidate;
  throw std::logic_error("no tensor " + name);
}
Matrix values(const Network& network, const Vector& theta, const std::string& name) {
  const Tensor& t = tensor(network, name);
  return Eigen::Map<const Matrix>(theta.data() + t.offset, t.rows, t.cols);
}
Network with(Parameterisation parameterisation, int width, double chi = 1, Trained train = Trained::all) {
  Spec spec{.depth = 3, .width = width, .activation = Tanh{}, .bias_variance = 0.1, .chi = chi};
  spec.parameterisation = parameterisation;
  spec.train = train;
  return {spec, 5};
}
/// A copy, for loops over a network that is not kept.
template <class... Arguments>
std::vector<Tensor> tensors_with(Arguments... arguments) {
  return with(arguments...).tensors();
}

}  // namespace

TEST_CASE("the tensors tile the parameter vector", "[network]") {
  const Spec spec{.depth = 2, .width = std::vector<int>{6, 4}, .bias_variance = std::vector<double>{0, 0.5}};
  const Network network(spec, 3);
  Index offset = 0;
  std::string names;
  for (const Tensor& t : network.tensors()) {
    CHECK(t.offset == offset);
    offset += t.size();
    names += t.name + " ";
  }
  CHECK(offset == network.parameter_count());
  CHECK(names == "W1 W2 b2 a ");  // no bias where its variance is 0
  CHECK(tensor(network, "W2").rows == 4);
  CHECK(tensor(network, "W2").cols == 6);
  CHECK(tensor(network, "W2").scale == Approx(std::sqrt(1.0 / 6)));
  CHECK(tensor(network, "b2").scale == Approx(std::sqrt(0.5)));
}

TEST_CASE("a narrower network is a corner of a wider one", "[network]") {
  const Spec narrow_spec{.depth = 2, .width = 4, .bias_variance = 0.1};
  const Spec wide_spec{.depth = 2, .width = 9, .bias_variance = 0.1};
  const Network narrow(narrow_spec, 3), wide(wide_spec, 5);
  const Vector small = narrow.initial(stream(3)), large = wide.initial(stream(3));
  for (const Tensor& t : narrow.tensors()) {
    CAPTURE(t.name);
    CHECK(near::equal(values(narrow, small, t.name), values(wide, large, t.name).topLeftCorner(t.rows, t.cols)));
  }
  CHECK(small != narrow.initial(stream(4)));
}

TEST_CASE("initial parameters are standard normal and none occurs twice", "[network]") {
  const Network network(Spec{.depth = 2, .width = 200, .bias_variance = 0.1}, 50);
  Vector theta = network.initial(stream(11));
  const auto n = static_cast<double>(theta.size());
  CHECK(std::abs(theta.sum()) <= 4 * std::sqrt(n));
  CHECK(std::abs(theta.squaredNorm() - n) <= 4 * std::sqrt(2 * n));
  CHECK(std::abs(1.05 * theta.squaredNorm() - n) > 4 * std::sqrt(2 * n));  // 5% would be seen
  std::sort(theta.begin(), theta.end());
  CHECK(std::adjacent_find(theta.begin(), theta.end()) == theta.end());
}

TEST_CASE("all parameterisations agree at the base width", "[network]") {
  for (const auto parameterisation : {Parameterisation::ntk, Parameterisation::standard, Parameterisation::mup})
    for (const Tensor& t : tensors_with(parameterisation, 64)) {
      CHECK(t.rate_factor == 1);
      CHECK(t.adam_factor == 1);
      CHECK(t.init_std == 1);
    }
}

TEST_CASE("the function at initialisation is one for all parameterisations", "[network]") {
  const Matrix x = normal_matrix(4, 5);
  const Network ntk = with(Parameterisation::ntk, 100, 3);
  for (const auto other : {Parameterisation::standard, Parameterisation::mup}) {
    const Network network = with(other, 100, 3);
    CHECK(near::equal(network.evaluate(network.initial(stream()), x), ntk.evaluate(ntk.initial(stream()), x)));
  }
}

TEST_CASE("standard: one rate for the weights as they are stored by other programs", "[network]") {
  // W̃ = scale·θ moves by scale²·rate_factor per gradient with respect to W̃, and for Adam by scale·adam_factor per unit
  // step: neither may depend on width. The readout's 1/√χ is no part of ã.
  const Network small = with(Parameterisation::standard, 64, 3), large = with(Parameterisation::standard, 256, 12);
  for (const Tensor& t : small.tensors()) {
    CAPTURE(t.name);
    const Tensor& other = tensor(large, t.name);
    const double ratio = other.scale / t.scale * (t.role == Role::readout ? std::sqrt(12.0 / 3.0) : 1);
    CHECK(ratio * ratio * other.rate_factor / t.rate_factor == Approx(1));
    CHECK(ratio * other.adam_factor / t.adam_factor == Approx(1));
  }
}

TEST_CASE("mup: rates and Adam rates over width", "[network]") {
  // In terms of stored weights (Yang et al. 2022): SGD ∝ N for input and bias, 1 for hidden, 1/N for the readout;
  // Adam 1 for input and bias, 1/N for hidden and readout, with χ ∝ N.
  const Network small = with(Parameterisation::mup, 64, 64), large = with(Parameterisation::mup, 256, 256);
  const auto exponent = [](double to, double from) { return std::log2(to / from) / 2; };  // 256/64 = 2²
  for (const Tensor& t : small.tensors()) {
    CAPTURE(t.name);
    const Tensor& other = tensor(large, t.name);
    const bool hidden = t.name == "W2" || t.name == "W3", readout = t.name == "a";
    const double ratio = other.scale / t.scale;
    CHECK(exponent(ratio * ratio * other.rate_factor, t.rate_factor) == Approx(readout ? -1 : hidden ? 0 : 1));
    CHECK(exponent(ratio * other.adam_factor, t.adam_factor) == Approx(readout || hidden ? -1 : 0).margin(1e-12));
  }
}

TEST_CASE("frozen tensors have no rate", "[network]") {
  for (const Tensor& t : tensors_with(Parameterisation::mup, 128, 1, Trained::readout)) {
    CHECK((t.rate_factor > 0) == (t.role == Role::readout));
    CHECK((t.adam_factor > 0) == (t.role == Role::readout));
  }
  for (const Tensor& t : tensors_with(Parameterisation::standard, 128, 1, Trained::hidden))
    CHECK((t.rate_factor > 0) == (t.role != Role::readout));
}
