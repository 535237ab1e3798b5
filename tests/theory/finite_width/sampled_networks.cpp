#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/finite_width/width_expansion.hpp"
#include "theory/setup.hpp"

/// The expansion against sampled networks, where it holds and where it does not.
namespace fieldscan::theory {

namespace {

/// Root-mean-square distances from the mean network at the test points, its own noise taken off.
struct Distance {
  double infinite_width = 0, first_order = 0, noise = 0;
  double signal = 0, correction = 0;  ///< of the expansion; the second relative to infinite width
};

WidthExpansion expansion_of(const reference::Entry& networks) {
  const auto columns = static_cast<Index>(networks.number("d"));
  const Matrix x = reference::matrix(networks.in.at("X"), columns),
               test = reference::matrix(networks.in.at("test"), columns), y = reference::vector(networks.in.at("y"));
  const KernelSpec spec{.depth = static_cast<int>(networks.in.at("width").size()),
                        .activation = reference::activation(networks.words.at("activation"))};
  return width_expansion({spec, networks.number("kappa"), x, y, test}, {.samples = 60000, .blocks = 100},
                         Stream(3, Purpose::test, "sampled networks", 0, 0));
}

Distance distance_from(const reference::Entry& networks) {
  PerLayer<int> width = 1;
  width.values.clear();
  for (const double n : networks.in.at("width")) width.values.push_back(static_cast<int>(n));
  const double chi = networks.number("chi");
  const WidthExpansion found = expansion_of(networks);
  const Vector mean = reference::vector(networks.out.at("mean")), error = reference::vector(networks.out.at("error"));
  const double points = static_cast<double>(mean.size()), noise = error.squaredNorm() / points;
  const auto away = [&](const Vector& f) {
    return std::sqrt(std::max((f - mean).squaredNorm() / points - noise, 0.0));
  };
  const Vector first = found.blocks(width, chi).rowwise().mean();
  double inverse = 0;
  for (const int n : width.values) inverse += 1.0 / n;
  return {.infinite_width = away(found.mean.col(0)),
          .first_order = away(found.mean.col(0) + first),
          .noise = std::sqrt(noise),
          .signal = chi * found.signal * inverse,
          .correction = first.norm() / found.mean.norm()};
}

}  // namespace

TEST_CASE("one hidden layer: the error against sampled networks is of second order") {
  // A second set of networks gave 0.1267, 0.0477 at N = 20 and 0.0594, 0.0103 at N = 50.
  const Distance narrow = distance_from(reference::entries("sampled/erf/N20").at(0)),
                 wide = distance_from(reference::entries("sampled/erf/N50").at(0));
  CHECK(narrow.infinite_width == Approx(0.1267).margin(0.004));
  CHECK(narrow.first_order == Approx(0.0477).margin(0.005));
  CHECK(wide.infinite_width == Approx(0.0594).margin(0.004));
  CHECK(wide.first_order == Approx(0.0103).margin(0.004));
  // ∝ N^−2 where infinite width has N^−1: 2.5² = 6.3 and 2.5
  CHECK(narrow.first_order / wide.first_order > 3.3);
  CHECK(narrow.infinite_width / wide.infinite_width < 2.6);
}

TEST_CASE("labels that pull strongly: first order is worse than infinite width, and says so") {
  const Distance strong = distance_from(reference::entries("sampled/strong").at(0)),
                 weak = distance_from(reference::entries("sampled/weak").at(0));
  CHECK(strong.first_order > 1.15 * strong.infinite_width);
  CHECK(strong.signal > 5);
  CHECK(weak.first_order < 0.6 * weak.infinite_width);
  CHECK(weak.signal < 0.1 * strong.signal);
}

TEST_CASE("two and three hidden layers, of unequal widths too: first order takes most of the deviation") {
  for (const reference::Entry& networks : reference::entries("sampled/deep/erf")) {
    CAPTURE(networks.name);
    const Distance d = distance_from(networks);
    CHECK(d.infinite_width > 10 * d.noise);
    CHECK(d.first_order < 0.35 * d.infinite_width);
  }
  // Outside: rectifiers of two layers and N = 60, whose correction is half of the predictor.
  const Distance rectifiers = distance_from(reference::entries("sampled/deep/relu").at(0));
  CHECK(rectifiers.first_order > 0.6 * rectifiers.infinite_width);
  CHECK(rectifiers.correction > 0.3);
}

TEST_CASE(
    "two layers of wide rectifiers, three of erf: the correction is that of networks weighted by their likelihood") {
  for (const reference::Entry& networks : reference::entries("sampled/prior/")) {
    CAPTURE(networks.name);
    const Vector first = expansion_of(networks).blocks(1, 1).rowwise().mean();
    const Vector shift = reference::vector(networks.out.at("shift")),
                 error = reference::vector(networks.out.at("error"));
    // eight numbers, correlated: χ²/ν below 3; and what is compared is far from zero
    CHECK((shift - first).cwiseQuotient(error).squaredNorm() / 8 < 3);
    CHECK(shift.cwiseQuotient(error).squaredNorm() / 8 > 60);
  }
}

}  // namespace fieldscan::theory
