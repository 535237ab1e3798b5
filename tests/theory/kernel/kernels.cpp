#include "fieldscan/theory/kernel/kernels.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/network/network.hpp"
#include "near.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

/// The recursion pair by pair, as it stands in the formula.
Kernels slow_kernels(const KernelSpec& spec, const Matrix& x) {
  const Index points = x.rows();
  const auto layer_zero = [&](Index i, Index j) {
    return spec.weight_variance.at(0) * x.row(i).dot(x.row(j)) / static_cast<double>(x.cols()) +
           spec.bias_variance.at(0);
  };
  Kernels out{Matrix(points, points), Matrix(points, points)};
  for (Index i = 0; i < points; ++i)
    for (Index j = 0; j < points; ++j) {
      double a = layer_zero(i, i), b = layer_zero(j, j), c = layer_zero(i, j), tangent = c;
      for (int l = 0; l < spec.depth; ++l) {
        const bool last = l + 1 == spec.depth;
        const double factor = last ? spec.readout_variance : spec.weight_variance.at(l + 1);
        const double bias = last ? 0 : spec.bias_variance.at(l + 1);
        const auto pair =
            i == j ? network::average_equal(spec.activation, a) : network::average(spec.activation, a, b, c);
        a = factor * network::average_equal(spec.activation, a).value + bias;
        b = factor * network::average_equal(spec.activation, b).value + bias;
        c = factor * pair.value + bias;
        tangent = c + factor * pair.derivative * tangent;
      }
      out.nngp(i, j) = c;
      out.tangent(i, j) = tangent;
    }
  return out;
}

std::vector<KernelSpec> several_specs() {
  std::vector<KernelSpec> specs;
  for_each_kind<network::ActivationChoice>([&]<class A>() {
    for (int depth : {1, 2, 3})
      specs.push_back({.depth = depth,
                       .activation = A{},
                       .weight_variance = depth == 2 ? PerLayer<double>(std::vector{1.3, 0.7}) : PerLayer<double>(0.9),
                       .bias_variance = depth == 2 ? PerLayer<double>(std::vector{0.1, 0.4}) : PerLayer<double>(0.2),
                       .readout_variance = 0.8});
  });
  return specs;
}

}  // namespace

TEST_CASE("kernels agree with the reference numbers") {
  for (const char* name : {"fcn_nngp/", "fcn_ntk/"})
    for (const auto& entry : reference::entries(name)) {
      CAPTURE(entry.name);
      const Kernels k = kernels(reference::kernel(entry), reference::matrix(entry.in.at("X"), 3));
      const Matrix& mine = entry.name.rfind("fcn_ntk", 0) == 0 ? k.tangent : k.nngp;
      const Matrix expected = reference::matrix(entry.out.at("value"), 3);
      for (Index i = 0; i < 3; ++i)
        for (Index j = 0; j < 3; ++j) {
          CAPTURE(i, j, mine(i, j), expected(i, j));
          CHECK(reference::agrees(entry, mine(i, j), expected(i, j)));
        }
    }
}

TEST_CASE("blocks, halves and per-layer variances give what the recursion gives pair by pair") {
  const Matrix x = testing::normals(stream("kernels"), 12, 5);
  for (const KernelSpec& spec : several_specs()) {
    CAPTURE(network::ActivationChoice(spec.activation).index(), spec.depth);
    const Kernels fast = kernels(spec, x), slow = slow_kernels(spec, x);
    CHECK(near::distance(fast.nngp, slow.nngp) <= 1e-11 * slow.nngp.norm());
    CHECK(near::distance(fast.tangent, slow.tangent) <= 1e-10 * slow.tangent.norm());
  }
}

TEST_CASE("kernels are symmetric and positive, and their parts fit together") {
  const Matrix x = testing::normals(stream("kernels"), 20, 4);
  const Matrix all = testing::normals(stream("more kernels"), 7, 4);
  for (const KernelSpec& spec : several_specs()) {
    CAPTURE(network::ActivationChoice(spec.activation).index(), spec.depth);
    const Kernels k = kernels(spec, x);
    CHECK(near::equal(k.nngp, k.nngp.transpose()));
    CHECK(near::equal(k.tangent, k.tangent.transpose()));
    CHECK(eigenpairs(k.nngp).values.minCoeff() >= -1e-10 * k.nngp.trace());
    CHECK(eigenpairs(k.tangent).values.minCoeff() >= -1e-10 * k.tangent.trace());
    CHECK(eigenpairs(tangent_of(network::Trained::hidden, k)).values.minCoeff() >= -1e-10 * k.tangent.trace());
    const KernelDiagonal diagonal = kernel_diagonal(spec, x);
    CHECK(near::equal(k.nngp.diagonal(), diagonal.nngp));
    CHECK(near::equal(k.tangent.diagonal(), diagonal.tangent));
    Matrix both(27, 4);
    both << x, all;
    const Kernels whole = kernels(spec, both), cross = kernels(spec, x, all);
    CHECK(near::distance(whole.nngp.topRightCorner(20, 7), cross.nngp) <= 1e-12 * cross.nngp.norm());
    CHECK(near::distance(whole.tangent.topRightCorner(20, 7), cross.tangent) <= 1e-12 * cross.tangent.norm());
  }
}

