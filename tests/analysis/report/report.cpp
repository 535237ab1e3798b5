#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/core/random.hpp"
#include "temporary.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace fs = std::filesystem;

namespace {

const std::string scan_text = R"(fieldscan: 1
name: analysis-of-a-store
seed: 5
data:
  input: {kind: sphere, dim: 4}
  target: {kind: gegenbauer, levels: {1: 0.8, 3: 0.2}}
  noise: 0.1
  train_size: 16
  test_size: 30
network: {depth: 1, width: 128, activation: erf}
ridge: 0.1
training: {kind: hmc, samples: 10}
ensemble: {data_draws: 12, chains: 2}
theory: [nngp]
observe: [error_test]
scan:
  - name: networks
    grid: {network.width: [64, 128, 256, 512]}
  - name: theory alone
    fixed: {training: none}
    grid: {data.train_size: [16, 32]}
tests:
  - {name: wide agree, kind: agreement, of: error_test, with: nngp, where: "width >= 256", within: 3%}
  - {name: falls as 1/N, kind: power_law, of: deviation(nngp), versus: width, expect: -1, within: 0.3}
  - {name: too low, kind: bound, of: error_test, below: 0.1}
figures:
  - {name: learning, plot: error_test, versus: width, with: [nngp], scale: log-x}
  - {name: spread, plot: error_test, style: histogram, by: width}
)";

scan::Scan read() {
  const scan::ReadResult result = scan::read_scan(scan_text, "scan.yaml");
  INFO(scan::render(result.diagnostics, "scan.yaml", scan_text));
  REQUIRE(result.scan);
  return *result.scan;
}

double normal(const std::string& what, std::int64_t r, std::int64_t i, std::uint64_t k = 0) {
  return Stream(9, Purpose::test, what, static_cast<std::uint64_t>(r), static_cast<std::uint64_t>(i)).normal(k);
}

template <class Value>
Array block(Observable observable, Value value) {
  Array array{.observable = observable, .shape = {30}, .data = {}};
  for (std::uint64_t x = 0; x < 30; ++x) array.data.push_back(value(x));
  return array;
}

Result network_result(double width, std::int64_t r, std::int64_t i) {
  Result result{.data_draw = r, .initialisation = i, .outcome = Outcome::done, .reason = {}, .rows = {}, .arrays = {}};
  const std::string key = std::to_string(width);
  result.rows.push_back({.observable = Observable::error_test,
                         .value = 0.3 * (1 + 0.2 * normal("draw", r, 0) + 0.02 * normal("rest" + key, r, i))});
  result.rows.push_back({.observable = Observable::rhat, .value = 1.01});
  result.arrays.push_back(block(Observable::predictor, [&](std::uint64_t x) {
    return normal("mean", r, 0, x) + 4 / width * normal("shape", r, 0, x) + 0.01 * normal("noise" + key, r, i, x);
  }));
  if (i == 0)
    result.arrays.push_back(block(Observable::target, [&](std::uint64_t x) { return normal("mean", r, 0, x) + 0.1; }));
  return result;
}

Result theory_result(std::int64_t r) {
  Result result{.data_draw = r, .initialisation = 0, .outcome = Outcome::done, .reason = {}, .rows = {}, .arrays = {}};
  result.rows.push_back({.observable = Observable::error_test, .value = 0.3 * (1 + 0.2 * normal("draw", r, 0))});
  result.arrays.push_back(block(Observable::predictor, [&](std::uint64_t x) { return normal("mean", r, 0, x); }));
  return result;
}

struct Put {
  store::OwnerKind kind;
  Id owner;
  Result result;
};

