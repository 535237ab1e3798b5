#include <algorithm>
#include <set>

#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

TEST_CASE("a scan without axes is one point") {
  const auto points = points_of(must_read(base()));
  REQUIRE(points.size() == 1);
  CHECK(points[0].spec.network.width.at(0) == 64);
  CHECK(points[0].spec.ridge == 0.1);
  CHECK(points[0].spec.seed == 7);
  CHECK(points[0].ensemble.initialisations == 4);
}

TEST_CASE("the grid is a product, the last axis runs fastest, zip multiplies") {
  const auto scan =
      must_read(base("scan:\n  grid: {network.width: [16, 32], network.depth: [1, 2, 3]}\n  zip: {ridge: [0.1, 0.2], "
                     "data.noise: [0.3, 0.4]}\n"));
  const auto points = points_of(scan);
  REQUIRE(points.size() == 12);
  CHECK(scan.blocks()[0].combinations == 12);
  CHECK(points[0].spec.ridge == 0.1);
  CHECK(points[1].spec.ridge == 0.2);
  CHECK(points[1].spec.data.noise == 0.4);
  CHECK(points[2].spec.network.depth == 2);
  CHECK(points[6].spec.network.width.at(0) == 32);
  for (std::uint64_t k = 0; k < 12; ++k) CHECK(scan.point(0, k)->id == points[k].id);
  CHECK(points[7].positions == std::vector<std::uint32_t>{1, 0, 1, 1});
}

TEST_CASE("spacings have their ends as values, rounded to 12 digits and to whole numbers") {
  const auto widths = [](const std::string& axis) {
    std::vector<int> list;
    for (const auto& point : points_of(must_read(base("scan: {grid: {network.width: " + axis + "}}\n"))))
      list.push_back(point.spec.network.width.at(0));
    return list;
  };
  CHECK(widths("{logspace: [16, 1024], num: 7}") == std::vector<int>{16, 32, 64, 128, 256, 512, 1024});
  CHECK(widths("{powers: 2, from: 16, to: \"2^7\"}") == std::vector<int>{16, 32, 64, 128});
  CHECK(widths("{linspace: [1, 2], num: 2}") == std::vector<int>{1, 2});
  CHECK(widths("{range: [10, 40], step: 10}") == std::vector<int>{10, 20, 30, 40});
  CHECK(widths("{linspace: [1, 6], num: 3}") == std::vector<int>{1, 4, 6});  // 3.5 goes up
  CHECK(widths("[1e3, \"2^3\"]") == std::vector<int>{1000, 8});
  const auto points = points_of(must_read(base("scan: {grid: {ridge: {range: [0.1, 0.3], step: 0.1}}}\n")));
  CHECK(points[2].spec.ridge == 0.3);  // not 0.30000000000000004
}

TEST_CASE("expressions stand where numbers stand, over fields, axes and variables") {
  const auto points = points_of(
      must_read(base("let: {alpha: 2, beta: \"alpha + 1\"}\nscan:\n  fixed: {network.chi: width, data.train_size: "
                     "\"alpha*width/4 + 0.1\"}\n  grid: {network.width: [16, 32], alpha: [1, 3]}\n  "
                     "where: \"width*beta < 100\"\n")));
  REQUIRE(points.size() == 3);
  CHECK(points[1].spec.network.chi == 16);
  CHECK(points[1].spec.data.train_size.number() == 12);
  CHECK(value(points[1], "beta") == 4);
  CHECK(value(points[2], "data.train_size") == 8);  // rounded before anything refers to it
}

