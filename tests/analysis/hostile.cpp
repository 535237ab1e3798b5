// Names come from scan files, and a store carries its scan: whoever opens a run directory of somebody else must not run
// its commands.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "../../src/analysis/figure/files.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/slug.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/text/readable.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/core/printable.hpp"
#include "temporary.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace fs = std::filesystem;

namespace {

/// Pieces that mean something to gnuplot, the shell, XML, printf, CSV or YAML; each command would leave the file
/// `witness`.
constexpr std::array<std::string_view, 44> pieces{"`touch witness`",
                                                  "$(touch witness)",
                                                  "\"",
                                                  "'",
                                                  "''",
                                                  "\\",
                                                  "\\\\",
                                                  "\n",
                                                  "\r\n",
                                                  "\t",
                                                  "{",
                                                  "}",
                                                  "}}",
                                                  "{/Bold x}",
                                                  "@x",
                                                  "_{a}",
                                                  "^2",
                                                  "&{x}",
                                                  "%",
                                                  "%s",
                                                  "%n",
                                                  "%%",
                                                  "%g",
                                                  "#",
                                                  "; system('touch witness') #",
                                                  "\nsystem \"touch witness\"\n",
                                                  "\n!touch witness\n",
                                                  "' . system('touch witness') . '",
                                                  "\" . system(\"touch witness\") . \"",
                                                  "<touch witness",
                                                  "|touch witness",
                                                  "<i>",
                                                  "</text>",
                                                  "]]>",
                                                  "-->",
                                                  "&amp;",
                                                  "&#60;",
                                                  "../",
                                                  "/",
                                                  "\x01\x1b[31m",
                                                  "\xff\xc0",
                                                  "é",
                                                  "χ²",
                                                  "1e-06"};

std::string hostile_name(std::mt19937_64& random) {
  std::string name;
  for (auto k = 1 + random() % 5; k > 0; --k) name += pieces.at(random() % pieces.size());
  return random() % 40 == 0 ? name + std::string(5000, 'x') : name;
}

/// The same as scan files take it: in one line, without controls, not long.
std::string hostile_name_of_scan(std::mt19937_64& random) { return shortened(one_line(hostile_name(random)), 60); }

fs::path make_folder(const std::string& name) {
  const fs::path folder = fieldscan::test::temporary(name);
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}
bool has_gnuplot() { return has_program("gnuplot"); }

/// Whether tags are closed in order, `&` begins an entity, and no byte is one that XML does not hold.
bool well_formed(const std::string& xml) {
  if (printable(xml) != xml) return false;
  std::vector<std::string> open;
  for (std::size_t k = 0; k < xml.size(); ++k) {
    if (xml[k] == '&' && xml.compare(k, 5, "&amp;") != 0 && xml.compare(k, 4, "&lt;") != 0 &&
        xml.compare(k, 4, "&gt;") != 0 && xml.compare(k, 6, "&quot;") != 0)
      return false;
    if (xml[k] != '<') continue;
    const auto end = xml.find('>', k);
    if (end == std::string::npos) return false;
    const std::string tag = xml.substr(k + 1, end - k - 1);
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0 || tag.find('<') != std::string::npos) return false;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(tag.substr(0, tag.find_first_of(" >")));
    }
    k = end;
  }
  return open.empty();
}

DrawnCurve curve(std::string label, std::string with, DrawnCurve::Style style) {
  DrawnCurve c{.label = std::move(label), .with = std::move(with), .style = style};
  c.x = {1, 2, 3};
  c.y = c.low = c.high = {1, 4, 9};
  c.censored.assign(3, false);
  return c;
}

