#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/network/empirical_kernel.hpp"
#include "near.hpp"
#include "theory/finite_width/draws.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

ConvolutionalSpec shape_of(int height, int width, int channels, int filter, int stride, Padding padding, int depth,
                           ImageReadout readout) {
  return {.height = height,
          .width = width,
          .channels = channels,
          .filter = filter,
          .stride = stride,
          .depth = depth,
          .padding = padding,
          .readout = readout,
          .activation = network::Erf{},
          .weight_variance = 1.5,
          .bias_variance = 0.1,
          .readout_variance = 1.2};
}

struct Known {
  ConvolutionalSpec spec;
  Matrix nngp, tangent;
};

/// Independent numbers for three images `table(3, d, 1.3)`: convolution_deep.py of the project's prototypes, by a
/// recursion over all pairs of positions in numpy.
std::vector<Known> known_kernels() {
  return {{shape_of(1, 6, 1, 3, 1, Padding::circular, 3, ImageReadout::flatten),
           Matrix{{0.47640753197951163, 0.0494831585306996, 0.20280706656747005},
                  {0.0494831585306996, 0.5049715046958866, 0.08349902857378835},
                  {0.20280706656747005, 0.08349902857378835, 0.5049185701865673}},
           Matrix{{2.1413593723500015, 0.02478897860617622, 0.6709194002255361},
                  {0.02478897860617622, 2.5737550484056815, 0.17528691822952253},
                  {0.6709194002255361, 0.17528691822952253, 2.5733631325410458}}},
          {shape_of(1, 8, 1, 3, 2, Padding::circular, 3, ImageReadout::pooling),
           Matrix{{0.2426844760422269, 0.08830893601340059, 0.1716955871142696},
                  {0.08830893601340059, 0.16276089081655332, 0.09511021391911982},
                  {0.1716955871142696, 0.09511021391911982, 0.1557726730614464}},
           Matrix{{0.9292074930153866, 0.19771601448143677, 0.5699273290487833},
                  {0.19771601448143675, 0.6472158864597102, 0.2331201126521124},
                  {0.5699273290487833, 0.2331201126521124, 0.6430658446554857}}},
          {shape_of(6, 6, 2, 2, 2, Padding::valid, 2, ImageReadout::pooling),
           Matrix{{0.18229557852199324, 0.07854461050643699, 0.038844049777381824},
                  {0.07854461050643698, 0.21692569673497483, 0.09723524880178737},
                  {0.038844049777381824, 0.09723524880178737, 0.19951750912692273}},
           Matrix{{0.5959582615437827, 0.18371581048283556, 0.06144012788834004},
                  {0.18371581048283553, 0.7025498369188806, 0.2444160408979586},
                  {0.06144012788834004, 0.2444160408979586, 0.6504230165067577}}},
          {shape_of(5, 5, 1, 2, 1, Padding::valid, 2, ImageReadout::flatten),
           Matrix{{0.520317098992408, 0.09772948266466681, -0.04059148951742063},
                  {0.09772948266466681, 0.5125300798592163, 0.17578097515805327},
                  {-0.04059148951742063, 0.17578097515805327, 0.5415209781601675}},
           Matrix{{1.8587859554009254, 0.24061177605041884, -0.1888318841403519},
                  {0.24061177605041884, 1.8227880352611394, 0.5126037970584749},
                  {-0.1888318841403519, 0.5126037970584749, 2.005732521409576}}}};
}

network::Spec finite(const ConvolutionalSpec& spec, int channels) {
  return {.architecture = architecture_of(spec),
          .depth = spec.depth,
          .width = channels,
          .activation = spec.activation,
          .weight_variance = spec.weight_variance,
          .bias_variance = spec.bias_variance,
          .readout_variance = spec.readout_variance};
}

/// Of an ensemble of networks: how far one kernel is from that of infinitely many channels, and their mean beside it in
/// standard errors, root mean square over the elements.
struct Distance {
  double one = 0, mean = 0;
};
Distance distance_of(const ConvolutionalSpec& spec, int channels, KernelKind kind, const Matrix& x,
                     const Matrix& expected) {
  constexpr int count = 150;
  const network::Network net(finite(spec, channels), static_cast<int>(x.cols()));
  Matrix sum = Matrix::Zero(x.rows(), x.rows()), squares = sum;
  for (int n = 0; n < count; ++n) {
    const Vector theta = net.initial(stream("convolutional networks", static_cast<std::uint64_t>(n)));
    const Matrix kernel =
        kind == KernelKind::nngp ? network::empirical_nngp(net, theta, x) : network::empirical_ntk(net, theta, x);
    sum += kernel - expected;
    squares += (kernel - expected).cwiseAbs2();
  }
  const Matrix mean = sum / count, variance = squares / count - mean.cwiseAbs2();
  return {.one = std::sqrt(squares.mean() / count),
          .mean = std::sqrt((mean.cwiseAbs2().array() / variance.array() * (count - 1)).mean())};
}

}  // namespace

TEST_CASE("convolutional kernels agree with independent numbers, with strides, biases and channels") {
  for (const Known& known : known_kernels()) {
    const Matrix x = fieldscan::testing::table(3, known.spec.height * known.spec.width * known.spec.channels, 1.3);
    CHECK(near::largest_difference(convolutional_kernel(known.spec, KernelKind::nngp, x), known.nngp) <= 1e-9);
    CHECK(near::largest_difference(convolutional_kernel(known.spec, KernelKind::tangent, x), known.tangent) <=
          1e-9 * known.tangent.norm());
  }
}

TEST_CASE("convolutional networks have these kernels up to 1/N", "[slow]") {
  // Fluctuations of one network fall as 1/√N, and means agree; those of the other readout's kernel do not.
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling})
    for (const auto padding : {Padding::circular, Padding::zero}) {
      ConvolutionalSpec spec = shape_of(1, 8, 2, 3, 2, padding, 2, readout);
      if (padding == Padding::zero) spec = shape_of(4, 4, 1, 3, 1, padding, 2, readout);
      const Matrix x = fieldscan::testing::table(3, 16, 1.3);
      const Matrix nngp = convolutional_kernel(spec, KernelKind::nngp, x);
      const Matrix tangent = convolutional_kernel(spec, KernelKind::tangent, x);
      ConvolutionalSpec wrong = spec;
      wrong.readout = readout == ImageReadout::flatten ? ImageReadout::pooling : ImageReadout::flatten;
      for (const auto kind : {KernelKind::nngp, KernelKind::tangent}) {
        const Matrix& expected = kind == KernelKind::nngp ? nngp : tangent;
        const Distance few = distance_of(spec, 16, kind, x, expected), many = distance_of(spec, 64, kind, x, expected);
        CAPTURE(word(readout), word(padding), kind == KernelKind::nngp, few.one, many.one, few.mean, many.mean);
        CHECK(few.one / many.one == Approx(2).epsilon(0.25));
        CHECK(many.mean <= 3);  // six independent elements: by chance less than once in 10⁶
        CHECK(many.mean >= 0.1);
        CHECK(distance_of(spec, 64, kind, x, convolutional_kernel(wrong, kind, x)).mean > 10);
      }
    }
}
