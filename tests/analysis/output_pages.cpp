#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "../../src/analysis/export/csv.hpp"
#include "../../src/analysis/export/json_values.hpp"
#include "../../src/analysis/figure/figure.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "../../src/analysis/figure/theory_record.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"
#include "fieldscan/scan/help/explain.hpp"
#include "synthetic.hpp"

/// `explain csv`, `json`, `netcdf`, `report`, `methods` name the columns and keys that are written.
namespace fieldscan::analysis {
namespace output_page_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

std::string page(const std::string& name) {
  const scan::Explanation page = scan::explain(name);
  REQUIRE(page.found);
  return page.text;
}

bool names(const std::string& text, const std::string& word) {
  return std::regex_search(text, std::regex("(^|[^A-Za-z_])" + word + "($|[^A-Za-z_])"));
}

/// "a", "b" of {"a": 1, "b": …}.
std::set<std::string> keys_of(const std::string& json) {
  const std::regex key("\"([a-z_0-9]+)\": ");
  std::set<std::string> keys;
  for (std::sregex_iterator it(json.begin(), json.end(), key), end; it != end; ++it) keys.insert((*it)[1]);
  return keys;
}

std::set<std::string> columns_of(const std::string& table) {
  std::istringstream head(table.substr(0, table.find('\n')));
  std::set<std::string> columns;
  for (std::string column; std::getline(head, column, ',');)
    if (column.find('.') == std::string::npos) columns.insert(column);  // paths of axes are the scan's
  return columns;
}

void check_named(const std::string& text, const std::set<std::string>& words) {
  CHECK(words.size() >= 5);
  for (const std::string& word : words) {
    INFO(word);
    CHECK(names(text, word));
  }
}

}  // namespace
TEST_CASE("the pages on tables name every column") {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 2, .initialisations = 2});
  syn::add_errors(table, 1, {.draws = 0.1, .initialisations = 0.1, .rest = 0.1}, 1, 2);
  const std::string text = page("csv");
  check_named(text, columns_of(values_csv(table)));
  check_named(text, columns_of(ensembles_csv(table)));
  check_named(text, columns_of(failures_csv(table)));
  CHECK_FALSE(names(text, "no_such_column"));
  DrawnFigure figure;
  Panel panel;
  panel.curves.push_back({.label = "", .with = "nngp"});
  figure.panels.push_back(panel);
  check_named(page("report"), columns_of(table_of(figure)));
  std::set<std::string> record = columns_of(theory_record(figure, table)), plain;
  for (const std::string& column : record)
    if (const auto end = column.find("_largest"); end != std::string::npos) plain.insert(column.substr(0, end));
  check_named(page("report"), plain);
}

TEST_CASE("the page on JSON names every key of verdicts and values") {
  TestResult result{.name = "a", .statement = "b"};
  result.parts.push_back({.label = "",
                          .statement = "",
                          .verdict = Verdict::supported,
                          .number = JudgedEstimate{},
                          .members = 1,
                          .asked = 2,
                          .distance = JudgedEstimate{},
                          .chi2 = JudgedChi2{}});
  const std::string text = page("json");
  check_named(text, keys_of(to_json({result})));
  Table table = syn::make_table({.widths = {64}, .draws = 2, .initialisations = 2});
  syn::add_errors(table, 1, {.rest = 0.1}, 1, 2);
  check_named(text, keys_of(values_json(table, "a name")));
  CHECK_FALSE(names(text, "no_such_key"));
}

TEST_CASE("every kind of output has a page, and the list of pages names it") {
  for (const char* name : {"csv", "netcdf", "json", "report", "methods"}) {
    INFO(name);
    CHECK(page(name).size() > 200);
    CHECK(names(scan::explain_all(), name));
  }
  CHECK_FALSE(scan::explain("parquet").found);
}

}  // namespace output_page_cases
}  // namespace fieldscan::analysis