/// A figure with a panel and its residuals, or a map, all of whose texts are names of `next`.
template <class Next>
DrawnFigure figure_of(Next next, bool map) {
  DrawnFigure figure{.name = next(), .slug = {}, .caption = next(), .x_label = next(), .y_label = next()};
  std::vector<std::string> taken;
  figure.slug = slug_of(figure.name, taken);
  if (map) {
    Map m{.title = next(), .xs = {next() + "1", next() + "2"}, .ys = {next()}, .cells = {}};
    for (const std::string& x : m.xs) m.cells.push_back({.x = x, .y = m.ys[0], .value = 1, .low = 0, .high = 2});
    figure.maps.push_back(m);
    return figure;
  }
  Panel panel;
  panel.title = next();
  panel.curves = {curve(next(), "", DrawnCurve::Style::points), curve(next(), next(), DrawnCurve::Style::line),
                  curve(next(), next(), DrawnCurve::Style::steps)};
  panel.marks = {{next(), 2}};
  panel.levels = {{next(), 5}};
  panel.residuals = {curve(next(), "", DrawnCurve::Style::points)};
  panel.residual_label = next();
  figure.panels.push_back(panel);
  return figure;
}

/// Draws a figure of random names; whether that left anything but its four files, all of them sound.
void check_figure(std::mt19937_64& random, bool map) {
  const fs::path folder = make_folder("hostile-figure");
  const DrawnFigure figure = figure_of([&] { return hostile_name(random); }, map);
  INFO(content(folder / (figure.slug + ".gp")) << figure.name);
  CHECK(figure.slug.size() <= 100);
  CHECK(figure.slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
  CHECK(well_formed(draw_svg(figure, Surroundings::standalone)));
  const std::vector<std::string> formats = write_figure_files(figure, folder);
  CHECK(formats.size() == (has_program("rsvg-convert") ? 3 : 1));  // a text that is no XML would not be converted
  const std::string script = "cd '" + folder.string() + "' && gnuplot " + figure.slug + ".gp >/dev/null 2>&1";
  if (has_gnuplot()) CHECK(std::system(script.c_str()) == 0);
  std::set<std::string> files, expected;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) files.insert(entry.path().filename());
  for (const char* extension : {".csv", ".gp"}) expected.insert(figure.slug + extension);
  for (const std::string& format : formats) expected.insert(figure.slug + "." + format);
  if (has_gnuplot())
    for (const char* format : {"svg", "pdf", "png"}) expected.insert(figure.slug + "-gnuplot." + format);
  CHECK(files == expected);  // no witness; and the script ran to its end, else a format were missing
  CHECK(std::ranges::count(content(folder / (figure.slug + ".csv")), '\n') == (map ? 3 : 13));
  CHECK(content(folder / (figure.slug + ".svg")).find("<i>") == std::string::npos);
  CHECK_FALSE(fs::exists("witness"));
}

/// A text as YAML has it between double quotes.
std::string in_yaml(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\x{:02x}", static_cast<int>(c));
    else
      out += c;
  }
  return out + "\"";
}

template <class Next>
std::string scan_of(Next next) {
  const auto name = [&] { return in_yaml(next()); };
  return fmt::format(R"(# <i> `touch witness` & "question"
fieldscan: 1
name: hostile
data: {{input: {{kind: sphere, dim: 4}}, train_size: 8, test_size: 10}}
network: {{width: 8}}
ridge: 0.1
training: {{kind: hmc, samples: 10}}
ensemble: {{data_draws: 3, chains: 2}}
theory: [nngp]
observe: [error_test]
scan:
  - name: {}
    grid:
      network.width: [8, 16, 32]
      data.target: [{{as: {}, value: {{kind: linear}}}}, {{as: {}, value: {{kind: gegenbauer, levels: {{1: 1}}}}}}]
tests:
  - {{name: {}, kind: agreement, of: error_test, with: nngp, within: 3%}}
  - {{name: {}, kind: power_law, of: error_test, versus: width, expect: -1, within: 0.3}}
figures:
  - {{name: {}, plot: error_test, versus: width, by: data.target, with: [nngp], scale: log-x}}
  - {{name: {}, plot: error_test, versus: width, each: data.target}}
  - {{name: {}, plot: error_test, versus: [width, data.target], style: map}}
)",
                     name(), name(), name(), name(), name(), name(), name(), name());
}

