#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "../../src/analysis/figure/files.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/ranges.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "../../src/analysis/text/axis_words.hpp"
#include "catch.hpp"
#include "fieldscan/core/observable.hpp"
#include "synthetic.hpp"
#include "temporary.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A figure of quantities against the width, beside a theory that is `factor` times the truth.
DrawnFigure drawn(const std::vector<std::string>& quantities, double factor, scan::Scale scale = scan::Scale::log_log,
                  scan::Figure labels = {}) {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05}, factor);
  const Context context = syn::make_context(table);
  labels.name = "errors";
  for (const std::string& quantity : quantities) labels.plot.push_back({.text = quantity, .place = {}});
  labels.kind = scan::Curves{.versus = {{.text = "width", .place = {}}}, .with = {{.text = "nngp"}}, .scale = scale};
  return make_figures(context, {labels}, {}).at(0);
}

/// The largest number in the paths of a drawing.
double farthest(const std::string& svg) {
  double most = 0;
  const std::regex path(" d=\"([^\"]*)\""), number("[-0-9.e+]+");
  for (std::sregex_iterator p(svg.begin(), svg.end(), path), end; p != end; ++p) {
    const std::string d = (*p)[1];
    for (std::sregex_iterator n(d.begin(), d.end(), number); n != end; ++n)
      most = std::max(most, std::abs(std::strtod(n->str().c_str(), nullptr)));
  }
  return most;
}

}  // namespace

TEST_CASE("what stands at axes has the words and symbols of the glossary") {
  CHECK(axis_words("width") == "width N");
  CHECK(axis_words("network.width") == "width N");
  CHECK(axis_words("error_test") == "test error ⟨(f − g)²⟩");
  CHECK(axis_words("nngp.error_test") == "test error ⟨(f − g)²⟩ of nngp");
  CHECK(axis_words("deviation(nngp)") == "distance of the mean predictor from nngp");
  CHECK(axis_words("train_size/width") == "P/N");
  CHECK(axis_words("chi*ridge^2 - onset") == "χ·κ² - onset");
  CHECK(axis_words("error_test(best)/error_train") == "error_test(best)/error_train");
  CHECK(axis_words("widths") == "widths");
  CHECK(label_words("width = 64, learning_rate = 0.0316228, activation = erf") ==
        "N = 64, η = 0.0316, activation = erf");
  // Whatever the list says of a symbol, the glossary says of that name.
  std::istringstream glossary(content(std::filesystem::path(FIELDSCAN_SOURCE_DIR) / "docs/glossary.md"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(glossary, line);) lines.push_back(line);
  for (const AxisWord& entry : axis_word_list()) {
    INFO(entry.name);
    const bool known = std::ranges::any_of(lines, [&](const std::string& line) {
      return line.find(entry.name) != std::string::npos && line.find(entry.symbol) != std::string::npos;
    });
    CHECK((entry.symbol.empty() || known));
    const bool path = entry.name.find('.') != std::string_view::npos || !find_observable(entry.name);
    CHECK((path || entry.words != ""));
  }
}

TEST_CASE("several quantities stand in one figure, each with its theory, under labels that the file may choose") {
  const DrawnFigure figure = drawn({"error_test", "2*error_test"}, 1);
  CHECK(figure.y_label == "test error ⟨(f − g)²⟩, 2·error_test");
  const std::vector<DrawnCurve>& curves = figure.panels.at(0).curves;
  REQUIRE(curves.size() == 4);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(curves[k].quantity == (k < 2 ? "error_test" : "2*error_test"));
    CHECK(curves[k].with == (k % 2 == 0 ? "" : "nngp"));
    CHECK(curves[k].colour == k / 2);
  }
  for (std::size_t k = 0; k < 5; ++k) CHECK(curves[2].y[k] == Approx(2 * curves[0].y[k]));
  CHECK(figure.panels[0].residuals.size() == 2);
  CHECK(table_of(figure).find("0,,error_test,,64,") != std::string::npos);
  CHECK(draw_svg(figure, Surroundings::page).find(">2·error_test<") != std::string::npos);
  const DrawnFigure named =
      drawn({"error_test"}, 1, scan::Scale::log_x, {.xlabel = "units", .ylabel = "ε", .title = "Errors of <nngp>"});
  const std::string svg = draw_svg(named, Surroundings::standalone);
  for (const char* text : {">units<", ">ε<", ">Errors of &lt;nngp&gt;<"}) CHECK(svg.find(text) != std::string::npos);
}