TEST_CASE("one kernel alone is what both together are") {
  const Matrix x = testing::normals(stream("kernels"), 140, 4);  // more pairs than one block holds
  const Matrix other = testing::normals(stream("more kernels"), 9, 4);
  for (const KernelSpec& spec : several_specs()) {
    // Integrated averages take the same way for both, and their time.
    if (spec.depth == 3 || std::holds_alternative<network::Tanh>(spec.activation) ||
        std::holds_alternative<network::Swish>(spec.activation) ||
        std::holds_alternative<network::Combination>(spec.activation))
      continue;
    CAPTURE(network::ActivationChoice(spec.activation).index(), spec.depth);
    const Kernels both = kernels(spec, x), cross = kernels(spec, x, other);
    // K alone may take another formula than K beside its derivative: equal but for rounding.
    const auto same = [](const Matrix& a, const Matrix& b) {
      return (a - b).cwiseAbs().maxCoeff() <= 2e-15 * b.cwiseAbs().maxCoeff();
    };
    CHECK(same(nngp_kernel(spec, x), both.nngp));
    CHECK(same(nngp_kernel(spec, x, other), cross.nngp));
    for (auto train : {network::Trained::all, network::Trained::readout, network::Trained::hidden}) {
      CHECK(same(tangent_kernel(spec, train, x), tangent_of(train, both)));
      CHECK(same(tangent_kernel(spec, train, x, other), tangent_of(train, cross)));
    }
  }
}

TEST_CASE("a kernel that does not fit into memory is refused before it is made") {
  CHECK(kernel_bytes(20000, 20000) == 3.2e9);
  const Matrix x = Matrix::Ones(20000000, 1);
  CHECK_THROWS_AS(nngp_kernel({.depth = 1}, x), EnvironmentError);
}

TEST_CASE("a hundred layers lose no digits") {
  // The recursion of one pair in extended precision; at the critical point of the rectifier, and for erf in its ordered
  // phase.
  const long double pi = std::acos(-1.0L);
  const auto relu = [&](long double a, long double b, long double c) {
    const long double s = std::sqrt(std::max(a * b - c * c, 0.0L)), psi = std::atan2(s, -c);
    return std::pair{(s + psi * c) / (2 * pi), psi / (2 * pi)};
  };
  const auto erf = [&](long double a, long double b, long double c) {
    const long double r = std::sqrt(1 + 2 * (a + b) + 4 * (a * b - c * c));
    return std::pair{2 / pi * std::atan2(2 * c, r), 4 / pi / r};
  };
  Matrix x(2, 3);
  x << 0.5, -1.2, 0.3, 1.1, 0.4, -0.7;
  const auto check = [&](const network::ActivationChoice& activation, auto average, double weight, double bias,
                         double tolerance) {
    const KernelSpec spec{.depth = 100, .activation = activation, .weight_variance = weight, .bias_variance = bias};
    const Kernels k = kernels(spec, x);
    const auto first = [&](Index i, Index j) {
      return static_cast<long double>(weight) * (x(i, 0) * x(j, 0) + x(i, 1) * x(j, 1) + x(i, 2) * x(j, 2)) / 3 + bias;
    };
    long double a = first(0, 0), b = first(1, 1), c = first(0, 1), tangent = c;
    for (int l = 0; l < 100; ++l) {
      const long double factor = l == 99 ? 1 : weight, shift = l == 99 ? 0 : bias;
      const auto [value, slope] = average(a, b, c);
      const long double next_a = factor * average(a, a, a).first + shift,
                        next_b = factor * average(b, b, b).first + shift;
      c = factor * value + shift;
      tangent = c + factor * slope * tangent;
      a = next_a;
      b = next_b;
    }
    CAPTURE(kind_of(activation), static_cast<double>(c), static_cast<double>(tangent));
    CHECK(std::abs(k.nngp(0, 1) / static_cast<double>(c) - 1) <= tolerance);
    CHECK(std::abs(k.nngp(0, 0) / static_cast<double>(a) - 1) <= tolerance);
    CHECK(std::abs(k.tangent(0, 1) / static_cast<double>(tangent) - 1) <= tolerance);
  };
  check(network::Relu{}, relu, 2, 0, 1e-13);
  check(network::Erf{}, erf, 0.9, 0.1, 1e-13);
  check(network::Erf{}, erf, 3, 0.1, 1e-12);  // chaotic: the approach to c* forgets rounding too
}

