#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "fieldscan/theory/finite_width/convolutional_adaptation.hpp"
#include "fieldscan/theory/finite_width/local_renormalisation.hpp"
#include "fieldscan/theory/regression/convolutional_gp.hpp"
#include "helpers.hpp"
#include "training/support.hpp"

/// Theories of convolutional networks against the program's own, inside their regime and outside of it; what scan files
/// say of them.
using namespace fieldscan;
using namespace fieldscan::training::testing;
using namespace fieldscan::training;

namespace {

struct Images {
  network::Architecture shape;
  int channels;  ///< N
  Index points;
  double chi = 1;
};

/// Labels that the first patch decides alone, or every patch alike.
enum class Labels { local, alike };

Case images_of(const Images& images, Labels labels) {
  const int width = images.shape.columns;
  Case c;
  c.spec.input = data::Gaussian{.dim = width};
  c.spec.train_size = static_cast<int>(images.points);
  c.spec.test_size = 40;
  c.network = {.architecture = images.shape, .width = images.channels, .activation = network::Erf{}};
  c.network.chi = images.chi;
  c.ridge = 0.1;
  const network::Convolution layer = network::convolutions(images.shape, 1).front();
  Vector w(layer.size);
  for (Index k = 0; k < w.size(); ++k) w[k] = std::sin(1.1 * static_cast<double>(k + 1));
  w.normalize();
  const auto fill = [&](data::Sample& sample, Index count, std::uint64_t key) {
    sample.x = normals(count, width, key);
    sample.target = Matrix::Zero(count, 1);
    const Index seen = labels == Labels::local ? 1 : layer.outputs;
    for (Index s = 0; s < seen; ++s) {
      Vector along = Vector::Zero(count);
      for (Index k = 0; k < w.size(); ++k) along += w[k] * sample.x.col(layer.at(s, k));
      sample.target.col(0) +=
          (labels == Labels::local ? 3.0 : 3.0 / static_cast<double>(seen)) * (1.5 * along).array().tanh().matrix();
    }
    sample.label = sample.target;
  };
  fill(c.data.train, images.points, 602);
  fill(c.data.test, 40, 603);
  return c;
}

theory::ConvolutionalSpec spec_of(const Case& c) {
  return resolved(theory::convolutional_spec(c.network), static_cast<int>(c.data.train.x.cols()));
}
Vector renormalised(const Case& c) {
  return predictor_of(theory::LocalRenormalisation{}.predict(
      {.architecture = spec_of(c), .channels = network::last_width(c.network), .ridge = c.ridge, .chi = c.network.chi},
      c.data));
}
Vector adapted(const Case& c) {
  const double strength = c.network.chi / network::last_width(c.network);
  return predictor_of(theory::ConvolutionalAdaptation{}.predict(
      {.architecture = spec_of(c), .strength = strength, .ridge = c.ridge, .chi = c.network.chi}, c.data));
}
Vector infinite(const Case& c, theory::ConvolutionalSpec spec) {
  return predictor_of(
      theory::ConvolutionalGp{}.predict({.architecture = spec, .ridge = c.ridge, .chi = c.network.chi}, c.data));
}

/// The chains' means [chains × test points].
Matrix chains_of(Case& c, int count, std::int64_t samples) {
  Matrix out(count, c.data.test.x.rows());
  for (int k = 0; k < count; ++k) {
    c.draw = c.initialisation = k;
    out.row(k) =
        predictor_of(train(c.problem(), Hmc{.samples = samples}, plan_of({Observable::predictor}))).transpose();
  }
  return out;
}

/// The rms distance of the chains' mean from a prediction, the chains' own error taken off.
double away(const Matrix& chains, const Vector& prediction) {
  const auto count = static_cast<double>(chains.rows());
  double square = 0;
  for (Index k = 0; k < chains.cols(); ++k) {
    const double mean = chains.col(k).mean();
    const double error = (chains.col(k).array() - mean).square().sum() / (count * (count - 1));
    square += (std::pow(mean - prediction[k], 2) - error) / static_cast<double>(chains.cols());
  }
  return std::sqrt(std::max(square, 0.0));
}

network::Architecture line(int width, int filter, int stride,
                           network::ImageReadout readout = network::ImageReadout::flatten) {
  return {.layers = network::Layers::convolution,
          .columns = width,
          .filter = filter,
          .stride = stride,
          .padding = network::Padding::circular,
          .head = readout};
}

std::string scan_text(const std::string& network, const std::string& rest = "") {
  return "fieldscan: 1\nname: images\nseed: 3\ndata: {input: {kind: gaussian, dim: 16}, target: linear, train_size: 8, "
         "test_size: 6}\nnetwork: {" +
         network +
         ", width: 6}\nridge: 0.1\ntraining: {kind: hmc, samples: 40}\nensemble: {data_draws: 2, chains: 4}\ntheory: "
         "[convolutional_gp]\n" +
         rest;
}

}  // namespace