TEST_CASE("expressions may be values of an axis, and reach into lists and maps") {
  const auto points = points_of(must_read(base(
      "let: {s: 0.5}\nscan:\n  fixed: {network.depth: 2, network.weight_variance: [1, \"2*s\"], data.target.levels: "
      "{1: s, 3: \"1 - s\"}}\n  grid: {network.chi: [1, \"0.01*width\", width], s: [0.25, 0.5]}\n")));
  REQUIRE(points.size() == 6);
  CHECK(points[2].spec.network.chi == 0.64);
  CHECK(points[4].spec.network.chi == 64);
  CHECK(points[5].spec.network.weight_variance.values == std::vector<double>{1, 1});
  CHECK(std::get<data::Gegenbauer>(points[4].spec.data.target).levels == std::map<int, double>{{1, 0.25}, {3, 0.75}});
}

TEST_CASE("the scale of the output is another word for χ") {
  const auto ids = [](std::string_view spelled) {
    std::string text = base("let: {s: 1}\nscan: {grid: {network.width: [16, 64], s: [0.5, 1]}}\n");
    text.replace(text.find("width: 64"), 9, "width: 64, readout_variance: 2, " + std::string(spelled));
    std::vector<Id> out;
    for (const Point& point : points_of(must_read(text))) out.push_back(point.id);
    return out;
  };
  CHECK(ids("output_scale: s") == ids("chi: \"2/(width*s^2)\""));
  CHECK(ids("output_scale: \"s/2\"") == ids("chi: \"8/(width*s^2)\""));
  CHECK(ids("output_scale: s") != ids("chi: \"2/(width*s)\""));
}

TEST_CASE("axes over choices, named values and lists") {
  const auto scan = must_read(
      base("scan:\n  grid:\n    training: [{as: hmc, value: {kind: hmc, samples: 400}}, {as: ula, value: {kind: "
           "langevin, step: 1e-3}}, mala]\n    network.activation: [erf, {as: steep, value: {kind: erf, scale: 2}}]\n"
           "    network.width: [{as: one, value: 32}, {as: taper, value: [32]}]\n  where: \"activation == 'erf' || "
           "training != 'ula'\"\n"));
  const auto points = points_of(scan);
  CHECK(points.size() == 5);  // width 32 and [32] are the same points
  CHECK(word(points[0], "training") == "hmc");
  CHECK(std::get<training::Hmc>(points[0].spec.training).samples == 400);
  CHECK(word(points[1], "network.activation") == "steep");
  CHECK(scan.blocks()[0].axes[0].values[1] == AxisValue("ula"));
  CHECK(scan.blocks()[0].axes[0].short_name == "training");
  CHECK(scan.blocks()[0].axes[2].short_name == "width");
}

TEST_CASE("a one-key mapping is a kind with its first field") {
  const auto points =
      points_of(must_read(base("scan: {fixed: {data.input: {kind: gaussian, dim: 4, spectrum: {power_law: 1.5}}, "
                               "data.target: {kind: linear}}}\n")));
  const auto& input = std::get<data::Gaussian>(points[0].spec.data.input);
  CHECK(std::get<data::PowerLawSpectrum>(input.spectrum).exponent == 1.5);
}

TEST_CASE("blocks are united, equal points once, sections per block") {
  const auto scan =
      must_read(base("scan:\n  - {name: a, grid: {network.width: [16, 32]}}\n  - {name: b, grid: {network.width: [32, "
                     "64]}, ensemble: {theory_draws: 5}, theory: [nngp, learning_curve], observe: [error_test]}\n"));
  const auto points = points_of(scan);
  REQUIRE(points.size() == 3);
  CHECK(points[1].block == 0);
  CHECK(points[2].block == 1);
  CHECK(points[2].ensemble.theory_draws == 5);
  CHECK(points[2].ensemble.data_draws == 4);
  CHECK(points[2].theories.size() == 2);
}