TEST_CASE("more pairs than one block holds") {
  const KernelSpec spec{.depth = 2, .activation = network::Relu{}, .weight_variance = 2, .bias_variance = 0.1};
  const Matrix x = testing::normals(stream("many"), 200, 3);
  const Kernels fast = kernels(spec, x), slow = slow_kernels(spec, x);
  CHECK(near::largest_difference(fast.nngp, slow.nngp) <= 1e-12);
  CHECK(near::largest_difference(fast.tangent, slow.tangent) <= 1e-11);
  const Kernels cross = kernels(spec, x, x.topRows(150));
  CHECK(near::largest_difference(cross.nngp, slow.nngp.leftCols(150)) <= 1e-12);
}

TEST_CASE("on the sphere the kernels are functions of the cosine") {
  const Matrix x = testing::sphere(stream("sphere"), 15, 6);
  for (const KernelSpec& spec : several_specs()) {
    CAPTURE(network::ActivationChoice(spec.activation).index(), spec.depth);
    const Kernels k = kernels(spec, x);
    const Matrix cosine = x * x.transpose() / 6;
    const KernelDiagonal of_cosine = kernel_of_cosine(spec, cosine.col(0).tail(14));
    CHECK(near::distance(k.nngp.col(0).tail(14), of_cosine.nngp) <= 1e-11 * k.nngp.norm());
    CHECK(near::distance(k.tangent.col(0).tail(14), of_cosine.tangent) <= 1e-10 * k.tangent.norm());
  }
}

TEST_CASE("a linear network has kernels in closed form") {
  const Matrix x = testing::normals(stream("linear"), 6, 4);
  const KernelSpec spec{.depth = 3, .activation = network::Linear{}, .weight_variance = 0.5, .readout_variance = 2};
  const Kernels k = kernels(spec, x);
  const Matrix expected = 2 * 0.125 * x * x.transpose() / 4;
  CHECK(near::distance(k.nngp, expected) <= 1e-13 * expected.norm());
  CHECK(near::distance(k.tangent, 4 * expected) <= 1e-13 * expected.norm());
}

TEST_CASE("equal values per layer are one value") {
  network::Spec each, all;
  each.depth = all.depth = 3;
  each.weight_variance = PerLayer<double>(std::vector{1.5, 1.5, 1.5});
  all.weight_variance = 1.5;
  CHECK(kernel_spec(each) == kernel_spec(all));
  each.weight_variance = PerLayer<double>(std::vector{1.5, 1.5, 1.4});
  CHECK_FALSE(kernel_spec(each) == kernel_spec(all));
}

TEST_CASE("wide networks have these kernels", "[slow]") {
  // 200 networks: the mean over them of f f′ is K/χ at any width, J Jᵀ is Θ/χ up to O(1/N).
  const Matrix x = testing::normals(stream("wide"), 3, 4);
  const int count = 200;
  for (int variant : {0, 1, 2}) {
    network::Spec net;
    net.depth = variant == 2 ? 2 : 1;
    net.width = 256;
    if (variant == 1) net.activation = network::Relu{};
    net.weight_variance = 1.4;
    net.bias_variance = 0.2;
    net.readout_variance = 0.9;
    net.chi = 2;
    const network::Network network(net, 4);
    Matrix tangent_sum = Matrix::Zero(3, 3), tangent_square = tangent_sum, nngp_sum = tangent_sum,
           nngp_square = tangent_sum;
    for (int i = 0; i < count; ++i) {
      const Vector theta = network.initial(stream("initial", static_cast<std::uint64_t>(i)));
      const Matrix jacobian = network.jacobian(theta, x);
      const Vector f = network.evaluate(theta, x);
      const Matrix tangent = net.chi * jacobian * jacobian.transpose(), product = net.chi * f * f.transpose();
      tangent_sum += tangent;
      tangent_square += tangent.cwiseAbs2();
      nngp_sum += product;
      nngp_square += product.cwiseAbs2();
    }
    const Kernels k = kernels(kernel_spec(net), x);
    const auto worst = [&](const Matrix& sum, const Matrix& square, const Matrix& expected) {
      const Matrix mean = sum / count;
      const Matrix error = ((square / count - mean.cwiseAbs2()) / (count - 1)).cwiseSqrt();
      return (mean - expected).cwiseQuotient(error).cwiseAbs().maxCoeff();
    };
    CAPTURE(variant);
    CHECK(worst(nngp_sum, nngp_square, k.nngp) < 4);
    // Depth two has a systematic 1/N in Θ of the size of its standard error.
    CHECK(worst(tangent_sum, tangent_square, k.tangent) < (variant == 2 ? 6 : 4));
    // Controls: Θ is not K; errors of a fifth in Θ and of 60% in the noisier K are seen.
    CHECK(worst(tangent_sum, tangent_square, k.nngp) > 10);
    CHECK(worst(tangent_sum, tangent_square, 1.2 * k.tangent) > 10);
    CHECK(worst(nngp_sum, nngp_square, 1.6 * k.nngp) > 4);
  }
}
