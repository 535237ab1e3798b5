#include "../../src/analysis/figure/figure.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "../../src/analysis/figure/axis.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

scan::Figure figure_of(const std::string& plot, const std::string& scale) {
  scan::Figure f;
  f.name = "Error <of> & width";
  f.plot = {.text = plot, .place = {}};
  f.versus = {{.text = "width", .place = {}}};
  f.with = {{.text = "nngp", .place = {}}};
  f.scale = scale;
  return f;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("ticks are round and cover the axis") {
  const PlotAxis linear = make_axis({0.13, 0.87}, false);
  CHECK(linear.low < 0.13);
  CHECK(linear.high > 0.87);
  CHECK(linear.ticks.size() >= 4);
  CHECK(linear.position(linear.low) == 0);
  const PlotAxis log = make_axis({16, 1024, -3}, true);
  CHECK(log.log);
  bool hundred = false;
  for (const auto& tick : log.ticks) hundred |= tick.label == "100";
  CHECK(hundred);
  CHECK_FALSE(make_axis({-1, -2}, true).log);
}

TEST_CASE("a figure has every point, escapes its texts, and its files are complete") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {figure_of("error_test", "log-x")}, {});
  REQUIRE(figures.size() == 1);
  REQUIRE(figures[0].panels.size() == 1);
  REQUIRE(figures[0].panels[0].curves.size() == 2);
  CHECK(figures[0].panels[0].curves[0].x == std::vector<double>{64, 128, 256, 512, 1024});
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(figures[0].panels[0].curves[0].low[k] < figures[0].panels[0].curves[0].y[k]);
    CHECK(figures[0].panels[0].curves[0].high[k] > figures[0].panels[0].curves[0].y[k]);
  }
  const std::string svg = draw_svg(figures[0], Surroundings::standalone);
  CHECK(count(svg, "<circle") == 6);  // five points and the legend
  CHECK(svg.find("Error &lt;of&gt; &amp; width") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  const auto directory = std::filesystem::temp_directory_path() / "fieldscan-test-figure";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  write_figure_files(figures[0], directory);
  for (const char* extension : {".svg", ".csv", ".gp"})
    CHECK(std::filesystem::file_size(directory / ("error-of-width" + std::string(extension))) > 100);
  std::ifstream csv(directory / "error-of-width.csv");
  std::stringstream text;
  text << csv.rdbuf();
  CHECK(count(text.str(), "\n") >= 12);
  std::filesystem::remove_all(directory);
}

TEST_CASE("figures of the same name get different files") {
  std::vector<std::string> taken;
  CHECK(slug_of("A b", taken) == "a-b");
  CHECK(slug_of("a, B!", taken) == "a-b-2");
  CHECK(slug_of("χ²", taken) == "figure");
}
