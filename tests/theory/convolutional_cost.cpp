#include "catch.hpp"
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

TEST_CASE("convolutional kernels announce what a pair of images takes, within a factor of two") {
  const auto of = [](int side, int filter, int depth, ImageReadout readout) {
    return ConvolutionalSpec{.height = side, .width = side, .filter = filter, .depth = depth, .readout = readout};
  };
  const auto with = [](ConvolutionalSpec spec, int stride, Padding padding, int channels) {
    spec.stride = stride, spec.padding = padding, spec.channels = channels;
    return spec;
  };
  constexpr auto pooled = ImageReadout::pooling, flat = ImageReadout::flatten;
  // Seconds of one core per pair, of relu: convolutional_kernel of 5 to 500 images.
  const struct {
    ConvolutionalSpec spec;
    double measured;
  } rows[] = {{of(4, 3, 1, pooled), 1.49e-6},
              {of(8, 3, 1, pooled), 2.60e-5},
              {with(of(8, 3, 2, pooled), 1, Padding::zero, 1), 4.21e-5},
              {of(14, 3, 1, pooled), 4.34e-4},
              {of(14, 5, 1, pooled), 7.29e-4},
              {of(28, 3, 1, pooled), 1.46e-2},
              {of(28, 5, 2, pooled), 4.87e-2},
              {with(of(28, 3, 1, pooled), 1, Padding::circular, 3), 1.64e-2},
              {with(of(28, 3, 1, pooled), 2, Padding::circular, 1), 1.90e-3},  // a stride leaves out positions, but
              {with(of(28, 5, 1, pooled), 4, Padding::circular, 1), 7.38e-4},  // not those of the image
              {of(28, 3, 1, flat), 6.02e-6},
              {with(of(28, 3, 2, flat), 1, Padding::valid, 3), 1.49e-5},
              {with(of(28, 3, 1, flat), 2, Padding::circular, 1), 2.73e-6}};
  for (const auto& [spec, measured] : rows) {
    const double announced = seconds_per_image_pair(spec, KernelKind::nngp);
    CAPTURE(spec.height, spec.filter, spec.depth, spec.stride, announced, measured);
    CHECK(announced < 2 * measured);
    CHECK(announced > measured / 2);
  }
  // Θ with the K of its variance.
  CHECK(seconds_per_image_pair(of(8, 3, 2, pooled), KernelKind::tangent) < 2 * (6.2e-5 + 5.2e-5));
  CHECK(seconds_per_image_pair(of(8, 3, 2, pooled), KernelKind::tangent) > (6.2e-5 + 5.2e-5) / 2);
}