TEST_CASE("--set overrides the file and is recorded") {
  const auto scan = must_read(base("scan: {grid: {network.width: [16, 32]}}\n"),
                              {"ridge=0.5", "ensemble.data_draws=2", "training.samples=77",
                               "scan.grid.network.width=[8]", "network.activation.scale=2"});
  const auto points = points_of(scan);
  REQUIRE(points.size() == 1);
  CHECK(points[0].spec.ridge == 0.5);
  CHECK(points[0].ensemble.data_draws == 2);
  CHECK(std::get<training::Hmc>(points[0].spec.training).samples == 77);
  CHECK(std::get<network::Erf>(points[0].spec.network.activation).scale == 2);
  CHECK(scan.overrides().size() == 5);
  const auto bad = read_scan(base(), "x.yaml", {"netwrk.width=3"});
  REQUIRE(has_errors(bad.diagnostics));
  CHECK(bad.diagnostics.front().help == "did you mean 'network'?");
}

TEST_CASE("ids: of content, not of the scan around it") {
  const auto ids = [](const std::string& text) {
    std::set<Id> set;
    for (const auto& point : points_of(must_read(text))) set.insert(point.id);
    return set;
  };
  const auto few = ids(base("scan: {grid: {network.width: [16, 32], ridge: [0.1, 0.2]}}\n"));
  const auto more = ids(base("scan: {grid: {ridge: [0.3, 0.1, 0.2], network.width: [64, 16, 32]}}\n"));
  CHECK(few.size() == 4);
  CHECK(more.size() == 9);
  CHECK(std::ranges::includes(more, few));
  // Name, ensemble, observe, theory, tests are not part of it; a default that is written out is none.
  const std::string other =
      "name: other\nseed: 7\ndata: {train_size: 16, test_size: 50, noise: 0, input: {dim: 8, kind: sphere}, target: "
      "{kind: gegenbauer, levels: {3: 0.2, 1: 0.8}}}\n"
      "training: {kind: hmc, samples: 40, leapfrog: 10}\nnetwork: {width: [16], chi: 1.0}\nridge: 1e-1\nobserve: "
      "[accuracy]\nfieldscan: 1\n";
  const auto one = ids(other);
  REQUIRE(one.size() == 1);
  CHECK(few.contains(*one.begin()));
  // Everything else is: a negative control.
  std::string reseeded = other;
  reseeded.replace(reseeded.find("seed: 7"), 7, "seed: 8");
  CHECK_FALSE(few.contains(*ids(reseeded).begin()));
}

TEST_CASE("the text of a point is the sorted canonical text of its spec") {
  for (const auto& point :
       points_of(must_read(base("scan: {grid: {network.chi: [1, width], training: [hmc, {as: gd, value: {kind: "
                                "gradient_descent, time: 5}}], data.noise: [0, 0.1]}}\n")))) {
    // The target has two components, whose shares are joint.
    CHECK(point_text(point.spec) == sorted_lines(canonical_text("", point.spec) + "data.shares=joint@2\n"));
    CHECK(point.id == point_id(point.spec));
  }
}

TEST_CASE("what a point is not: errors name the block and the values") {
  const std::string text =
      base("scan: {grid: {network.width: [16, 64, 100, 128, 200, 300]}, fixed: {network.chi: 90 - width}}\n");
  const auto result = read_scan(text, "x.yaml");
  REQUIRE(result.diagnostics.size() >= 1);
  const auto& d = result.diagnostics.front();
  CHECK(d.code == "FS0202");
  CHECK(d.message.find("network.width = 100") != std::string::npos);
  CHECK(d.message.find("and 1 more point)") != std::string::npos);
}

TEST_CASE("a plan of a million points is walked", "[slow]") {
  const auto scan =
      must_read(base("scan: {grid: {network.width: {range: [1, 1000], step: 1}, ridge: {linspace: [0.1, 1], num: "
                     "1000}}, fixed: {network.chi: width}}\n"));
  std::uint64_t count = 0;
  double sum = 0;
  scan.for_each_point([&](const Point& point) {
    ++count;
    sum += point.spec.network.chi;
    return true;
  });
  CHECK(count == 1000000);
  CHECK(sum == 500500.0 * 1000);
}