TEST_CASE("scan files say what a layer sees, and images of another size are told with their place") {
  using scan::test::codes, scan::test::must_read, scan::test::points_of;
  const auto network = [](const std::string& text) {
    return points_of(must_read(scan_text(text))).front().spec.network.architecture;
  };
  CHECK(network("depth: 1") == network::Architecture{});
  CHECK(network("architecture: convolution").layers == network::Layers::convolution);
  const auto square = network("architecture: {layers: convolution, rows: 0, padding: zero, head: pooling}");
  CHECK(resolved(square, 16).columns == 4);
  CHECK(codes(scan_text("architecture: {layers: convolution, columns: 5}")) == "FS0113");
  CHECK(codes(scan_text("architecture: {layers: convolution, filter: 5, padding: valid}, depth: 5")) == "FS0113");
  CHECK(codes(scan_text("architecture: {filter: 5}")) == "FS0113");
  CHECK(codes(scan_text("architecture: convolution", "observe: [overlap]\n")) == "FS0309");
  CHECK(codes(scan_text("architecture: {layers: convolution, paddin: zero}")) == "FS0102");
}

TEST_CASE(
    "a plan compares the ridge with the kernel of a convolutional network, of pooled ones with the mean over pairs") {
  using scan::test::must_read, scan::test::points_of;
  const auto ratio = [](const scan::Scan& scan) {
    const auto groups = make_plan(scan).groups;
    const auto found = std::ranges::find(groups, "κP/tr K", &scan::Group::name);
    REQUIRE(found != groups.end());
    return *found;
  };
  for (const char* padding : {"circular", "zero"})
    for (const char* head : {"flatten", "pooling"}) {
      CAPTURE(padding, head);
      const scan::Scan scan = must_read(scan_text(fmt::format(
          "depth: 2, architecture: {{layers: convolution, rows: 4, padding: {}, head: {}}}", padding, head)));
      const scan::PointSpec spec = points_of(scan).front().spec;
      data::Spec many = spec.data;
      many.train_size = 400;
      const Matrix x = data::make_draw(many, 5, 0).train.x;
      const theory::ConvolutionalSpec kernel = resolved(theory::convolutional_spec(spec.network), 16);
      const double expected = spec.ridge * 400 / convolutional_kernel(kernel, theory::KernelKind::nngp, x).trace();
      const scan::Group group = ratio(scan);
      CHECK(group.low == group.high);
      CHECK(std::abs(group.low / expected - 1) < 0.05);
      // What a fully connected network has is more than a factor of two away where positions are pooled.
      network::Spec connected = spec.network;
      connected.architecture = {};
      const double other = spec.ridge * 400 / theory::nngp_kernel(theory::kernel_spec(connected), x).trace();
      CHECK((std::string(head) == "pooling") == (expected > 2 * other));
    }
  // Layers of different variances have a kernel that is not known: no number.
  const auto groups =
      make_plan(must_read(scan_text("depth: 2, weight_variance: [1, 2], architecture: convolution"))).groups;
  CHECK(std::ranges::find(groups, "κP/tr K", &scan::Group::name) == groups.end());
}