TEST_CASE("a theory that diverges leaves what was measured its room, and the caption says so") {
  for (const scan::Scale scale : {scan::Scale::log_log, scan::Scale::log_x}) {
    const DrawnFigure beyond = drawn({"error_test"}, 1e64, scale), near = drawn({"error_test"}, 1.5, scale);
    const PlotAxis axis = axes_of(beyond, beyond.panels.at(0)).y;
    CHECK(axis.high < 200);
    const std::vector<double>& measured = beyond.panels[0].curves.at(0).y;
    for (const double y : measured) CHECK(axis.contains(y));
    CHECK(cut_words(beyond).starts_with("nngp leaves the frame, as far as "));
    CHECK(cut_words(beyond).find("e+6") != std::string::npos);
    CHECK(farthest(draw_svg(beyond, Surroundings::standalone)) < 1000);
    // One that is near is shown whole, and nothing is said.
    const PlotAxis whole = axes_of(near, near.panels.at(0)).y;
    for (const double y : near.panels[0].curves.at(1).y) CHECK(whole.contains(y));
    CHECK(cut_words(near).empty());
  }
}

TEST_CASE("no label at an axis is longer than its axis") {
  const std::string words = "a quantity of many words ⟨(f − g)²⟩ that stands beside an axis and does not fit in a line";
  const std::vector<std::string> lines = wrapped(words, 215);
  CHECK(lines.size() == 3);
  for (const std::string& line : lines) CHECK(letter * text_width(line) <= 215);
  CHECK(wrapped("test error", 215) == std::vector<std::string>{"test error"});
  CHECK(wrapped(words + ' ' + words, 215).size() == 3);  // no more than three, the last with an ellipsis
  CHECK(wrapped("", 215).empty());
  std::string svg;
  draw_y_label(svg, 40, 215, 0, std::string(80, 'x'));  // nowhere to break it: without its middle
  const std::string shown = svg.substr(svg.find('>') + 1, svg.rfind('<') - svg.find('>') - 1);
  CHECK(shown.find("x…x") != std::string::npos);
  CHECK(letter * text_width(shown) <= 215.1);
}

TEST_CASE("a drawing for papers is one column wide in SVG, PDF and PNG") {
  const DrawnFigure figure = drawn({"error_test"}, 1);
  const auto directory = fieldscan::test::temporary("paper-figure");
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const std::vector<std::string> formats = write_figure_files(figure, directory);
  CHECK(content(directory / "errors.svg").find(R"(width="86.00mm")") != std::string::npos);
  const bool converts = std::system("command -v rsvg-convert >/dev/null 2>&1") == 0;
  CHECK(formats.size() == (converts ? 3 : 1));
  if (converts) {
    const std::string pdf = content(directory / "errors.pdf"), png = content(directory / "errors.png");
    CHECK(pdf.starts_with("%PDF"));
    const auto box = pdf.find("MediaBox [");
    REQUIRE(box != std::string::npos);
    std::istringstream corners(pdf.substr(box + 10, 60));
    double left = 0, bottom = 0, right = 0;
    corners >> left >> bottom >> right;
    CHECK(right == Approx(86 / 25.4 * 72).epsilon(0.002));
    std::size_t pixels = 0;
    for (std::size_t k = 16; k < 20; ++k) pixels = 256 * pixels + static_cast<unsigned char>(png.at(k));
    CHECK(static_cast<double>(pixels) == Approx(86 / 25.4 * 300).margin(2));
  }
  std::filesystem::remove_all(directory);
}
