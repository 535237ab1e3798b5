#include "../../src/scan/help/examples.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <regex>
#include <set>
#include <sstream>

#include "../../src/scan/help/pages.hpp"
#include "../../src/scan/schema/decode.hpp"
#include "../../src/scan/schema/point_schema.hpp"
#include "../../src/scan/statement/rules.hpp"
#include "../../src/scan/text/parse_yaml.hpp"
#include "catch.hpp"
#include "fieldscan/scan/help/explain.hpp"
#include "fieldscan/scan/help/init.hpp"
#include "fieldscan/scan/help/json_schema.hpp"
#include "fieldscan/scan/statement/statement.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

std::string written_value(const std::string& example) { return example.substr(example.find(": ") + 2); }

/// The value of a kind with one more key.
std::string with_key(std::string value, std::string_view key, const std::string& inner) {
  if (!value.starts_with('{')) return fmt::format("{{kind: {}, {}: {}}}", value, key, inner);
  value.pop_back();
  return fmt::format("{}, {}: {}}}", value, key, inner);
}

using Wrap = std::function<std::string(const std::string&)>;
/// Calls visit(path, choice, kind, text of a file's sections with the kind's example) for all kinds of all choices.
template <class Visit>
void for_each_example(const std::vector<FieldInfo>& fields, const std::string& above, const Wrap& wrap, Visit& visit) {
  for (const FieldInfo& field : fields) {
    const std::string path = above.empty() ? std::string(field.name) : fmt::format("{}.{}", above, field.name);
    const Wrap own = [&](const std::string& value) { return wrap(fmt::format("{{{}: {}}}", field.name, value)); };
    for_each_example(field.schema.fields, path, own, visit);
    for (const KindInfo& kind : field.schema.kinds) {
      const std::string example = written_value(example_of(path, kind));
      const Wrap within = [&](const std::string& value) {
        const auto colon = value.find(": ");  // {KEY: VALUE}
        return own(with_key(example, value.substr(1, colon - 1), value.substr(colon + 2, value.size() - colon - 3)));
      };
      visit(path, field.schema, kind, own(example));
      for_each_example(kind.fields, path, within, visit);
    }
  }
}

/// A scan in which all that the examples of statements mention is there.
std::string scan_with(const std::string& example) {
  const bool in_time =
      example.find("conservation") != std::string::npos || example.find("versus: time") != std::string::npos;
  const std::string head = R"(fieldscan: 1
name: examples
data: {input: {kind: sphere, dim: 8}, train_size: 16, test_size: 100, test_set: shared}
network: {depth: 1, width: 64, activation: erf}
ridge: 0.1
ensemble: {data_draws: 24, chains: 8}
theory: [nngp, learning_curve]
scan: {grid: {network.width: [64, 128, 256], data.train_size: [16, 32, 64]}}
)";
  const std::string trainer = in_time
                                  ? "training: {kind: gradient_descent, learning_rate: 0.1, time: 2}\ntimes: [1, 2]\n"
                                  : "training: {kind: hmc, samples: 40}\n";
  const std::string onset = "define: {onset: {crossing: error_test, level: 0.5, along: train_size, by: width}}\n";
  if (example.starts_with("define")) return head + trainer + example + "\n";
  return head + trainer + onset + (example.starts_with("{plot") ? "figures:\n  - " : "tests:\n  - ") + example + "\n";
}

void require_valid(const std::string& name, const std::string& example) {
  const std::string text = scan_with(example);
  const ReadResult read = read_scan(text, "example.yaml");
  INFO(name << ": " << render(read.diagnostics, "example.yaml", text));
  CHECK(read.scan.has_value());
}

/// The keys of all definitions, tests and figures.
std::set<std::string_view> keys_of_statements() {
  std::set<std::string_view> keys;
  const auto add = [&]<class S>(std::type_identity<S>) {
    for_each_field<S>([&](const auto& f) { keys.insert(f.name); });
  };
  add(std::type_identity<Test>{});
  add(std::type_identity<Figure>{});
  for_each_kind<TestKind>([&]<class Kind>() { add(std::type_identity<Kind>{}); });
  for_each_kind<FigureKind>([&]<class Kind>() { add(std::type_identity<Kind>{}); });
  for_each_kind<DefineKind>([&]<class Kind>() {
    const auto of_kind = define_keys(Kind{});
    keys.insert(of_kind.begin(), of_kind.end());
  });
  return keys;
}

/// The example of a page; empty where it has none.
std::string example_in(std::string_view word) {
  for (const auto pages : {word_pages(), statement_pages()})
    for (const auto& page : pages)
      if (page.word == word) return std::string(page.example);
  return "";
}

}  // namespace

TEST_CASE("the page of every kind shows how it is written, and so it is read") {
  std::size_t examples = 0;
  const auto visit = [&](const std::string& path, const Schema& choice, const KindInfo& kind, const std::string& text) {
    INFO(path << ": " << text);
    Report report;
    std::vector<Deferred> deferred;
    PointSpec spec;
    Decoder(report, deferred).structure(parse_value(text, report, path), point_schema().fields, &spec, "");
    CHECK(report.error_count() == 0);
    CHECK(deferred.empty());
    const Located place = locate(point_schema(), &spec, path);
    REQUIRE(place);
    CHECK(choice.kinds[static_cast<std::size_t>(choice.kind_index(place.value))].kind == kind.kind);
    CHECK_FALSE(first_problem(place.field->schema, place.value, path).has_value());
    CHECK(explain(std::string(kind.kind)).text.find("\n  example: " + example_of(path, kind)) != std::string::npos);
    ++examples;
  };
  for_each_example(
      point_schema().fields, "", [](const std::string& value) { return value; }, visit);
  CHECK(examples > 30);
  for (const KindInfo& kind : theory_schema().kinds) {
    const std::string example = example_of("theory", kind);
    INFO(example);
    CHECK(
        must_read(fmt::format("fieldscan: 1\ndata: {{input: {{kind: sphere, dim: 8}}}}\ntraining: none\n{}\n", example))
            .blocks()
            .size() == 1);
    CHECK(explain(std::string(kind.kind)).text.find("\n  example: " + example) != std::string::npos);
  }
}

TEST_CASE("every kind of test and figure has an example that is valid") {
  const auto check = [](std::string_view section, std::string_view kind) {
    const std::string example(statement_example(section, kind));
    INFO(section << " " << kind);
    REQUIRE_FALSE(example.empty());
    CHECK(explain(std::string(kind)).text.find("\n  example: " + example) != std::string::npos);
    require_valid(std::string(kind), example);
  };
  for_each_kind<TestKind>([&]<class Kind>() { check("test", Kind::kind); });
  for_each_kind<FigureKind>([&]<class Kind>() { check("figure", Kind::kind); });
}

TEST_CASE("every key of definitions, tests and figures has an example that is valid") {
  for (const std::string_view key : keys_of_statements()) {
    INFO(key);
    const std::string example = example_in(key);
    REQUIRE_FALSE(example.empty());
    CHECK((example.find(fmt::format("{}: ", key)) != std::string::npos));
    require_valid(std::string(key), example);
  }
}

TEST_CASE("pages of concepts name experiments, observables, theories and fields that there are") {
  std::size_t experiments = 0, names = 0;
  for (const auto& page : concept_pages()) {
    const std::string text(page.text);
    INFO(page.word << ": " << text);
    const std::regex experiment("[0-9][0-9]-[a-z-]*[a-z]"), name("\\b[a-z]+_[a-z_]*[a-z]\\b");
    for (std::sregex_iterator it(text.begin(), text.end(), experiment), end; it != end; ++it, ++experiments) {
      INFO(it->str());
      CHECK(std::filesystem::exists(std::string(FIELDSCAN_SOURCE_DIR) + "/experiments/" + it->str() + "/scan.yaml"));
    }
    for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it, ++names) {
      INFO(it->str());
      CHECK(explain(it->str()).found);
    }
  }
  CHECK(experiments > 15);
  CHECK(names > 40);
}

TEST_CASE("README shows the scan that init prints") {
  std::string shown;
  std::istringstream lines(starter_scan());
  for (std::string line; std::getline(lines, line);) shown += (line.empty() ? "" : "    " + line) + "\n";
  CHECK(read_file(std::string(FIELDSCAN_SOURCE_DIR) + "/README.md").find("\n\n" + shown + "\n") != std::string::npos);
}

TEST_CASE("the schema of scan files names every kind, word and section") {
  const std::string schema = json_schema();
  const auto has = [&](std::string_view word) {
    INFO(word);
    CHECK(schema.find(fmt::format("\"{}\"", word)) != std::string::npos);
  };
  const auto visit = [&](const std::string&, const Schema&, const KindInfo& kind, const std::string&) {
    has(kind.kind);
    for (const FieldInfo& field : kind.fields) has(field.name);
  };
  for_each_example(
      point_schema().fields, "", [](const std::string& value) { return value; }, visit);
  for (const KindInfo& kind : theory_schema().kinds) has(kind.kind);
  for (const std::string_view key : keys_of_statements()) has(key);
}
