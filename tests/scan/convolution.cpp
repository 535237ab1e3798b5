#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "helpers.hpp"

/// What scan files say of convolutional networks.
using namespace fieldscan;

namespace convolution_test {
namespace {

std::string scan_text(const std::string& network, const std::string& rest = "") {
  return "fieldscan: 1\nname: images\nseed: 3\ndata: {input: {kind: gaussian, dim: 16}, target: linear, train_size: 8, "
         "test_size: 6}\nnetwork: {" +
         network +
         ", width: 6}\nridge: 0.1\ntraining: {kind: hmc, samples: 40}\nensemble: {data_draws: 2, chains: 4}\ntheory: "
         "[convolutional_gp]\n" +
         rest;
}

}  // namespace
}  // namespace convolution_test

using namespace convolution_test;

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

TEST_CASE("the identity of a fully connected network does not know of convolutions") {
  using scan::test::must_read, scan::test::points_of;
  const auto id = [](const std::string& text) { return points_of(must_read(scan_text(text))).front().id; };
  CHECK(id("depth: 1") == id("architecture: fully_connected"));
  CHECK(id("depth: 1") != id("architecture: convolution"));
  CHECK(canonical_text("network", network::Spec{}).find("architecture") == std::string::npos);
}
