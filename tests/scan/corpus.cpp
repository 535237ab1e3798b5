#include <algorithm>
#include <filesystem>
#include <sstream>

#include "catch.hpp"
#include "helpers.hpp"

using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

/// A line `# expect LINE:COLUMN CODE words` of a file of the corpus.
struct Expected {
  int line = 0, column = 0;
  std::string code, words;
};

std::vector<Expected> expected_of(const std::string& text) {
  std::vector<Expected> list;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line) && line.starts_with("# ");) {
    if (!line.starts_with("# expect ")) continue;
    std::istringstream in(line.substr(9));
    Expected one;
    char colon = 0;
    in >> one.line >> colon >> one.column >> one.code;
    std::getline(in >> std::ws, one.words);
    list.push_back(one);
  }
  return list;
}

std::vector<Diagnostic> errors_of(const std::vector<Diagnostic>& all) {
  std::vector<Diagnostic> errors;
  std::ranges::copy_if(all, std::back_inserter(errors), [](const auto& d) { return d.severity == Severity::error; });
  return errors;
}

/// A line `# needs PATH`: the file is left out where these data are absent.
bool data_are_there(const std::string& file) {
  const std::string text = read_file(file);
  const auto at = text.find("# needs ");
  return at == std::string::npos || std::filesystem::exists(text.substr(at + 8, text.find('\n', at) - at - 8));
}

void compare(const std::string& file) {
  const std::string text = read_file(file);
  const auto expected = expected_of(text);
  const auto result = read_scan(text, file);
  const auto errors = errors_of(result.diagnostics);
  INFO(render(result.diagnostics, file, text));
  CHECK(result.scan.has_value() == expected.empty());
  REQUIRE(errors.size() == expected.size());
  for (std::size_t k = 0; k < errors.size(); ++k) {
    const auto& [line, column, code, words] = expected[k];
    CHECK(errors[k].place.line == line);
    CHECK(errors[k].place.column == column);
    CHECK(errors[k].code == code);
    const std::string said = errors[k].message + " | " + errors[k].help;
    INFO(said);
    CHECK(said.find(words) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("a file with one fault gets one error, at its place, with its remedy") {
  const auto files = corpus("bad");
  REQUIRE(files.size() >= 100);
  for (const auto& file : files) {
    INFO(file);
    REQUIRE(expected_of(read_file(file)).size() == 1);
    compare(file);
  }
}

TEST_CASE("five faults in different sections are told together") {
  const auto files = corpus("five");
  REQUIRE(files.size() >= 4);
  for (const auto& file : files) {
    INFO(file);
    REQUIRE(expected_of(read_file(file)).size() == 5);
    compare(file);
  }
}

TEST_CASE("scans as physicists write them are valid, or say what is not built") {
  const auto files = corpus("good");
  REQUIRE(files.size() >= 9);
  for (const auto& file : files) {
    INFO(file);
    if (data_are_there(file)) compare(file);
  }
}

TEST_CASE("the experiments of the project are valid scans") {
  for (const char* name : {"01-learning-curve", "02-fashion-mnist"}) {
    const std::string file = std::string(FIELDSCAN_SOURCE_DIR) + "/experiments/" + name + "/scan.yaml";
    const std::string text = read_file(file);
    const auto errors = errors_of(read_scan(text, file).diagnostics);
    INFO(render(errors, file, text));
    // Data may be absent from a machine; that is the only error allowed.
    CHECK(std::ranges::all_of(errors, [](const auto& d) { return d.code == "FS0311"; }));
  }
}

TEST_CASE("all errors of a file come at once, sorted by place") {
  const std::string text =
      "fieldscan: 1\ndata: {input: {kind: sphere}, train_size: -1}\nnetwork: {widht: 3}\nridge: 010\n";
  const auto errors = errors_of(read_scan(text, "x.yaml").diagnostics);
  REQUIRE(errors.size() == 4);
  CHECK(std::ranges::is_sorted(errors, {}, [](const auto& d) { return std::pair(d.place.line, d.place.column); }));
}

TEST_CASE("no text makes the reader crash") {
  // Cuts and one-byte changes of a valid text: every one is read or refused.
  const std::string text = read_file(corpus("good").front());
  for (std::size_t cut = 0; cut < text.size(); cut += 13) {
    const auto result = read_scan(text.substr(0, cut), "cut.yaml");
    CHECK(result.scan.has_value() == !has_errors(result.diagnostics));
  }
  for (std::size_t at = 0; at < text.size(); at += 17)
    for (const char c : {'{', ':', '"', '\t', '-', '\x80', '&'}) {
      std::string changed = text;
      changed[at] = c;
      const auto result = read_scan(changed, "changed.yaml");
      CHECK(result.scan.has_value() == !has_errors(result.diagnostics));
    }
}

TEST_CASE("the rendering shows the line, a caret under the word, and the remedy") {
  const std::string text = "fieldscan: 1\ndata: {input: {kind: sphere, dim: 8}}\nnetwork: {widht: 3}\n";
  const auto result = read_scan(text, "x.yaml");
  const std::string out = render(result.diagnostics, "x.yaml", text);
  CHECK(out.find("x.yaml:3:11: error[FS0102]: unknown key 'widht' in network") != std::string::npos);
  CHECK(out.find("    3 | network: {widht: 3}\n      |           ^^^^^\n help: did you mean 'width'?\n") !=
        std::string::npos);
  CHECK(to_json(result.diagnostics, "x.yaml").find("\"code\": \"FS0102\"") != std::string::npos);
}
