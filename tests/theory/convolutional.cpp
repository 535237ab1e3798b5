#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

struct Both {
  Matrix nngp, tangent;
};
Both both(const ConvolutionalSpec& spec, const Matrix& x) {
  return {convolutional_kernel(spec, KernelKind::nngp, x), convolutional_kernel(spec, KernelKind::tangent, x)};
}

/// The recursion for one pair of images with all pairs of positions held: four indices, no tables.
struct Slow {
  const ConvolutionalSpec& spec;
  Index height, width;
  Matrix aa, bb, ab, theta;  // K(x, x), K(x′, x′), K(x, x′), Θ(x, x′) over positions [S × S]

  /// −1 beyond the edge.
  Index source(Index s, Index a, Index b, Index after_width, Index stride) const {
    Index row = s / after_width * stride + a, column = s % after_width * stride + b;
    if (spec.padding != Padding::zero) return row % height * width + column % width;
    row -= height == 1 ? 0 : (spec.filter - 1) / 2;
    column -= (spec.filter - 1) / 2;
    return row < 0 || column < 0 || row >= height || column >= width ? -1 : row * width + column;
  }
  void convolve(int layer) {
    const Index stride = layer == 0 ? spec.stride : 1, rows = spec.height == 1 ? 1 : spec.filter;
    const auto after = [&](Index extent) {
      return spec.padding != Padding::valid ? (extent + stride - 1) / stride : (extent - spec.filter) / stride + 1;
    };
    const Index new_height = spec.height == 1 ? 1 : after(height), new_width = after(width), n = new_height * new_width;
    const auto filtered = [&](const Matrix& in) {
      Matrix out = Matrix::Zero(n, n);
      for (Index s = 0; s < n; ++s)
        for (Index t = 0; t < n; ++t)
          for (Index a = 0; a < rows; ++a)
            for (Index b = 0; b < spec.filter; ++b) {
              const Index u = source(s, a, b, new_width, stride), v = source(t, a, b, new_width, stride);
              if (u >= 0 && v >= 0) out(s, t) += in(u, v);
            }
      return Matrix(out * spec.weight_variance / static_cast<double>(rows * spec.filter));
    };
    const auto biased = [&](const Matrix& in) { return Matrix(filtered(in).array() + spec.bias_variance); };
    theta = layer == 0 ? Matrix(Matrix::Zero(n, n)) : filtered(theta);
    aa = biased(aa);
    bb = biased(bb);
    ab = biased(ab);
    theta += ab;
    height = new_height;
    width = new_width;
  }
  void average() {
    const Matrix a = aa, b = bb;
    for (Index s = 0; s < a.rows(); ++s)
      for (Index t = 0; t < a.cols(); ++t) {
        const auto own = network::average(spec.activation, a(s, s), a(t, t), a(s, t));
        const auto other = network::average(spec.activation, b(s, s), b(t, t), b(s, t));
        const auto pair = network::average(spec.activation, a(s, s), b(t, t), ab(s, t));
        aa(s, t) = own.value;
        bb(s, t) = other.value;
        ab(s, t) = pair.value;
        theta(s, t) *= pair.derivative;
      }
  }
};

std::pair<double, double> slow_kernel(const ConvolutionalSpec& spec, const Vector& x, const Vector& y) {
  const Index positions = spec.height * spec.width, channels = spec.channels;
  const auto product = [&](const Vector& u, const Vector& v) {
    Matrix out = Matrix::Zero(positions, positions);
    for (Index s = 0; s < positions; ++s)
      for (Index t = 0; t < positions; ++t)
        out(s, t) =
            u.segment(s * channels, channels).dot(v.segment(t * channels, channels)) / static_cast<double>(channels);
    return out;
  };
  Slow state{spec, spec.height, spec.width, product(x, x), product(y, y), product(x, y), {}};
  for (int l = 0; l < spec.depth; ++l) {
    state.convolve(l);
    state.average();
  }
  const auto read = [&](const Matrix& m) {
    return spec.readout_variance * (spec.readout == ImageReadout::pooling ? m.mean() : m.diagonal().mean());
  };
  return {read(state.ab), read(state.ab) + read(state.theta)};
}

}  // namespace

