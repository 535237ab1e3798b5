#include "fieldscan/theory/finite_width/width_expansion.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "../src/theory/finite_width/layer_terms.hpp"
#include "catch.hpp"
#include "near.hpp"
#include "theory/setup.hpp"

/// The expansion against reference numbers, against its formula summed without cunning, and, for depth, against the
/// recursion of four-point vertices.
namespace fieldscan::theory {

namespace {

const Stream stream(5, Purpose::test, "width expansion", 0, 0);

Matrix normals(Index rows, Index columns, std::uint32_t which) {
  Matrix out(rows, columns);
  stream.at(which, 0).normals({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

/// The six points of the reference.
struct Six {
  Matrix x = reference::matrix({1.2, -0.4, 0.3, 0.9, -1.1, 0.5, 0.7, 1.6, -0.2, -1.3, 1.9, 0.1}, 2);
  Matrix test = reference::matrix({0.5, -0.8, -1.4, -0.6}, 2);
  Matrix y = reference::vector({1.1, -0.3, -0.9, 0.2, 0.4, 1.6});
};

Vector first_order(const Regressed& problem, double chi, const UnitAverages& averages = {}) {
  return width_expansion(problem, averages, stream).blocks(1, chi).rowwise().mean();
}

/// The document's sum of six terms, node by node over the plane of two weights and, with a bias, a third.
Matrix six_terms(const Regressed& p, double chi) {
  const double step = 0.2, bias = std::sqrt(p.kernel.bias_variance.at(0));
  const int half = 40, third = bias > 0 ? half : 0;
  const Index P = p.x.rows(), T = p.test.rows(), C = p.labels.cols();
  Matrix all(P + T, 2);
  all << p.x, p.test;
  all *= std::sqrt(p.kernel.weight_variance.at(0) / 2);
  const Matrix K = nngp_kernel(p.kernel, p.x), cross = nngp_kernel(p.kernel, p.x, p.test);
  const Matrix G = (K + p.ridge * Matrix::Identity(P, P)).inverse(), alpha = G * p.labels, response = G * cross;
  Matrix rsg = Matrix::Zero(T, C), rs = rsg, rsS = rsg, rphi = Matrix::Zero(T, P), phis = Matrix::Zero(P, C);
  double total = 0, mean_g = 0, mean_S = 0;
  for (int i = -half; i <= half; ++i)
    for (int j = -half; j <= half; ++j)
      for (int k = -third; k <= third; ++k) {
        const double u = step * i, v = step * j, b = step * k, w = std::exp(-0.5 * (u * u + v * v + b * b));
        if (w < 1e-16) continue;
        Vector h = (all.col(0) * u + all.col(1) * v).array() + bias * b;
        network::value(p.kernel.activation, {h.data(), static_cast<std::size_t>(h.size())},
                       {h.data(), static_cast<std::size_t>(h.size())});
        const Vector phi = h.head(P), r = h.tail(T) - response.transpose() * phi;
        const Eigen::RowVectorXd s = phi.transpose() * alpha;
        const double g = phi.dot(G * phi), S = s.squaredNorm();
        total += w, mean_g += w * g, mean_S += w * S;
        rs += w * r * s, rsg += w * g * r * s, rsS += w * S * r * s;
        rphi += w * r * phi.transpose(), phis += w * phi * s;
      }
  const double n = 1 / total, outputs = static_cast<double>(C);
  return std::pow(p.kernel.readout_variance, 2) *
         (-(1 + outputs / 2) * n * rsg + n * n * rphi * G * phis + outputs / 2 * n * n * mean_g * rs +
          chi / 2 * (n * rsS - n * n * mean_S * rs));
}

}  // namespace

TEST_CASE("the correction of one hidden layer is that of the reference") {
  const Six six;
  struct Known {
    const char* activation;
    std::array<double, 2> f0, f1;
  };
  // finite-width reference: product rules of an independent implementation
  for (const Known& known :
       {Known{"linear", {0.6087808970088547, -0.8628187308549529}, {-0.14470908364438942, 0.15859291023448438}},
        Known{"erf", {0.63982007131977, -0.7786641265104562}, {-0.021240212461431984, -0.010319634516999882}},
        Known{"quad", {-0.12682228457607328, 1.0393676372497997}, {1.5578510244455541, -2.3707992849440256}}}) {
    CAPTURE(known.activation);
    const KernelSpec spec{.activation = reference::activation(known.activation)};
    const WidthExpansion found = width_expansion({spec, 0.3, six.x, six.y, six.test}, {}, stream);
    const Matrix f1 = found.blocks(1, 1);
    for (Index t = 0; t < 2; ++t) {
      CHECK(found.mean(t, 0) == Approx(known.f0[static_cast<std::size_t>(t)]).epsilon(1e-11));
      CHECK(f1(t, 0) == Approx(known.f1[static_cast<std::size_t>(t)]).epsilon(1e-9));
    }
  }
}

TEST_CASE("the correction is the sum of its six terms, at any χ, with biases, readout variance and two outputs",
          "[slow]") {
  const Six six;
  Matrix two(6, 2);
  two << six.y, normals(6, 1, 7);
  for (const auto& [word, bias] : {std::pair("tanh", 0.0), {"erf", 0.3}, {"gelu", 0.0}})
    for (const double chi : {1.0, 7.0}) {
      if (bias > 0 && chi == 1) continue;  // three dimensions: the sum takes its time
      CAPTURE(word, chi);
      const KernelSpec spec{.activation = reference::activation(word),
                            .weight_variance = 1.3,
                            .bias_variance = bias,
                            .readout_variance = 0.7};
      for (const Matrix& y : {six.y, two}) {
        if (bias > 0 && y.cols() == 1) continue;
        const Regressed problem{spec, 0.3, six.x, y, six.test};
        const Matrix expected = six_terms(problem, chi);
        CHECK(near::largest_difference(first_order(problem, chi).reshaped(2, y.cols()), expected) < 1e-8);
      }
    }
}

TEST_CASE("samples agree with the product rule, and their errors are what they say") {
  const Six six;
  for (const auto word : {"erf", "gelu"}) {
    CAPTURE(word);
    const KernelSpec spec{.activation = reference::activation(word), .bias_variance = 0.1};
    const Regressed problem{spec, 0.3, six.x, six.y, six.test};
    const Vector exact = first_order(problem, 3);
    double square = 0;
    for (std::uint32_t k = 0; k < 40; ++k) {
      const Matrix own =
          width_expansion(problem, {.samples = 2000, .blocks = 50}, Stream(k, Purpose::test, word, 0, 0)).blocks(1, 3);
      const Vector mean = own.rowwise().mean();
      const Vector error = ((own.colwise() - mean).rowwise().squaredNorm() / (50.0 * 49)).cwiseSqrt();
      square += (mean - exact).cwiseQuotient(error).squaredNorm() / 80;
    }
    // 80 numbers, half of them independent: χ²/ν within 0.22 of 1; 4 of these
    CHECK(std::abs(square - 1) < 0.9);
  }
}

TEST_CASE("linear units: every layer of any depth gives what the moments of their kernel's scale say") {
  const Six six;
  const double kappa = 0.3, chi = 4;
  const Matrix K = nngp_kernel({.activation = network::Linear{}}, six.x),
               cross = nngp_kernel({.activation = network::Linear{}}, six.x, six.test);
  const auto mean_at = [&](double q) -> Vector {
    return q * cross.transpose() * (q * K + kappa * Matrix::Identity(6, 6)).ldlt().solve(six.y);
  };
  const Matrix G = (K + kappa * Matrix::Identity(6, 6)).inverse();
  const Vector alpha = G * six.y, up = mean_at(1 + 1e-4), down = mean_at(1 - 1e-4);
  const Vector expected =
      (chi * alpha.dot(K * alpha) - (G * K).trace()) * (up - down) / 2e-4 + (up - 2 * mean_at(1) + down) / 1e-8;
  const Vector one = first_order({{.activation = network::Linear{}}, kappa, six.x, six.y, six.test}, chi);
  CHECK(near::largest_difference(one, expected) < 1e-6 * expected.norm());
  // In six dimensions and more a product rule of three nodes still does.
  CHECK(has_product_rule({.activation = network::Linear{}}, 6));
  CHECK_FALSE(has_product_rule({.activation = network::Erf{}}, 4));
  for (const int depth : {2, 3}) {
    const KernelSpec spec{.depth = depth, .activation = network::Linear{}};
    const WidthExpansion found =
        width_expansion({spec, kappa, six.x, six.y, six.test}, {.samples = 40000, .blocks = 200}, stream);
    for (const LayerExpansion& layer : found.layers) {
      const Matrix blocks = layer.constant + chi * layer.per_chi;
      const Vector mean = blocks.rowwise().mean();
      const Vector error = ((blocks.colwise() - mean).rowwise().squaredNorm() / (200.0 * 199)).cwiseSqrt();
      CHECK((mean - expected).cwiseQuotient(error).cwiseAbs().maxCoeff() < 4);
      CHECK(error.maxCoeff() < 0.03 * expected.norm());
    }
  }
}

namespace {

/// Three points of two hidden layers of erf units: training points 0, 1 and test point 2, their pairs in this order.
constexpr std::array<std::array<Index, 2>, 6> pairs{{{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}}};
Index pair_of(Index a, Index b) {
  for (std::size_t k = 0; k < pairs.size(); ++k)
    if ((pairs[k][0] == a && pairs[k][1] == b) || (pairs[k][0] == b && pairs[k][1] == a)) return static_cast<Index>(k);
  return -1;
}

using Six6 = Eigen::Matrix<double, 6, 6>;

/// ⟨p1p2p3p4⟩ − ⟨p1p2⟩⟨p3p4⟩ of erf units over N(0, K), by a product rule.
Six6 vertex(const Matrix& K) {
  const Matrix root = Matrix(K.llt().matrixL());
  Six6 square = Six6::Zero();
  Eigen::Matrix<double, 6, 1> mean = Eigen::Matrix<double, 6, 1>::Zero();
  double total = 0;
  for (int i = -16; i <= 16; ++i)
    for (int j = -16; j <= 16; ++j)
      for (int k = -16; k <= 16; ++k) {
        const Eigen::Vector3d z(0.4 * i, 0.4 * j, 0.4 * k), h = root * z;
        const double w = std::exp(-0.5 * z.squaredNorm());
        Eigen::Matrix<double, 6, 1> p;
        for (std::size_t q = 0; q < 6; ++q)
          p[static_cast<Index>(q)] = std::erf(h[pairs[q][0]]) * std::erf(h[pairs[q][1]]);
        square += w * p * p.transpose(), mean += w * p, total += w;
      }
  return square / total - mean * mean.transpose() / (total * total);
}

double erf_kernel(const Matrix& K, Index a, Index b) {
  return 2 / std::numbers::pi * std::asin(2 * K(a, b) / std::sqrt((1 + 2 * K(a, a)) * (1 + 2 * K(b, b))));
}
Matrix erf_layer(const Matrix& K) {
  Matrix out(3, 3);
  for (Index a = 0; a < 3; ++a)
    for (Index b = 0; b < 3; ++b) out(a, b) = erf_kernel(K, a, b);
  return out;
}
Matrix moved(Matrix K, Index pair, double by) {
  const auto [a, b] = pairs[static_cast<std::size_t>(pair)];
  K(a, b) += by;
  if (a != b) K(b, a) += by;
  return K;
}

}  // namespace

TEST_CASE("small ridges beside few features: neither the mean nor its correction learns rounding") {
  const Matrix x = normals(12, 3, 41), test = normals(6, 3, 42), y = normals(12, 1, 43);
  for (const int depth : {1, 2}) {
    const KernelSpec spec{.depth = depth, .activation = network::Linear{}};
    const UnitAverages averages{.samples = depth == 1 ? 0 : 4096, .blocks = 4};
    const auto at = [&](double ridge) {
      const WidthExpansion e = width_expansion({spec, ridge, x, y, test}, averages, stream);
      return std::pair<Vector, Vector>{e.mean, e.blocks(20, 2).rowwise().mean()};
    };
    const auto [mean, correction] = at(1e-5);
    for (const double ridge : {1e-8, 1e-10, 1e-12}) {
      CAPTURE(depth, ridge);
      const auto [m, c] = at(ridge);
      CHECK(near::distance(m, mean) < 1e-4);
      CHECK(near::distance(c, correction) < 1e-3);
    }
    CHECK(near::distance(at(3).first, mean) > 0.01);  // control
  }
}

TEST_CASE("two hidden layers: the contraction unit by unit is the recursion of vertices") {
  const Matrix x = reference::matrix({1.2, -0.4, 0.9, 0.3, 0.2, -0.8, 0.6, 1.1, -0.5}, 3);
  const Matrix y = reference::vector({1.1, -0.6});
  const Matrix K1 = x * x.transpose() / 3, K2 = erf_layer(K1), K = erf_layer(K2);
  const double kappa = 0.3, chi = 3, h = 1e-3;
  Six6 gradient;  // of T by the entries of K², row: entry of T
  Eigen::Matrix<double, 6, 1> correction = Eigen::Matrix<double, 6, 1>::Zero();
  const Six6 first = vertex(K1), second = vertex(K2);
  for (Index p = 0; p < 6; ++p)
    for (Index q = 0; q < 6; ++q) {
      const auto [a, b] = pairs[static_cast<std::size_t>(p)];
      gradient(p, q) = (erf_kernel(moved(K2, q, h), a, b) - erf_kernel(moved(K2, q, -h), a, b)) / (2 * h);
      for (Index r = 0; r < 6; ++r) {
        double bent = 0;
        for (const double s : {-h, h})
          for (const double t : {-h, h}) bent += s * t * erf_kernel(moved(moved(K2, q, s), r, t), a, b);
        correction[p] += 0.5 * bent / (4 * h * h * h * h) * first(q, r);
      }
    }
  // Widths of 1: the first layer's vertex comes through T, the second's is its own.
  const std::array<Six6, 2> all{gradient * first * gradient.transpose(), second};
  const Matrix G = (K.topLeftCorner(2, 2) + kappa * Matrix::Identity(2, 2)).inverse();
  const Vector alpha = G * y, response = G * K.block(0, 2, 2, 1);
  const WidthExpansion found = width_expansion({{.depth = 2}, kappa, x.topRows(2), y, x.bottomRows(1)},
                                               {.samples = 200000, .blocks = 200}, stream);
  for (const int l : {0, 1}) {
    const Six6& C = all[static_cast<std::size_t>(l)];
    double f1 = 0;
    for (Index v = 0; v < 2; ++v) {
      if (l == 0) f1 += alpha[v] * correction[pair_of(2, v)];
      for (Index s = 0; s < 2; ++s)
        if (l == 0) f1 -= alpha[v] * correction[pair_of(s, v)] * response[s];
      for (Index m = 0; m < 2; ++m)
        for (Index r = 0; r < 2; ++r) {
          double c = C(pair_of(2, v), pair_of(m, r));
          for (Index s = 0; s < 2; ++s) c -= response[s] * C(pair_of(s, v), pair_of(m, r));
          f1 -= c * (G(v, m) * alpha[r] + 0.5 * alpha[v] * (G(m, r) - chi * alpha[m] * alpha[r]));
        }
    }
    const Matrix blocks =
        found.layers[static_cast<std::size_t>(l)].constant + chi * found.layers[static_cast<std::size_t>(l)].per_chi;
    const double mean = blocks.mean(), error = std::sqrt((blocks.array() - mean).square().sum() / (200.0 * 199));
    CAPTURE(l, f1, mean, error);
    CHECK(std::abs(mean - f1) < 3.5 * error);
    CHECK(error < 0.05 * std::abs(f1));
  }
  const Matrix& moved_kernel = found.layers[0].kernel;
  CHECK(moved_kernel(0, 1) == Approx(correction[3]).epsilon(0.03));
  CHECK(moved_kernel(0, 0) == Approx(correction[0]).epsilon(0.03));
  CHECK(found.layers[1].kernel.isZero(0));
}

}  // namespace fieldscan::theory
