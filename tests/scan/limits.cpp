#include <algorithm>

#include "catch.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

/// What the first error says; with warnings where there is none.
std::string said(const std::string& text) {
  const auto read = read_scan(text, "x.yaml");
  std::string warnings;
  for (const auto& d : read.diagnostics) {
    const std::string one = d.code + ": " + d.message + " | " + d.help;
    if (d.severity == Severity::error) return one;
    warnings += one + "\n";
  }
  return warnings;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int k = 0; k < count; ++k) out += text;
  return out;
}

std::string numbered(const std::string& before, const std::string& after, int count) {
  std::string out;
  for (int k = 0; k < count; ++k) out += before + std::to_string(k) + after;
  return out;
}

}  // namespace

TEST_CASE("no list is cut in silence", "[limits]") {
  const auto axis = [](const std::string& values) { return codes(base("scan: {grid: {ridge: " + values + "}}\n")); };
  CHECK(axis("{linspace: [0.1, 1], num: 2000000}") == "FS0221");
  CHECK(axis("{logspace: [0.1, 1], num: 2000000}") == "FS0221");
  CHECK(axis("{range: [0, 10], step: 1e-6}") == "FS0221");
  CHECK(axis("{powers: 1.000001, from: 1, to: 1e6}") == "FS0221");
  CHECK(axis("{linspace: [0.1, 1], num: 2000}").empty());
  CHECK(codes(base("times: {linspace: [0, 1], num: 100001}\n")) == "FS0221");
  CHECK(codes(base("observe: [{kind: overlap_histogram, bins: 100001}]\n")) == "FS0202");
  CHECK(codes(base("let: {" + numbered("a", ": 1, ", 1001) + "}\n")) == "FS0221");
  CHECK(codes(base("tests: [" + numbered("{kind: bound, of: error_test, below: ", "}, ", 1001) + "]\n")) == "FS0221");
  CHECK(codes(base("scan: [" + repeated("{}, ", 1001) + "]\n")) == "FS0221");
  CHECK(codes(base("scan: {fixed: {" + numbered("network.w", ": 1, ", 1001) + "}}\n")) == "FS0221");
  const std::string thousand = "{range: [1, 2000], step: 1}";
  CHECK(codes(base("scan: {grid: {network.width: " + thousand + ", data.train_size: " + thousand + "}}\n")) ==
        "FS0220");
  // Several blocks together, too.
  const std::string block = "{grid: {network.width: " + thousand + ", data.train_size: {range: [1, 600], step: 1}}}";
  CHECK(codes(base("scan: [" + block + ", " + block + "]\n")) == "FS0220");
}

TEST_CASE("nested anchors count like what they repeat", "[limits]") {
  const std::string inner = "[" + repeated("1, ", 2000) + "]";
  std::string nested;
  for (int k = 0; k < 400; ++k) nested += "&a" + std::to_string(k) + " [";
  CHECK(codes("fieldscan: 1\nlet: " + nested + inner + std::string(400, ']') + "\n") == "FS0008");
  CHECK(codes("fieldscan: 1\nlet: {a: [" + repeated("1, ", 200001) + "]}\n") == "FS0008");
  CHECK(codes(std::string(4000001, ' ')) == "FS0008");
}

TEST_CASE("what no machine can run is refused, with the number", "[limits]") {
  const auto of = [](const std::string& section) {
    std::string text = base();
    const std::string key = section.substr(0, section.find(':') + 1);
    const auto begin = text.find(key);
    text.replace(begin, text.find('\n', begin) - begin, section);
    return said(text);
  };
  CHECK(has(of("network: {depth: 2147483647}"), "FS0223: a network of 2147483647 layers"));
  CHECK(has(of("network: {width: 2147483647, depth: 3}"), "FS0223"));
  CHECK(has(of("ensemble: {data_draws: 1000000000, chains: 4}"), "FS0222: the scan asks for 4000000000 replicas"));
  CHECK(has(of("ensemble: {data_draws: 4, theory_draws: 1000000000}"), "FS0222"));
  CHECK(has(of("ensemble: {data_draws: 8, until: {max: 1000000000}}"), "FS0222"));
  CHECK(has(of("data: {input: {kind: sphere, dim: 1000000}, train_size: 1000000000}"), "FS0223"));
  CHECK(has(of("training: {kind: hmc, samples: 9000000000000000}"), "FS0223"));
  CHECK(has(of("training: {kind: mala, samples: 100000, until: {batches: 20}}"), "FS0223"));
  CHECK_FALSE(has(of("training: {kind: mala, samples: 100000, until: {batches: 5}}"), "FS02"));
  CHECK_FALSE(has(of("network: {depth: 100}"), "FS02"));
  const std::string deep = "fieldscan: 1\nlet: {a: " + std::string(5000, '[') + std::string(5000, ']') + "}\n";
  CHECK(has(said(deep), "FS0008: values are nested too deeply"));
  CHECK(has(
      said(base("times: {range: [0, 99999], step: 1}\nscan: {grid: {network.width: {range: [1, 400], step: 1}}}\n")),
      "FS0222"));
}

TEST_CASE("images that no memory holds are refused, and not divided by", "[limits]") {
  const auto of = [](const std::string& shape) {
    std::string text = base();
    text.replace(text.find("[nngp]"), 6, "[{kind: convolutional_gp, architecture: {" + shape + "}}]");
    return codes(text);
  };
  CHECK(of("height: 65536, channels: 65536") == "FS0113");  // 2³²: a product of integers is 0
  CHECK(of("depth: 2147483647") == "FS0113");
  CHECK(of("filter: 2147483647") == "FS0113");
  CHECK(of("channels: 2, filter: 2").empty());
}

TEST_CASE("many errors are counted, not thought about", "[limits]") {
  const auto result =
      read_scan("fieldscan: 1\nnetwork: {" + numbered("unknown_key_", ": 1, ", 50000) + "}\n", "x.yaml");
  CHECK_FALSE(result.scan);
  const auto listed = std::ranges::count(result.diagnostics, Severity::error, &Diagnostic::severity);
  CHECK(listed <= 202);
  CHECK(std::ranges::count(result.diagnostics, "FS0010", &Diagnostic::code) == 1);
  // Duplicate keys, and unknown names in expressions.
  CHECK_FALSE(read_scan("fieldscan: 1\nnetwork: {" + repeated("width: 1, ", 50000) + "}\n", "x.yaml").scan);
  CHECK_FALSE(read_scan(base("let: {" + numbered("a", ": nobody_knows, ", 1000) + "}\n"), "x.yaml").scan);
}

TEST_CASE("a long line is shown around its fault, and a long word is cut", "[limits]") {
  const std::string text =
      "fieldscan: 1\nnetwork: {width: 64, activation: '" + std::string(3000000, 'x') + "', widht: 3}\n";
  const auto result = read_scan(text, "x.yaml");
  const std::string out = render(result.diagnostics, "x.yaml", text);
  CHECK(out.size() < 20000);
  CHECK(has(out, "widht: 3}\n"));
  CHECK(has(out, "…"));
}

TEST_CASE("numbers that a field can not hold are said to be too large", "[limits]") {
  const auto of = [](const std::string& line) {
    return said("fieldscan: 1\ndata: {input: {kind: sphere, dim: 8}}\n" + line + "\n");
  };
  CHECK(has(of("seed: 1e20"), "'seed' must be from 0 to 9000000000000000"));
  CHECK(has(of("network: {width: 4000000000}"), "'width' must be from 1 to 2147483647"));
  CHECK(has(of("network: {width: 0}"), "must be at least 1"));
  CHECK(has(of("ensemble: {data_draws: 2000000000}"), "a whole number, at most 1000000000,"));
}

TEST_CASE("true is no number", "[limits]") {
  const auto of = [](const std::string& line) {
    return codes("fieldscan: 1\ndata: {input: {kind: sphere, dim: 8}}\n" + line);
  };
  CHECK(of("seed: true\n") == "FS0201");
  CHECK(of("ridge: false\n") == "FS0201");
  CHECK(of("network: {width: \"true\"}\n") == "FS0201");
  CHECK(of("ensemble: {data_draws: true}\n") == "FS0201");
  CHECK(of("scan: {grid: {ridge: [true, 2]}}\n") == "FS0201");
  const std::string axis = "scan: {grid: {network.width: [16, 32]}}\ntests: [{kind: ";
  CHECK(of(axis + "power_law, of: error_test, versus: width, expect: true, within: 0.1}]\n") == "FS0201");
  CHECK(of(axis + "bound, of: [error_test, false], below: 1}]\n") == "FS0201");
  CHECK(of(axis + "bound, of: error_test, below: true}]\n") == "FS0201");
  CHECK(of("scan: {grid: {network.centred: [true, false]}}\n").empty());
  CHECK(of("let: {wide: true}\nscan: {fixed: {network.width: \"wide ? 512 : 16\"}}\n").empty());
}

TEST_CASE("every message has a line: numbers beyond all range in calls", "[limits]") {
  const auto read = read_scan(base("tests: [{kind: bound, of: error_ensemble(1e999), below: 1}]\n"), "x.yaml");
  REQUIRE(has_errors(read.diagnostics));
  CHECK(read.diagnostics.front().code == "FS0401");
  CHECK(read.diagnostics.front().place.line > 0);
}

TEST_CASE("names fit into folders and tables", "[limits]") {
  const std::string name(280, 'a'), fits(100, 'a');
  const auto named = [](const std::string& text) {
    return codes("fieldscan: 1\nname: " + text + "\ndata: {input: {kind: sphere, dim: 8}}\n");
  };
  CHECK(named(name) == "FS0109");
  CHECK(named(fits).empty());
  const std::string nameless = "fieldscan: 1\ndata: {input: {kind: sphere, dim: 8}}\n";
  CHECK(has_errors(read_scan(nameless, "runs/" + name + ".yaml").diagnostics));
  CHECK(codes(base("let: {" + name + ": 1}\nscan: {fixed: {network.chi: " + name + "}}\n")).starts_with("FS0606"));
  CHECK(codes(base("define: {" + name + ": {value: error_test}}\n")) == "FS0512");
  std::string theory = base();
  theory.replace(theory.find("[nngp]"), 6, "[{kind: nngp, name: " + name + "}]");
  CHECK(codes(theory) == "FS0302");
}

TEST_CASE("an axis that no field depends on makes no points, and that is said", "[limits]") {
  const std::string let =
      "let: {alpha: 1, beta: 1}\nscan: {grid: {alpha: {range: [1, 7], step: 1}, beta: {range: [1, 7], step: 1}}";
  const std::string test = "}\ntests: [{kind: bound, of: error_test, below: \"100\", where: \"alpha + beta > 3\"}]\n";
  CHECK(has(said(base(let + test)),
            "FS0611: 49 combinations of block 1 are 1 point: no field depends on 'alpha', 'beta'"));
  CHECK(has(said(base(let + ", fixed: {network.chi: alpha}" + test)),
            "49 combinations of block 1 are 7 points: no field depends on 'beta'"));
  CHECK_FALSE(has(said(base(let + ", fixed: {network.chi: alpha, ridge: beta}" + test)), "FS0611"));
}

TEST_CASE("faults of late points are found, however many come before", "[limits]") {
  // The target without a direction comes after 2500 points, and is not the last.
  const std::string scan =
      "observe: [overlap]\nscan: {grid: {data.target: [{as: one, value: {kind: linear}}, {as: none, value: {kind: "
      "random}}, {as: two, value: {kind: linear, norm: 2}}], ridge: {linspace: [0.1, 1], num: 2500}}}\n";
  CHECK(codes(base(scan)) == "FS0309");
}

TEST_CASE("a plan says where it is an upper bound", "[limits]") {
  const auto text = [](const std::string& training, const std::string& more = "") {
    const Scan scan = must_read(base(more, training));
    return plan_text(scan, make_plan(scan));
  };
  const std::string plain = "{kind: gradient_descent, learning_rate: 0.1, steps: 1000}";
  CHECK_FALSE(has(text(plain), "at most"));
  CHECK(has(text("{kind: gradient_descent, learning_rate: 0.1, steps: 1000, stop_loss: 1e-3}"),
            "at most: training.stop_loss may end it sooner"));
  CHECK(has(text("{kind: hmc, samples: 40, until: {batches: 3}}"), "training.until"));
  std::string patient = base("", "{kind: gradient_descent, learning_rate: 0.1, steps: 1000, patience: 5}");
  patient.replace(patient.find("test_size: 50"), 13, "test_size: 50, validation_size: 20");
  const Scan scan = must_read(patient);
  CHECK(make_plan(scan).ends_sooner == std::vector<std::string>{"training.patience"});
  CHECK(has(plan_json(scan, make_plan(scan)), "\"ends_sooner\": [\"training.patience\"]"));
  // What a growing ensemble announces is what it can grow to.
  std::string growing = base("", plain);
  growing.replace(growing.find("chains: 4"), 9, "initialisations: 4, until: {batch: 8, max: 256}");
  const Plan grown = make_plan(must_read(growing));
  CHECK(grown.replicas == 256);
  CHECK(grown.ends_sooner == std::vector<std::string>{"ensemble.until"});
}