TEST_CASE("convolutional kernels agree with the reference numbers") {
  for (const char* name : {"cnn_nngp/", "cnn_ntk/"})
    for (const auto& entry : reference::entries(name)) {
      CAPTURE(entry.name);
      const ConvolutionalSpec spec{.width = 6,
                                   .channels = 2,
                                   .filter = static_cast<int>(entry.number("filter")),
                                   .stride = static_cast<int>(entry.number("stride_first_layer")),
                                   .depth = static_cast<int>(entry.number("L")),
                                   .readout = entry.number("pool") == 1 ? ImageReadout::pooling : ImageReadout::flatten,
                                   .activation = reference::activation(entry.words.at("activation")),
                                   .weight_variance = entry.number("sigma_w2"),
                                   .bias_variance = entry.number("sigma_b2"),
                                   .readout_variance = entry.number("sigma_a2")};
      const KernelKind kind = entry.name.rfind("cnn_ntk", 0) == 0 ? KernelKind::tangent : KernelKind::nngp;
      const Matrix x = reference::matrix(entry.in.at("X"), 12), expected = reference::matrix(entry.out.at("value"), 2);
      const Matrix mine = convolutional_kernel(spec, kind, x);
      for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 2; ++j) {
          CAPTURE(i, j, mine(i, j), expected(i, j));
          CHECK(reference::agrees(entry, mine(i, j), expected(i, j)));
        }
    }
}

TEST_CASE("tiles give what the recursion gives pair by pair, in one and two dimensions") {
  for (const int height : {1, 4})
    for (const auto padding : {Padding::circular, Padding::valid, Padding::zero})
      for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling})
        for (const int stride : {1, 2}) {
          const ConvolutionalSpec spec{.height = height,
                                       .width = height == 1 ? 9 : 5,
                                       .channels = 2,
                                       .filter = padding == Padding::zero ? 3 : 2,
                                       .stride = stride,
                                       .depth = stride == 1 ? 2 : 1,
                                       .padding = padding,
                                       .readout = readout,
                                       .activation = network::Erf{},
                                       .weight_variance = 1.3,
                                       .bias_variance = 0.2,
                                       .readout_variance = 0.7};
          CAPTURE(height, word(padding), word(readout), stride);
          const Index count = 70;  // more than one tile
          const Matrix x = testing::normals(stream("images"), count, spec.height * spec.width * 2);
          const Both k = both(spec, x);
          for (const auto& [i, j] : {std::pair<Index, Index>{0, 0}, {3, 1}, {1, 3}, {69, 2}, {68, 69}}) {
            const auto [nngp, tangent] = slow_kernel(spec, x.row(i), x.row(j));
            CAPTURE(i, j);
            CHECK(k.nngp(i, j) == Approx(nngp).epsilon(1e-12));
            CHECK(k.tangent(i, j) == Approx(tangent).epsilon(1e-11));
          }
          const Matrix test = x.bottomRows(3);
          CHECK(near::distance(convolutional_kernel(spec, KernelKind::nngp, x, test), k.nngp.rightCols(3)) <= 1e-11);
          CHECK(near::distance(convolutional_kernel(spec, KernelKind::tangent, x, test), k.tangent.rightCols(3)) <=
                1e-10);
          CHECK(near::distance(convolutional_diagonal(spec, KernelKind::nngp, x), k.nngp.diagonal()) <= 1e-12);
          CHECK(near::distance(convolutional_diagonal(spec, KernelKind::tangent, x), k.tangent.diagonal()) <= 1e-12);
          CHECK(near::equal(k.nngp, k.nngp.transpose()));
          CHECK(eigenpairs(k.tangent).values.minCoeff() >= -1e-10 * k.tangent.trace());
        }
}

TEST_CASE("a filter as large as the image is a fully connected network") {
  const Matrix x = testing::normals(stream("images"), 8, 6);
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
    const ConvolutionalSpec spec{.width = 6,
                                 .filter = 6,
                                 .padding = Padding::valid,
                                 .readout = readout,
                                 .weight_variance = 1.7,
                                 .bias_variance = 0.3,
                                 .readout_variance = 1.2};
    const KernelSpec dense{
        .activation = network::Relu{}, .weight_variance = 1.7, .bias_variance = 0.3, .readout_variance = 1.2};
    const Both k = both(spec, x);
    const Kernels expected = kernels(dense, x);
    CHECK(near::distance(k.nngp, expected.nngp) <= 1e-13 * expected.nngp.norm());
    CHECK(near::distance(k.tangent, expected.tangent) <= 1e-12 * expected.tangent.norm());
  }
}

TEST_CASE("pooling on the torus does not see shifts, flattening does") {
  const Matrix x = testing::normals(stream("images"), 6, 10);
  Matrix shifted(6, 10);
  shifted << x.rightCols(7), x.leftCols(3);
  const auto far = [&](ImageReadout readout) {
    const ConvolutionalSpec spec{.width = 10, .depth = 2, .readout = readout};
    return (convolutional_kernel(spec, KernelKind::tangent, x, x) -
            convolutional_kernel(spec, KernelKind::tangent, shifted, x))
        .norm();
  };
  CHECK(far(ImageReadout::pooling) <= 1e-8);  // of two equal patches the angle is known to √ε
  CHECK(far(ImageReadout::flatten) > 0.1);
}

