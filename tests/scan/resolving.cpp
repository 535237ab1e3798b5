#include "catch.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

TEST_CASE("names of statements resolve once and for all") {
  const auto scan =
      must_read(base("let: {load: 1}\nscan: {grid: {network.width: [16, 32], load: [1, 2]}, fixed: {network.chi: "
                     "load}}\ndefine: {half: {crossing: error_test, level: 0.5, along: width}}\n"));
  using Kind = ResolvedName::Kind;
  const auto m = mentions(scan,
                          "error_test + nngp.error_test + deviation(nngp) + error_ensemble(20) + rms(predictor - "
                          "nngp.predictor) + half + width + load + mode + train_size");
  const std::vector<Kind> kinds{Kind::observable, Kind::prediction, Kind::deviation, Kind::error_ensemble, Kind::rms,
                                Kind::definition, Kind::field,      Kind::field,     Kind::dimension,      Kind::field};
  REQUIRE(m.atoms.size() == kinds.size());
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    CHECK(m.atoms[k].kind == kinds[k]);
    CHECK(m.atoms[k].text == m.expression.atoms()[k].text);
  }
  CHECK(m.atoms[1].theory == "nngp");
  CHECK(m.atoms[3].members == 20);
  CHECK(m.atoms[4].sides[1].theory == "nngp");
  CHECK(m.atoms[6].name == "network.width");
  CHECK(m.atoms[9].name == "data.train_size");
  CHECK(m.any(Kind::dimension));
  CHECK(resolve_name(scan, std::string("time")).kind == Kind::dimension);
  CHECK(resolve_name(scan, std::string("width")).name == "network.width");
}

TEST_CASE("what is wrong with a name is said") {
  const auto scan = must_read(
      "fieldscan: 1\ndata: {input: {kind: sphere, dim: 8}, target: {kind: teacher_network, width: 2}}\ntheory: [nngp, "
      "{kind: nngp, name: other}]\nensemble: {data_draws: 8}\n");
  const auto code = [&](const std::string& text) -> std::string {
    try {
      mentions(scan, text);
    } catch (const ExpressionError& error) {
      return error.code();
    }
    return "";
  };
  CHECK(code("network.width").empty());
  CHECK(code("other.error_test").empty());
  CHECK(code("width") == "FS0408");
  CHECK(code("nngp") == "FS0407");
  CHECK(code("widht") == "FS0407");
  CHECK(code("deviation(ntk)") == "FS0507");
  CHECK(code("nngp.gradient_norm") == "FS0508");
  CHECK(code("eigenvalue") == "FS0509");
  CHECK(code("droplet_fraction").empty());
  CHECK(code("order_parameters") == "FS0509");
  CHECK(code("nngp.predictor").empty());
  CHECK(code("nngp.error_mean_predictor").empty());
  CHECK(code("nngp.ntk_variance") == "FS0508");
  CHECK(code("error_ensemble") == "FS0509");
}

TEST_CASE("a point knows the value of every name") {
  const auto point = points_of(must_read(base("scan: {grid: {network.width: [16, 32]}}\n")))[1];
  CHECK(point.names[0].path == "network.width");
  CHECK(value(point, "network.width") == 32);
  CHECK(value(point, "ridge") == 0.1);
  CHECK(word(point, "training") == "hmc");
  CHECK(word(point, "data.input") == "sphere");
  CHECK(word(point, "training.start") == "prior");
  CHECK(find_value(point, "no.such") == nullptr);
}

TEST_CASE("statements keep what they say") {
  const auto scan = must_read(
      base("scan: {grid: {network.width: [64, 128, 256], data.train_size: [8, 16]}}\ntests:\n  - {kind: power_law, of: "
           "deviation(nngp), versus: width, by: train_size, window: [64, 256], expect: -1, within: 0.1}\n"
           "  - {name: near, kind: agreement, of: [error_test, error_train], with: nngp, within: 3%, where: \"width >= "
           "128\"}\nfigures:\n  - {plot: error_test, versus: width, with: [nngp], scale: log-x, mark: []}\n"));
  REQUIRE(scan.tests().size() == 2);
  const auto* law = std::get_if<PowerLaw>(&scan.tests()[0].kind);
  REQUIRE(law);
  CHECK(law->window == Window(64, 256));
  CHECK(law->within->value == 0.1);
  CHECK(law->expect.each.at(0).text == "-1");
  CHECK_FALSE(law->form.has_value());
  CHECK(scan.tests()[0].name == "power law of deviation(nngp) in width");
  CHECK(within_of(scan.tests()[1])->relative);
  CHECK(within_of(scan.tests()[1])->value == 0.03);
  CHECK(with_of(scan.tests()[1]).theory);
  CHECK(scan.tests()[1].of.size() == 2);
  CHECK(scan.tests()[1].where.text == "width >= 128");
  CHECK(scan.tests()[1].name == "near");
  CHECK(scan.figures()[0].name == "error_test in width");
  const auto* curves = std::get_if<Curves>(&scan.figures()[0].kind);
  REQUIRE(curves);
  CHECK(curves->scale == Scale::log_x);
  CHECK(curves->with.at(0).theory);
}

TEST_CASE("a figure has the abscissas that its style asks for") {
  const std::string grid = "scan: {grid: {network.width: [64, 128]}}\nfigures:\n  - ";
  CHECK(codes(base(grid + "{plot: error_test, style: histogram, by: width}\n")).empty());
  CHECK(codes(base(grid + "{plot: nngp.error_test, style: histogram}\n")).empty());
  CHECK(codes(base(grid + "{plot: error_test, versus: [width, train_size], style: map}\n")).empty());
  CHECK(codes(base(grid + "{plot: error_test}\n")) == "FS0502");
  CHECK(codes(base(grid + "{plot: error_test, style: histogram, versus: width}\n")) == "FS0503");
  CHECK(codes(base(grid + "{plot: error_test, style: histogram, with: [nngp]}\n")) == "FS0503");
  CHECK(codes(base(grid + "{plot: 2 * error_test + width, style: histogram}\n")) == "FS0502");
  CHECK(codes(base(grid + "{plot: error_test, versus: width, style: map}\n")) == "FS0502");
}