TEST_CASE("what does not fit is told with what would") {
  const auto help = [](const std::string& network) {
    for (const auto& d : scan::read_scan(scan_text(network), "x.yaml").diagnostics)
      if (d.code == "FS0113") return d.help;
    return std::string();
  };
  // One position: no padding makes room for a filter of three.
  for (const char* padding : {"circular", "zero", "valid"}) {
    const std::string one =
        help(fmt::format("architecture: {{layers: convolution, channels: 16, padding: {}}}", padding));
    CHECK(one == "`filter: 1` at most; the image has 1 × 1 positions of 16 channels");
  }
  CHECK(help("architecture: {layers: convolution, columns: 5}") ==
        "rows × columns × channels is the dimension of the inputs, 16");
  CHECK(help("architecture: {layers: convolution, filter: 5, padding: valid}, depth: 5").find("keep the positions") !=
        std::string::npos);
  CHECK(help("architecture: {layers: convolution, stride: 8}, depth: 2").find("smaller stride") != std::string::npos);
}

TEST_CASE("the identity of a fully connected network does not know of convolutions") {
  using scan::test::must_read, scan::test::points_of;
  const auto id = [](const std::string& text) { return points_of(must_read(scan_text(text))).front().id; };
  CHECK(id("depth: 1") == id("architecture: fully_connected"));
  CHECK(id("depth: 1") != id("architecture: convolution"));
  CHECK(canonical_text("network", network::Spec{}).find("architecture") == std::string::npos);
}

TEST_CASE("many channels: the posterior of convolutional networks is that of convolutional_gp", "[slow]") {
  for (const auto readout : {network::ImageReadout::flatten, network::ImageReadout::pooling}) {
    Case c = images_of({.shape = line(6, 3, 1, readout), .channels = 400, .points = 12}, Labels::alike);
    const Matrix chains = chains_of(c, 6, 300);
    const double own = away(chains, infinite(c, spec_of(c))), size = infinite(c, spec_of(c)).norm() / std::sqrt(40.0);
    theory::ConvolutionalSpec other = spec_of(c);
    other.readout =
        readout == network::ImageReadout::flatten ? network::ImageReadout::pooling : network::ImageReadout::flatten;
    CAPTURE(word(readout), own, size);
    CHECK(own < 0.02 * size);
    CHECK(away(chains, infinite(c, other)) > 0.1 * size);
  }
}

TEST_CASE("labels that are local: local renormalisation is better than infinite width, and flagged where S > N",
          "[slow]") {
  // Four patches of eight pixels, labels of the first.
  Case c = images_of({.shape = line(32, 8, 8), .channels = 15, .points = 24}, Labels::local);
  const Matrix chains = chains_of(c, 8, 600);
  const double local = away(chains, renormalised(c)), wide = away(chains, infinite(c, spec_of(c)));
  CAPTURE(local, wide);
  CHECK(local < 0.6 * wide);
  CHECK(wide > 0.1);
  // Two channels for four positions: Q has rank two, and the saddle is farther off.
  c.network.width = 2;
  const theory::LocalRenormalisation::Inputs few{
      .architecture = spec_of(c), .channels = 2, .ridge = c.ridge, .chi = c.network.chi};
  CHECK(theory::LocalRenormalisation{}.predict(few, c.data).rows.back().flag == Flag::outside_validity);
  const Matrix narrow = chains_of(c, 8, 600);
  CHECK(away(narrow, renormalised(c)) > 1.5 * local);
}

TEST_CASE("filters that adapt: exact as channels grow at chi = N, not at chi = 1", "[slow]") {
  for (const auto readout : {network::ImageReadout::flatten, network::ImageReadout::pooling}) {
    Case c = images_of({.shape = line(6, 2, 1, readout), .channels = 60, .points = 12, .chi = 60}, Labels::alike);
    const Matrix chains = chains_of(c, 8, 500);
    const double mean_field = away(chains, adapted(c)), wide = away(chains, infinite(c, spec_of(c)));
    CAPTURE(word(readout), mean_field, wide);
    CHECK(mean_field < 0.1 * wide);
    c.network.chi = 1;
    c.network.width = 6;
    const Matrix lazy = chains_of(c, 8, 500);
    CHECK(away(lazy, adapted(c)) > mean_field);
  }
}