/// Fills a store with a campaign of known truth; the order of the results must not matter.
enum class Order { forwards, backwards };
store::Store fill(const scan::Scan& scan, const fs::path& directory, Order order) {
  fs::remove_all(directory);
  std::vector<Put> puts;
  scan.for_each_point([&](const scan::Point& point) {
    const auto width = std::ranges::find(point.names, std::string("network.width"), &scan::NamedValue::path);
    for (int r = 0; r < 12; ++r) {
      if (scan::trains(point.spec))
        for (int i = 0; i < 2; ++i)
          puts.push_back({store::OwnerKind::point, point.id, network_result(std::get<double>(width->value), r, i)});
      for (const auto& use : point.theories)
        puts.push_back({store::OwnerKind::prediction, scan::prediction_id(use, point), theory_result(r)});
    }
    return true;
  });
  puts[3].result.outcome = Outcome::diverged;
  puts[3].result.reason = "a, quoted \"reason\"";
  puts[3].result.rows.clear();
  if (order == Order::backwards) std::ranges::reverse(puts);
  store::Store store = store::Store::open(directory, store::Mode::write);
  for (const Put& put : puts)
    store.put(put.kind, put.owner, "text", put.result, "",
              {.seconds = 1, .host = "here", .attempt = 1, .log_tail = {}});
  store.commit();
  return store;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

fs::path temporary(const std::string& name) { return fieldscan::test::temporary(name); }

}  // namespace

TEST_CASE("tests of a scan are evaluated from a store") {
  const scan::Scan scan = read();
  const store::Store store = fill(scan, temporary("evaluate"), Order::forwards);
  const auto results = evaluate_tests(scan, store);
  REQUIRE(results.size() == 3);
  INFO(render(results));
  CHECK(results[0].verdict == Verdict::supported);
  CHECK(results[1].verdict == Verdict::supported);
  CHECK(results[2].verdict == Verdict::contradicted);
  CHECK(exit_status(results) == 5);
  CHECK(results[0].parts.size() == 2);
  const std::string json = to_json(results);
  for (const char* part :
       {"\"verdict\": \"contradicted\"", "\"kind\": \"power_law\"", "\"window\": null", "\"form\": null",
        "\"allowed\": [null, 0.1]", "\"data_draws\": 12, \"initialisations\": 2"}) {
    INFO(part);
    CHECK(json.find(part) != std::string::npos);
  }
  for (const TestResult& result : results)
    for (const auto& part : result.parts) {
      REQUIRE(part.number.has_value());
      CHECK(part.number->low < part.number->value);
      CHECK(part.number->value < part.number->high);
      CHECK(part.number->standard_error > 0);
    }
  CHECK(std::abs(results[1].parts[0].number->value + 1) < 0.3);  // the exponent, as the statement has it
  CHECK(std::abs(results[1].parts[0].distance->value) < 0.3);    // less the expected one
}

TEST_CASE("an empty store leaves every test undecided") {
  const scan::Scan scan = read();
  const fs::path directory = temporary("empty");
  fs::remove_all(directory);
  const store::Store store = store::Store::open(directory, store::Mode::write);
  for (const TestResult& r : evaluate_tests(scan, store)) CHECK(r.verdict == Verdict::undecided);
  CHECK(fs::exists(write_report(scan, store, directory / "report")));
}

TEST_CASE("the page opens with the question of the scan file, as far as its question mark") {
  const fs::path directory = temporary("question");
  const auto lead = [&](const std::string& comment) {
    const std::string text = comment + scan_text;
    const scan::ReadResult result = scan::read_scan(text, "scan.yaml");
    REQUIRE(result.scan);
    fs::remove_all(directory);
    const store::Store store = store::Store::open(directory, store::Mode::write);
    const std::string page = content(write_report(*result.scan, store, directory / "report"));
    const std::string mark = R"(<p class="lead">)";
    const auto at = page.find(mark);
    return at == std::string::npos ? "" : page.substr(at + mark.size(), page.find("</p>", at) - at - mark.size());
  };
  CHECK(lead("# Where is the edge, in\n# two lines? More of it: README.md.\n") == "Where is the edge, in two lines?");
  CHECK(lead("# A scan of widths.\n# README.md says more.\n") == "A scan of widths.");
  CHECK(lead("# Widths, and\n# depths. README.md says more.\n") == "Widths, and depths.");
  CHECK(lead("").empty());
}