TEST_CASE("networks of many channels have these kernels", "[slow]") {
  // One convolution over a 3 × 4 torus, filters 2 × 2. Given the filters, the mean of f f′ and of J Jᵀ over readouts is
  // a sum over channels: both average to K and Θ at any number of channels. 300 networks of 40 channels, two images.
  const Index height = 3, width = 4, positions = 12, channels = 40;
  const Matrix x = testing::normals(stream("few images"), 2, positions);
  const double weight = 1.4, bias = 0.3, readout_variance = 0.8;
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
    const ConvolutionalSpec spec{.height = 3,
                                 .width = 4,
                                 .filter = 2,
                                 .readout = readout,
                                 .activation = network::Erf{},
                                 .weight_variance = weight,
                                 .bias_variance = bias,
                                 .readout_variance = readout_variance};
    const bool pooled = readout == ImageReadout::pooling;
    const int count = 300;
    double sum[2] = {}, squares[2] = {};
    for (int n = 0; n < count; ++n) {
      const Matrix w = testing::normals(stream("filters", static_cast<std::uint64_t>(n)), channels, 5);
      double value[2] = {};
      for (Index i = 0; i < channels; ++i) {
        Vector h[2] = {Vector(positions), Vector(positions)}, phi[2], slope[2];
        Matrix patch[2] = {Matrix(positions, 5), Matrix(positions, 5)};
        for (int image : {0, 1}) {
          for (Index s = 0; s < positions; ++s)
            for (Index a : {0, 1})
              for (Index b : {0, 1})
                patch[image](s, 2 * a + b) =
                    std::sqrt(weight / 4) * x(image, (s / width + a) % height * width + (s % width + b) % width);
          patch[image].col(4).setConstant(std::sqrt(bias));
          h[image] = patch[image] * w.row(i).transpose();
          phi[image] = slope[image] = h[image];
          network::value_and_derivative(network::Erf{}, {h[image].data(), 12}, {phi[image].data(), 12},
                                        {slope[image].data(), 12});
        }
        // Weight sharing: the gradient of a filter sums over positions; ⟨a_s a_t⟩ is 1 for pooling and δ_st for
        // flattening.
        const Matrix gradient = (slope[0] * slope[1].transpose()).cwiseProduct(patch[0] * patch[1].transpose());
        const double scale =
            readout_variance / static_cast<double>(channels * (pooled ? positions * positions : positions));
        const double nngp = scale * (pooled ? phi[0].sum() * phi[1].sum() : phi[0].dot(phi[1]));
        value[0] += nngp;
        value[1] += nngp + scale * (pooled ? gradient.sum() : gradient.trace());
      }
      for (int k : {0, 1}) sum[k] += value[k], squares[k] += value[k] * value[k];
    }
    const Both k = both(spec, x);
    const double expected[2] = {k.nngp(0, 1), k.tangent(0, 1)};
    for (int kind : {0, 1}) {
      const double mean = sum[kind] / count;
      const double error = std::sqrt((squares[kind] / count - mean * mean) / (count - 1));
      CAPTURE(pooled, kind, mean, error, expected[kind]);
      CHECK(std::abs(mean - expected[kind]) <= 4 * error);  // by chance once in 4000 for the four
      CHECK(std::abs(mean - expected[1 - kind]) > 10 * error);
    }
  }
}

TEST_CASE("beside a convolutional network the theory is of that network, unless told otherwise") {
  Setting s = laws::sampler();
  s.network.architecture = {.layers = network::Layers::convolution, .head = ImageReadout::pooling};
  s.network.depth = 2;
  s.network.weight_variance = 1.4;
  s.network.readout_variance = 0.7;
  const ConvolutionalSpec own = ConvolutionalGp{}.inputs(s).architecture;
  CHECK(own == ConvolutionalSpec{.width = 6,
                                 .depth = 2,
                                 .readout = ImageReadout::pooling,
                                 .activation = network::Erf{},
                                 .weight_variance = 1.4,
                                 .readout_variance = 0.7});
  CHECK(ConvolutionalGp{.architecture = {.filter = 2}}.inputs(s).architecture.filter == 2);
  CHECK_FALSE(applicability(Nngp{}, s).applies);
  CHECK(applicability(Nngp{}, s).because.find("fully connected layers") != std::string::npos);
  CHECK(applicability(ConvolutionalGp{}, s).applies);
}