void check_report(std::mt19937_64& random) {
  const fs::path folder = make_folder("hostile-report") / "it's `touch witness` $(touch witness)";
  int count = 0;  // no two names are the same
  const std::string text = scan_of([&] { return std::to_string(count++) + hostile_name_of_scan(random); });
  const scan::ReadResult read = scan::read_scan(text, "scan.yaml");
  INFO(scan::render(read.diagnostics, "scan.yaml", text) << text);
  REQUIRE(read.scan);
  store::Store store = store::Store::open(folder, store::Mode::write);
  store.put_scan(hostile_name(random), text, {"ridge=`touch witness`<i>"}, "0.1");
  read.scan->for_each_point([&](const scan::Point& point) {
    for (int k = 0; k < 6; ++k)
      store.put(store::OwnerKind::point, point.id, "text",
                {.data_draw = k / 2,
                 .initialisation = k % 2,
                 .outcome = k == 5 ? Outcome::diverged : Outcome::done,
                 .reason = k == 5 ? hostile_name(random) : "",
                 .rows = {{.observable = Observable::error_test, .value = 0.1 * (1 + k)}},
                 .arrays = {}},
                "", {.seconds = 1, .host = "<i>`touch witness`", .attempt = 1, .log_tail = {}});
    return true;
  });
  store.commit();
  const std::string page = content(write_report(*read.scan, store, folder / "report"));
  CHECK(printable(page) == page);
  CHECK(page.find("<i>") == std::string::npos);
  CHECK(page.find("&lt;i&gt;") != std::string::npos);
  for (const Format format : {Format::csv, Format::json, Format::netcdf})
    CHECK_NOTHROW(export_results(*read.scan, store, format, folder / "tables"));
  for (const auto& entry : fs::recursive_directory_iterator(folder.parent_path()))
    CHECK(entry.path().filename() != "witness");
  CHECK_FALSE(fs::exists("witness"));
}

double seconds_of_fuzzing() {
  const char* text = std::getenv("FIELDSCAN_FUZZ_SECONDS");
  return text != nullptr ? std::strtod(text, nullptr) : 60;
}

}  // namespace

TEST_CASE("this gnuplot would show a command that a name runs") {
  if (!has_gnuplot()) return;
  const fs::path folder = make_folder("hostile-control");
  std::ofstream(folder / "x.gp") << "set terminal dumb\nset title \"`touch witness`\"\n";
  const std::string command = "cd '" + folder.string() + "' && gnuplot x.gp";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(fs::exists(folder / "witness"));
}

TEST_CASE("figures draw names as they are and run none of them") {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 6; ++trial) check_figure(random, trial % 3 == 2);
}

TEST_CASE("a report shows names as they are and runs none of them") {
  std::mt19937_64 random(2);
  for (int trial = 0; trial < 2; ++trial) check_report(random);
}

TEST_CASE("names of every kind through figures and reports", "[.fuzz]") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds_of_fuzzing());
  while (std::chrono::steady_clock::now() < end) {
    check_figure(random, random() % 2 == 0);
    check_report(random);
  }
}

TEST_CASE("no verdict commands a terminal") {
  const TestResult result{.name = "a\x1b]0;title\x07",
                          .statement =
                              "b\x9b"
                              "2J",
                          .verdict = Verdict::undecided,
                          .because = "c\rd",
                          .p_value = 1,
                          .parts = {}};
  const std::string text = render(std::vector{result});
  CHECK(printable(text) == text);
  CHECK(text.find("\\x1b") != std::string::npos);
}

TEST_CASE("a text is one line without controls, whatever was in it") {
  CHECK(one_line("a\nb\tc") == "a b c");
  CHECK(one_line("a\x1b[31m\xff") == "a\\x1b[31m\\xff");
  CHECK(readable(std::string(300000, '1')).size() == 300000);
  CHECK(readable("1" + std::string(300000, '0') + "e5").size() > 300000);
}