TEST_CASE("the report is one page that needs nothing else") {
  const scan::Scan scan = read();
  const fs::path directory = temporary("report");
  const store::Store store = fill(scan, directory, Order::forwards);
  const std::string page = content(write_report(scan, store, directory / "report"));
  for (const char* part :
       {"<svg", "supported", "Lower strip", "Quantities", "contradicted", "diverged", "prefers-color-scheme:dark",
        "viewport", "@media print", "analysis-of-a-store", "scan file"}) {
    INFO(part);
    CHECK(page.find(part) != std::string::npos);
  }
  CHECK(page.find("<script src") == std::string::npos);
  CHECK(page.find("src=") == std::string::npos);
  CHECK(page.find("<link") == std::string::npos);
  CHECK(page.find("http") == page.find("http://www.w3.org/2000/svg"));  // a name, not an address
  CHECK(page.size() < 3'000'000);
  const fs::path figures = directory / "report" / "figures";
  for (const char* file : {"learning.svg", "learning.csv", "learning.gp", "spread.csv", "falls-as-1-n.csv"}) {
    INFO(file);
    CHECK(fs::exists(figures / file));
  }
  // Every figure's table is in the page, as a file.
  std::size_t tables = 0, drawn = 0;
  for (std::size_t at = 0; (at = page.find("download=", at)) != std::string::npos; ++at) ++tables;
  for (const auto& entry : fs::directory_iterator(figures))
    drawn += entry.path().extension() == ".csv" && !entry.path().stem().string().ends_with("-theories") ? 1 : 0;
  CHECK(tables == drawn);
  CHECK(tables >= 3);
}

TEST_CASE("beside the page lies what a paper needs: methods, works, and how well theories were computed") {
  const scan::Scan scan = read();
  const fs::path directory = temporary("methods");
  const store::Store store = fill(scan, directory, Order::forwards);
  write_report(scan, store, directory / "report");
  const std::string methods = content(directory / "report" / "methods.txt"),
                    works = content(directory / "report" / "references.bib"),
                    record = content(directory / "report" / "figures" / "learning-theories.csv");
  for (const char* part : {"at 4 points were trained by hmc, 12 data draws × 2 chains each", "training.samples = 10",
                           "the largest split R-hat (rank-normalised) is 1.010", "½ Σ (f − y)²", "seed 5", "nngp:"}) {
    INFO(part);
    CHECK(methods.find(part) != std::string::npos);
  }
  // Settings ascend in their path, their values as numbers do (128 before 64 as words), words behind them.
  CHECK(methods.find("network.width = 64 | 128 | 256 | 512") != std::string::npos);
  const auto at = [&](const char* path) { return methods.find(path); };
  REQUIRE(at("network.width = ") != std::string::npos);
  CHECK(at("network.width = ") < at("ridge = "));
  CHECK(at("ridge = ") < at("training.samples = "));
  CHECK(at("training.samples = ") < at("Of 96 chains 0 did not equilibrate"));
  CHECK(at("Of 96 chains") < at("nngp:"));
  CHECK(at("nngp:") < at("Conventions:"));
  for (const char* part : {"@misc{neal1996,", "author = {J. Lee and others}", "year = {2018}"}) {
    INFO(part);
    CHECK(works.find(part) != std::string::npos);
  }
  CHECK(std::ranges::count(works, '{') == std::ranges::count(works, '}'));
  CHECK(std::ranges::count(record, '\n') == 1 + 6);  // the theory at every point, those without networks too
  CHECK(record.starts_with("theory,point,network.width,data.train_size,done,diverged,not_converged,"));
  const std::string page = content(directory / "report" / "index.html");
  CHECK(page.find("href=\"figures/learning-theories.csv\"") != std::string::npos);
  CHECK(page.find("spread-theories.csv") == std::string::npos);
  CHECK_FALSE(fs::exists(directory / "report" / "figures" / "spread-theories.csv"));  // a histogram of networks alone
}