TEST_CASE("shapes that are not possible are told") {
  const ConvolutionalSpec spec{.height = 4, .channels = 2, .filter = 3, .depth = 2, .padding = Padding::valid};
  CHECK(resolved(spec, 40).width == 5);
  CHECK(shape_problem(spec, 41)->find("no images") != std::string::npos);
  CHECK(shape_problem(spec, 40)->find("layer 2") != std::string::npos);
  ConvolutionalSpec one = spec;
  one.depth = 1;
  CHECK_FALSE(shape_problem(one, 40).has_value());
  CHECK(averages_per_pair(resolved(one, 40)) == 2 * 3);
  one.readout = ImageReadout::pooling;
  CHECK(averages_per_pair(resolved(one, 40)) == 36);
}

TEST_CASE("regression with convolutional kernels as a theory") {
  Setting s;
  s.data.input = data::Gaussian{.dim = 12};
  s.data.target = data::Linear{};
  s.data.train_size = 15;
  s.data.test_size = 30;
  s.ridge = 0.1;
  const auto value = [](const Result& result, Observable observable) {
    for (const Row& row : result.rows)
      if (row.observable == observable) return row.value;
    FAIL("no row of " << info(observable).name);
    return 0.0;
  };
  // The fully connected network as a convolutional one: the numbers of `nngp` and `ntk`.
  ConvolutionalGp gp{.architecture = {.filter = 12, .padding = Padding::valid}};
  s.network.activation = network::Relu{};
  s.network.weight_variance = 2;
  s.network.chi = 3;
  const Result mine = predict(gp, s, 1), nngp = predict(Nngp{}, s, 1);
  for (auto o : {Observable::error_test, Observable::error_train, Observable::log_evidence, Observable::error_loo})
    CHECK(value(mine, o) == Approx(value(nngp, o)).epsilon(1e-9));
  s.dynamics = dynamics::Flow{};
  CHECK_FALSE(applicability(gp, s).applies);
  gp.kernel = KernelChoice::tangent;
  for (bool centred : {false, true}) {
    s.network.centred = centred;
    const Result flow = predict(gp, s, 1), ntk = predict(NtkRegression{}, s, 1);
    for (auto o : {Observable::error_test, Observable::error_train, Observable::error_gcv})
      CHECK(value(flow, o) == Approx(value(ntk, o)).epsilon(1e-8));
  }
  gp.architecture.channels = 5;
  CHECK(applicability(gp, s).because.find("dimension 12") != std::string::npos);
  gp.architecture.channels = 1;
  CHECK(cost_of(gp, s).bytes > regression_bytes(15, 30, 0.1));
}

namespace fieldscan::theory::laws {

namespace {
void of_images(Setting& s) { s.network.architecture = {.layers = network::Layers::convolution, .filter = 2}; }
}  // namespace

template <>
std::vector<Example> examples<ConvolutionalGp>() {
  const ConvolutionalSpec whole{.filter = 6, .padding = Padding::valid};
  return {{ConvolutionalGp{.architecture = whole}, sampler()},
          {ConvolutionalGp{.architecture = whole}, two_outputs(sampler())},
          {ConvolutionalGp{.architecture = whole, .kernel = KernelChoice::tangent}, descent()},
          {ConvolutionalGp{}, with(sampler(), of_images)}};
}

template <>
std::vector<Counterexample> counterexamples<ConvolutionalGp>() {
  const ConvolutionalGp posterior{.architecture = {.filter = 6, .padding = Padding::valid}};
  const ConvolutionalGp tangent{.architecture = posterior.architecture, .kernel = KernelChoice::tangent};
  const ConvolutionalGp odd{.architecture = {.channels = 5}};
  return {{posterior, descent(), "describes the posterior"},
          {tangent, sampler(), "describes gradient descent"},
          {tangent, small(dynamics::Flow{.anchor = dynamics::Anchor::zero}), "towards zero"},
          {posterior, with(sampler(), [](Setting& s) { s.network.centred = true; }), "subtracted"},
          {odd, sampler(), "dimension 6"},
          {ConvolutionalGp{},
           with(with(sampler(), of_images), [](Setting& s) { s.network.train = network::Trained::readout; }), "frozen"},
          {ConvolutionalGp{},
           with(with(sampler(), of_images),
                [](Setting& s) {
                  s.network.depth = 2;
                  s.network.weight_variance = std::vector<double>{1, 2};
                }),
           "one σ_w²"},
          {ConvolutionalGp{.kernel = KernelChoice::tangent},
           with(with(descent(), of_images),
                [](Setting& s) { s.network.parameterisation = network::Parameterisation::mup; }),
           "ntk parameterisation"},
          {posterior, online(sampler()), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws
