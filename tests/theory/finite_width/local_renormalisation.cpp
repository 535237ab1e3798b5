#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/finite_width/local_kernel.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/finite_width/draws.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::draw_of;
using fieldscan::testing::normal_vector;
using fieldscan::testing::normals;
using fieldscan::testing::stream;
using fieldscan::testing::table;

namespace fieldscan::theory::laws {

namespace {

Setting one_convolution(int filter = 3) {
  Setting s = sampler();
  s.network.architecture = {.layers = network::Layers::convolution, .filter = filter};
  s.network.width = 20;
  return s;
}
void pool_positions(Setting& s) { s.network.architecture.head = network::ImageReadout::pooling; }

}  // namespace

template <>
std::vector<Example> examples<LocalRenormalisation>() {
  return {{LocalRenormalisation{}, one_convolution()},
          {LocalRenormalisation{}, with(one_convolution(2), [](Setting& s) { s.network.width = 5; })},
          {LocalRenormalisation{}, with(one_convolution(), pool_positions)}};
}

template <>
std::vector<Counterexample> counterexamples<LocalRenormalisation>() {
  const LocalRenormalisation theory;
  return {{theory, sampler(), "fully connected"},
          {theory, with(one_convolution(), [](Setting& s) { s.network.depth = 2; }), "one convolutional layer"},
          {theory, with(one_convolution(), [](Setting& s) { s.network.activation = network::Relu{}; }), "have a mean"},
          {theory, with(one_convolution(), [](Setting& s) { s.ridge = 0; }), "ridge above 0"},
          {theory, with(one_convolution(), [](Setting& s) { s.network.train = network::Trained::readout; }), "initial"},
          {theory, two_outputs(one_convolution()), "2 outputs"}};
}

template <>
std::vector<Example> examples<ConvolutionalAdaptation>() {
  const auto rich = [](Setting& s) { s.network.chi = 20; };
  return {{ConvolutionalAdaptation{}, with(one_convolution(2), rich)},
          {ConvolutionalAdaptation{}, with(with(one_convolution(2), rich), pool_positions)}};
}

template <>
std::vector<Counterexample> counterexamples<ConvolutionalAdaptation>() {
  const ConvolutionalAdaptation theory;
  return {
      {theory, sampler(), "fully connected"},
      {theory, with(one_convolution(2), [](Setting& s) { s.network.activation = network::Relu{}; }), "without kinks"},
      {theory, with(one_convolution(2), [](Setting& s) { s.network.activation = network::Quadratic{}; }),
       "faster than linearly"},
      {theory, one_convolution(4), "up to 3 dimensions"},
      {theory, two_outputs(one_convolution(2)), "2 outputs"}};
}

}  // namespace fieldscan::theory::laws

namespace {

ConvolutionalSpec line(int filter, int stride, Padding padding, ImageReadout readout = ImageReadout::flatten) {
  return {.width = 6,
          .filter = filter,
          .stride = stride,
          .padding = padding,
          .readout = readout,
          .activation = network::Erf{},
          .weight_variance = 1};
}

/// Six images of six positions with y = sin 1.3 m, two test points.
data::Draw line_draw() {
  Vector y(6);
  for (Index m = 0; m < 6; ++m) y[m] = std::sin(1.3 * static_cast<double>(m + 1));
  return draw_of(table(6, 6, 1.3), y, table(2, 6, 2.1));
}

Vector values_of(const Result& result) {
  const Array& array = result.arrays.front();
  return Eigen::Map<const Vector>(array.data.data(), std::ssize(array.data));
}
double value_of(const Result& result, Observable observable) {
  for (const Row& row : result.rows)
    if (row.observable == observable) return row.value;
  FAIL("no row of " << info(observable).name);
  return 0;
}

struct KnownScales {
  ConvolutionalSpec spec;
  data::Draw draw;
  int channels;
  Matrix scale;
  double action;
  Vector mean;
  double variance;  ///< over the test points
};

/// 4 × 4 images cut into four patches of 2 × 2, labels of the first and the last.
data::Draw square_draw() {
  const Matrix x = table(20, 16, 1.3), tests = table(6, 16, 1.3 * 1.7, 21, 0.37 * 1.7);
  Vector w(4);
  for (Index i = 0; i < 4; ++i) w[i] = std::sin(1.1 * static_cast<double>(i + 1));
  w.normalize();
  const auto along = [&](const Matrix& images, const std::array<Index, 4>& patch) {
    Vector out = Vector::Zero(images.rows());
    for (std::size_t k = 0; k < 4; ++k) out += w[static_cast<Index>(k)] * images.col(patch[k]);
    return out;
  };
  const Vector y = 2 * along(x, {0, 1, 4, 5}).array().tanh() + 0.5 * along(x, {10, 11, 14, 15}).array().tanh();
  return draw_of(x, y, tests);
}

std::vector<KnownScales> known_scales() {
  ConvolutionalSpec square = line(2, 2, Padding::valid);
  square.height = square.width = 4;
  return {
      // Independent numbers: convolution.py of the project's prototypes (BFGS in numpy).
      {line(3, 1, Padding::circular), line_draw(), 10,
       Matrix{{1.0643372744538033, -0.03137639630898232, -0.029357653821951643, -0.05572225037473136,
               -0.013359611821943151, 0.09519866312079699},
              {-0.03137639630898232, 1.0746418470111612, 0.02693940436738496, 0.009619800667583518,
               -0.02876182766835878, -0.06872118302261764},
              {-0.029357653821951643, 0.02693940436738496, 1.0193551711689164, 0.00549793246723613,
               0.007894611442966716, -0.029956910777649632},
              {-0.05572225037473136, 0.009619800667583518, 0.00549793246723613, 1.0468875394120662, 0.05827937517136744,
               -0.03277834460751345},
              {-0.013359611821943151, -0.02876182766835878, 0.007894611442966716, 0.05827937517136744,
               0.9945118016436082, 0.03308532281993028},
              {0.09519866312079699, -0.06872118302261764, -0.029956910777649632, -0.03277834460751345,
               0.03308532281993028, 1.052412622660568}},
       38.52319756081502, Vector{{-0.7945274070123658, 1.1328777649770054}}, 0.3372704615100133},
      {line(2, 2, Padding::valid), line_draw(), 10,
       Matrix{{1.091895516081227, -0.020669367151841665, -0.044353274562092246},
              {-0.020669367151841665, 1.1233436840704634, 0.0053650809371899024},
              {-0.044353274562092246, 0.0053650809371899024, 0.9455071241719178}},
       24.244487964151386, Vector{{-0.9046946932374375, 1.043165392926924}}, 0.3250547214395474},
      // The equations of the public code deepbays (class CONV_1HL), solved in double precision.
      {square, square_draw(), 15,
       Matrix{{1.900649469058214, -0.0011882619818233354, -0.20272301943868318, 0.19078041743349328},
              {-0.0011882619818233354, 0.8506282715059176, 0.030455727171912982, -0.0009833444249344404},
              {-0.20272301943868318, 0.030455727171912982, 0.9673437940192954, -0.05811441972037056},
              {0.19078041743349328, -0.0009833444249344404, -0.05811441972037056, 0.9372511438321174}},
       35.06570613032189,
       Vector{{0.18908902907795472, -0.2072704552843353, -0.9359700270482272, -0.5838025887545323, -1.3221774692729822,
               1.0264116008694424}},
       0.2317100766657462},
  };
}

LocalProblem problem_of(const data::Draw& draw, double width, double chi = 1) {
  return {.label = draw.train.label.col(0), .width = width, .ridge = 0.1, .chi = chi};
}

}  // namespace

TEST_CASE("scales between positions agree with independent numbers, with overlapping and disjoint patches") {
  for (const KnownScales& known : known_scales()) {
    const LocalKernels kernels = local_kernels(known.spec, known.draw.train.x, known.draw.test.x);
    const LocalScales scales = local_scales(kernels, problem_of(known.draw, known.channels));
    CHECK(near::largest_difference(scales.scale, known.scale) <= 2e-6);
    CHECK(scales.action == Approx(known.action).epsilon(1e-6));
    const LocalRenormalisation::Inputs inputs{
        .architecture = known.spec, .channels = known.channels, .ridge = 0.1, .chi = 1};
    const Result result = LocalRenormalisation{}.predict(inputs, known.draw);
    CHECK(near::largest_difference(values_of(result), known.mean) <= 2e-6);
    CHECK(value_of(result, Observable::variance_posterior) == Approx(known.variance).epsilon(1e-6));
  }
}

TEST_CASE("of many channels the scales are one and the kernel is that of convolutional_gp") {
  for (const auto padding : {Padding::circular, Padding::zero, Padding::valid}) {
    ConvolutionalSpec spec = line(3, 1, padding);
    spec.bias_variance = 0.2;
    spec.weight_variance = 1.4;
    spec.readout_variance = 0.8;
    const Matrix x = table(7, 6, 1.3), test = table(3, 6, 2.1);
    const LocalKernels kernels = local_kernels(spec, x, test);
    const Matrix one = Matrix::Identity(kernels.positions, kernels.positions);
    constexpr auto nngp = KernelKind::nngp;
    const auto sum = [&](const Matrix& columns) { return local_sum(kernels, columns, one, 0.8); };
    CHECK(near::largest_difference(sum(kernels.train).reshaped(7, 7), convolutional_kernel(spec, nngp, x)) <= 1e-13);
    CHECK(near::largest_difference(sum(kernels.cross).reshaped(7, 3), convolutional_kernel(spec, nngp, x, test)) <=
          1e-13);
    CHECK(near::largest_difference(sum(kernels.diagonal), convolutional_diagonal(spec, nngp, test)) <= 1e-13);
    const data::Draw draw = line_draw();
    const LocalKernels own = local_kernels(spec, draw.train.x, draw.test.x);
    const auto off = [&](double width) {
      return near::largest_difference(local_scales(own, problem_of(draw, width)).scale, one);
    };
    CHECK(off(1e7) <= 1e-5);
    CHECK(off(20) > 0.01);
  }
}

TEST_CASE("one position, or pooling: the equation of one scale, and that of fully connected networks") {
  const data::Draw draw = line_draw();
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
    // A filter as large as the image: no padding leaves one position.
    const LocalRenormalisation::Inputs inputs{
        .architecture = line(6, 1, Padding::valid, readout), .channels = 9, .ridge = 0.1, .chi = 2};
    const KernelRenormalisation::Inputs full{
        .kernel = {.activation = network::Erf{}}, .width = 9, .ridge = 0.1, .chi = 2};
    const Result local = LocalRenormalisation{}.predict(inputs, draw);
    const Result one = KernelRenormalisation{}.predict(full, draw);
    for (const auto observable : {Observable::kernel_scale, Observable::error_test, Observable::error_train})
      CHECK(value_of(local, observable) == Approx(value_of(one, observable)).epsilon(1e-7));
  }
  // Pooling over several: N (Q − 1) = χ yᵀA⁻¹QKA⁻¹y − tr A⁻¹QK, A = QK + κ.
  const ConvolutionalSpec spec = line(3, 1, Padding::circular, ImageReadout::pooling);
  const LocalKernels kernels = local_kernels(spec, draw.train.x, draw.test.x);
  const double q = local_scales(kernels, problem_of(draw, 4, 2)).scale(0, 0);
  const Matrix learned = q * convolutional_kernel(spec, KernelKind::nngp, draw.train.x);
  const Matrix inverse = (learned + 0.1 * Matrix::Identity(6, 6)).inverse();
  const Vector t = inverse * draw.train.label;
  CHECK(4 * (q - 1) == Approx(2 * t.dot(learned * t) - (inverse * learned).trace()).epsilon(1e-6));
  CHECK(std::abs(q - 1) > 0.01);
}

TEST_CASE(
    "of one position it says of its validity what kernel_renormalisation does; small pooled patches are outside") {
  int outside = 0, all = 0;
  for (const Index points : {6, 40})
    for (const int channels : {3, 30, 1000000}) {
      const Stream s = stream("local validity", static_cast<std::uint64_t>(points));
      const data::Draw draw = draw_of(normals(s, points, 6), normal_vector(s, points, 1000), normals(s, 3, 6, 2000));
      const Result full = KernelRenormalisation{}.predict(
          {.kernel = {.activation = network::Erf{}}, .width = channels, .ridge = 0.1}, draw);
      const Result local = LocalRenormalisation{}.predict(
          {.architecture = line(6, 1, Padding::valid), .channels = channels, .ridge = 0.1}, draw);
      CAPTURE(points, channels);
      CHECK(local.rows.front().flag == full.rows.front().flag);
      CHECK(value_of(local, Observable::validity) ==
            Approx(std::max(1.0 / channels, value_of(full, Observable::validity) / 2)).epsilon(1e-9));
      ++all;
      if (local.rows.front().flag == Flag::outside_validity) ++outside;
    }
  CHECK(outside > 0);
  CHECK(outside < all);
  // Means over positions of patches of two pixels: twelve points lie along two directions of their kernel.
  const Stream s = stream("local validity", 3);
  const data::Draw draw = draw_of(normals(s, 12, 6), normal_vector(s, 12, 1000), normals(s, 3, 6, 2000));
  const auto flag_of = [&](ImageReadout readout, int channels) {
    return LocalRenormalisation{}
        .predict({.architecture = line(2, 1, Padding::circular, readout), .channels = channels, .ridge = 0.1}, draw)
        .rows.front()
        .flag;
  };
  CHECK(flag_of(ImageReadout::pooling, 8) == Flag::outside_validity);
  CHECK(flag_of(ImageReadout::pooling, 1000000) == Flag::none);
}

TEST_CASE("adaptation of filters agrees with independent numbers") {
  // convolution.py of the project's prototypes: Newton's method on nodes, b = 1; χ times the variance.
  const data::Draw draw = line_draw();
  const auto predict_at = [&](ImageReadout readout, double strength) {
    return ConvolutionalAdaptation{}.predict(
        {.architecture = line(2, 1, Padding::circular, readout), .strength = strength, .ridge = 0.1, .chi = 20}, draw);
  };
  const Result flat = predict_at(ImageReadout::flatten, 1), pooled = predict_at(ImageReadout::pooling, 1);
  const Vector mean{{-0.773989695697387, 0.79421740657639}}, mean_pooled{{0.05819809744769665, -0.2809002912680528}};
  CHECK(near::largest_difference(values_of(flat), mean) <= 1e-8);
  CHECK(near::largest_difference(values_of(pooled), mean_pooled) <= 1e-8);
  CHECK(20 * value_of(flat, Observable::variance_posterior) == Approx(0.6054108551867463).epsilon(1e-7));
  CHECK(20 * value_of(pooled, Observable::variance_posterior) == Approx(0.02281454461672891).epsilon(1e-7));
}

TEST_CASE("filters that adapt little are convolutional_gp; one position is kernel_adaptation") {
  const data::Draw draw = line_draw();
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
    const ConvolutionalSpec spec = line(2, 1, Padding::zero, readout);
    const auto at = [&](double strength) {
      return ConvolutionalAdaptation{}.predict({.architecture = spec, .strength = strength, .ridge = 0.1, .chi = 3},
                                               draw);
    };
    const Result gp = ConvolutionalGp{}.predict({.architecture = spec, .ridge = 0.1, .chi = 3}, draw);
    for (const auto observable : {Observable::error_test, Observable::error_train, Observable::variance_posterior}) {
      CHECK(value_of(at(1e-6), observable) == Approx(value_of(gp, observable)).epsilon(1e-4));
      CHECK(std::abs(value_of(at(1), observable) / value_of(gp, observable) - 1) > 1e-3);
    }
  }
  data::Draw small = line_draw();
  small.train.x = small.train.x.leftCols(2).eval();
  small.test.x = small.test.x.leftCols(2).eval();
  ConvolutionalSpec one = line(2, 1, Padding::valid);
  one.width = 2;
  const Result local =
      ConvolutionalAdaptation{}.predict({.architecture = one, .strength = 1, .ridge = 0.1, .chi = 3}, small);
  const Result full = KernelAdaptation{}.predict({.kernel = {.activation = network::Erf{}},
                                                  .averages = NeuronAverages::rule,
                                                  .strength = 1,
                                                  .ridge = 0.1,
                                                  .chi = 3},
                                                 small, stream("unused"));
  for (const auto observable : {Observable::error_test, Observable::error_train, Observable::variance_posterior})
    CHECK(value_of(local, observable) == Approx(value_of(full, observable)).epsilon(1e-7));
}