TEST_CASE("the page of a run that is not finished says how many networks and predictions are there") {
  const scan::Scan scan = read();
  const fs::path directory = temporary("unfinished");
  store::Store store = store::Store::open(directory, store::Mode::write);
  store.put_scan("scan.yaml", scan_text, {}, "0.1");
  const std::string page = content(write_report(scan, store, directory / "report"));
  CHECK(page.find("This run is not finished</strong>: 0 of 96 networks, 0 of ") != std::string::npos);
  CHECK(page.find(" predictions are there.") != std::string::npos);
}

TEST_CASE("the headline counts what did not end as it should") {
  const scan::Scan scan = read();
  const fs::path directory = temporary("headline");
  const store::Store store = fill(scan, directory, Order::forwards);
  const std::string page = content(write_report(scan, store, directory / "report"));
  CHECK(page.find("6 points, 96 chains. <strong>Of 96 chains 1 diverged</strong> (see “Chains”).") !=
        std::string::npos);
  CHECK(page.find("predictions 0 ") == std::string::npos);
}

TEST_CASE("the page says which tests were edited after the first result") {
  const scan::Scan scan = read();
  const fs::path directory = temporary("edited");
  store::Store store = fill(scan, directory, Order::forwards);
  std::string first = scan_text;
  first.replace(first.find("below: 0.1"), 10, "below: 0.2");
  store.put_scan("scan.yaml", first, {}, "0.1");
  store.put_scan("scan.yaml", scan_text, {}, "0.1");
  const std::string page = content(write_report(scan, store, directory / "report"));
  CHECK(page.find("tests edited since they were registered") != std::string::npos);
  CHECK(page.find("changed") != std::string::npos);
}

TEST_CASE("the page says how many results belong to an earlier text") {
  const scan::Scan scan = read();
  const fs::path directory = temporary("earlier");
  const store::Store store = fill(scan, directory, Order::forwards);
  CHECK(content(write_report(scan, store, directory / "report")).find("earlier text") == std::string::npos);
  std::string text = scan_text;
  text.replace(text.find("[64, 128, 256, 512]"), 19, "[64, 128, 256]");
  const scan::ReadResult fewer = scan::read_scan(text, "scan.yaml");
  REQUIRE(fewer.scan);
  CHECK(content(write_report(*fewer.scan, store, directory / "report"))
            .find("24 results of an earlier text are kept, not shown") != std::string::npos);
}

TEST_CASE("the page is valid HTML") {
  if (std::system("command -v tidy >/dev/null 2>&1") != 0) return;  // a check where the checker is installed
  const scan::Scan scan = read();
  const fs::path directory = temporary("valid");
  const store::Store store = fill(scan, directory, Order::forwards);
  const std::string page = write_report(scan, store, directory / "report").string();
  CHECK(std::system(("tidy -q -e '" + page + "' 2> '" + page + ".txt'").c_str()) == 0);
  CHECK(content(page + ".txt").empty());
}

TEST_CASE("exports are the same bytes whatever the order of the results") {
  const scan::Scan scan = read();
  const fs::path first = temporary("export-a"), second = temporary("export-b");
  {
    const store::Store a = fill(scan, first, Order::forwards);
    const store::Store b = fill(scan, second, Order::backwards);
    for (const Format format : {Format::csv, Format::json, Format::netcdf}) {
      export_results(scan, a, format, first / "out");
      export_results(scan, b, format, second / "out");
    }
  }
  for (const char* file :
       {"values.csv", "points.csv", "failures.csv", "ensembles.csv", "values.json", "verdicts.json"}) {
    INFO(file);
    CHECK(content(first / "out" / file).size() > 100);
    const bool same = content(first / "out" / file) == content(second / "out" / file);
    CHECK(same);
  }
  CHECK(content(first / "out" / "failures.csv").find("\"a, quoted \"\"reason\"\"\"") != std::string::npos);
  CHECK(fs::file_size(first / "out" / "values.nc") > 1000);
  const std::string values = content(first / "out" / "values.csv");
  // 95 networks with two rows; predictions of nngp with one row at each of the six points, 12 draws.
  CHECK(std::ranges::count(values, '\n') == 1 + 95 * 2 + 6 * 12);
}
