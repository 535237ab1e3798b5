#include <algorithm>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "helpers.hpp"
#include "store/directory.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

std::string scan_of(const std::string& path, const std::string& more = "") {
  return "fieldscan: 1\nname: data\ndata: {input: {kind: file, path: " + path +
         "}, target: labels, train_size: 10, test_size: rest}\nnetwork: {width: 8, activation: erf}\nridge: 0.1\n"
         "training: {kind: hmc, samples: 40}\nensemble: {data_draws: 4, chains: 4}\n" +
         more;
}

void write_table(const std::filesystem::path& file, int first, int rows = 40) {
  std::ofstream out(file);
  for (int k = 0; k < rows; ++k) out << first + k << ".5," << k % 7 << "," << k % 2 << "\n";
}

/// The current directory while it lives.
class Inside {
 public:
  explicit Inside(const std::filesystem::path& folder) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder);
  }
  ~Inside() { std::filesystem::current_path(before_); }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  std::filesystem::path before_;
};

std::string messages(const ReadResult& result) {
  std::string text;
  for (const auto& d : result.diagnostics) text += d.code + " " + d.message + " " + d.help + "\n";
  return text;
}

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("paths of data start at the folder of the scan file, whatever the current one is") {
  const TemporaryDirectory directory;
  const auto study = directory.path / "study", other = directory.path / "other";
  std::filesystem::create_directories(study / "data");
  std::filesystem::create_directory(other);
  write_table(study / "data/t.csv", 0);
  const std::string file = (study / "scan.yaml").string();
  const auto content = [&](const std::string& scan_file, const std::string& path) {
    const auto result = read_scan(scan_of(path), scan_file);
    INFO(messages(result));
    REQUIRE(result.scan);
    CHECK(has(messages(result), "FS0612") == false);
    return result.scan->data_files().at(0)->content;
  };
  const Inside elsewhere(other);
  const std::string beside = content(file, "data/t.csv");
  CHECK(content("../study/scan.yaml", "data/t.csv") == beside);
  CHECK(content(file, (study / "data/t.csv").string()) == beside);
  CHECK(content(file, "./data/../data/t.csv") == beside);
  CHECK(read_scan(scan_of("data/t.csv"), file).scan->point(0, 0)->id ==
        read_scan(scan_of("./data/t.csv"), file).scan->point(0, 0)->id);
  CHECK(has(messages(read_scan(scan_of("t.csv"), file)), (study / "t.csv").string()));
  // Nothing beside the scan: the current folder. Both, and not the same: the one beside the scan, with a warning.
  write_table(other / "u.csv", 1);
  CHECK(content(file, "u.csv") != beside);
  CHECK(content("/dev/stdin", "u.csv") == content(file, "u.csv"));
  write_table(study / "u.csv", 0);
  const auto both = read_scan(scan_of("u.csv"), file);
  REQUIRE(both.scan);
  CHECK(both.scan->data_files().at(0)->content == beside);
  CHECK(has(messages(both), "FS0612"));
  const Inside at_home(study);
  CHECK(content("scan.yaml", "u.csv") == beside);
}

TEST_CASE("what was read once is read again without its files of data") {
  const TemporaryDirectory directory;
  write_table(directory.path / "t.csv", 0);
  const std::string text = scan_of("t.csv",
                                   "scan: {grid: {data.train_size: [8, 16, 32], data.input.scaling: [none, unit]}}\n"
                                   "theory: [nngp, learning_curve]\n");
  const auto first = read_scan(text, (directory.path / "scan.yaml").string());
  INFO(messages(first));
  REQUIRE(first.scan);
  const auto points = points_of(*first.scan);
  std::filesystem::remove(directory.path / "t.csv");
  const auto again = read_scan(text, "scan.yaml", {}, data::unpack(data::pack(first.scan->data_files())));
  INFO(messages(again));
  REQUIRE(again.scan);
  const auto without = points_of(*again.scan);
  REQUIRE(without.size() == 6);
  for (std::size_t k = 0; k < 6; ++k) {
    CHECK(without[k].id == points[k].id);
    CHECK(prediction_id(without[k].theories[1], without[k]) == prediction_id(points[k].theories[1], points[k]));
  }
  CHECK(make_plan(*again.scan).points == 6);
  CHECK_FALSE(read_scan(text, (directory.path / "scan.yaml").string()).scan);
}

TEST_CASE("a scan that asks for more rows than its file has is refused, at its place") {
  const TemporaryDirectory directory;
  write_table(directory.path / "t.csv", 0);
  const std::string file = (directory.path / "scan.yaml").string();
  const auto said = [&](const std::string& more) { return messages(read_scan(scan_of("t.csv", more), file)); };
  CHECK_FALSE(has(said("scan: {grid: {data.train_size: [16, 32]}}\n"), "FS0113"));
  CHECK(has(said("scan: {grid: {data.train_size: [16, 33]}}\n"), "33 rows where the file has 32"));
  CHECK(has(said("scan: {grid: {data.train_size: [16, 32], data.validation_size: [0, 1]}}\n"),
            "33 rows where the file has 32"));
  CHECK(has(said("scan: {grid: {data.test_size: [8, 9]}}\n"), "9 rows where 8 are held out"));
  CHECK(has(said("scan: {grid: {data.input.test_part: [0.2, 0.8]}}\n"), "10 rows where the file has 8"));
}

TEST_CASE("labels of a file that no target asks for are not left out in silence") {
  const TemporaryDirectory directory;
  write_table(directory.path / "t.csv", 0);
  const std::string file = (directory.path / "scan.yaml").string(), with = scan_of("t.csv");
  std::string without = with;
  const std::string asked = " target: labels,";
  without.erase(without.find(asked), asked.size());
  CHECK_FALSE(has(messages(read_scan(with, file)), "FS0618"));
  CHECK(has(messages(read_scan(without, file)), "FS0618"));
  CHECK_FALSE(has(messages(read_scan(without + "scan: {fixed: {data.target: {kind: linear}}}\n", file)), "FS0618"));
}

TEST_CASE("every header of a table is another look at it") {
  const TemporaryDirectory directory;
  write_table(directory.path / "t.csv", 0);
  const std::string text = scan_of("t.csv", "scan: {grid: {data.input.header: [auto, 'true', 'false']}}\n");
  const auto result = read_scan(text, (directory.path / "scan.yaml").string());
  INFO(messages(result));
  REQUIRE(result.scan);
  REQUIRE(result.scan->data_files().size() == 3);
  CHECK(result.scan->data_files()[1]->train_rows == 39);
  const auto points = points_of(*result.scan);
  REQUIRE(points.size() == 3);
  CHECK(points[0].id != points[1].id);
  CHECK(has(plan_text(*result.scan, make_plan(*result.scan), {}), "line 1 is the header: 0.5,0,0"));
}

TEST_CASE("a theory that averages over the pool is not compared with other files without a word") {
  const TemporaryDirectory directory;
  std::ofstream(directory.path / "train-images-idx3-ubyte", std::ios::binary)
      << std::string("\0\0\x08\x03\0\0\0\x28\0\0\0\1\0\0\0\1", 16) << std::string(40, '\7');
  std::ofstream(directory.path / "train-labels-idx1-ubyte", std::ios::binary)
      << std::string("\0\0\x08\x01\0\0\0\x28", 8) << std::string(20, '\0') + std::string(20, '\1');
  std::filesystem::copy(directory.path / "train-images-idx3-ubyte", directory.path / "t10k-images-idx3-ubyte");
  std::filesystem::copy(directory.path / "train-labels-idx1-ubyte", directory.path / "t10k-labels-idx1-ubyte");
  const auto said = [&](const std::string& from, const std::string& theory, const std::string& test_size = "rest") {
    const auto result = read_scan(scan_of(".", "theory: [" + theory + "]\nscan: {fixed: {data.test_from: " + from +
                                                   ", data.test_size: " + test_size + "}}\n"),
                                  (directory.path / "scan.yaml").string());
    INFO(messages(result));
    CHECK(result.scan);
    return messages(result);
  };
  CHECK(has(said("auto", "learning_curve"), "FS0613"));
  CHECK(has(said("files", "nngp, learning_curve"), "test_from: pool"));
  CHECK(has(said("pool", "learning_curve"), "8 of the same 8 held-out rows"));
  CHECK_FALSE(has(said("pool", "learning_curve", "4"), "FS0613"));
  CHECK_FALSE(has(said("auto", "nngp"), "FS0613"));
  // Of no theory that averages over the pool: the rows are few, and the same for all draws.
  CHECK(has(said("pool", "nngp"), "8 of the 8 rows that are held out (test_part: 0.2)"));
  CHECK_FALSE(has(said("pool", "learning_curve"), "FS0630"));
  CHECK_FALSE(has(said("pool", "nngp", "4"), "FS0630"));
  CHECK_FALSE(has(said("auto", "nngp"), "FS0630"));
}

TEST_CASE("a plan compares the ridge with the kernel of the file's own norms") {
  const TemporaryDirectory directory;
  const std::string path = (directory.path / "norms.csv").string();
  std::ofstream file(path);
  file << "a,b,label\n";
  for (int row = 0; row < 40; ++row) file << (row % 2 == 0 ? "2,2,0\n" : "-2,2,1\n");  // |x|²/d = 4
  file.close();
  const auto ratio = [&](const std::string& scaling) {
    const auto read = read_scan(
        "fieldscan: 1\nname: norms\ndata: {input: {kind: file, path: " + path + ", header: true, scaling: " + scaling +
            "}, target: {kind: labels}, train_size: 8, test_size: 4}\nnetwork: {activation: linear, width: 16, "
            "weight_variance: 1, bias_variance: 0, readout_variance: 1}\nridge: 0.5\ntraining: {kind: hmc}\n",
        "x.yaml");
    REQUIRE(read.scan);
    const auto groups = make_plan(*read.scan).groups;
    const auto found = std::ranges::find(groups, "κP/tr K", &Group::name);
    REQUIRE(found != groups.end());
    return found->low;
  };
  CHECK(ratio("none") == Approx(0.5 / 4));
  CHECK(ratio("dimension") == Approx(0.5));
  CHECK(ratio("unit") == Approx(0.5 / 0.5));
}

TEST_CASE("data draws that use all rows are told to be copies, unless draws differ") {
  const TemporaryDirectory directory;
  write_table(directory.path / "t.csv", 0);  // 32 rows are trained on, 8 held out
  const auto said = [&](const std::string& fixed, const std::string& training = "hmc", const std::string& more = "") {
    const auto result = read_scan(
        scan_of("t.csv", "theory: [nngp]\nscan: {fixed: {training: " + training + ", " + fixed + "}}\n" + more),
        (directory.path / "scan.yaml").string());
    INFO(messages(result));
    CHECK(result.scan);
    return messages(result);
  };
  CHECK(
      has(said("data.train_size: whole"),
          "FS0632 all 4 data draws train on the same 32 rows, all that there are, and are tested on the same rows: "));
  CHECK(has(said("data.train_size: 32"), "differ by the noise of their training alone"));
  CHECK(has(said("data.train_size: 32", "{kind: gradient_descent, time: 2}"), "they are copies, and count as one"));
  CHECK(has(said("data.train_size: 32, data.test_size: 7"), "their scatter is that of the test rows"));
  CHECK_FALSE(has(said("data.train_size: 31"), "FS0632"));
  CHECK_FALSE(has(said("data.train_size: 31, data.noise: 0.1"), "FS0632"));
  CHECK(has(said("data.train_size: 32, data.noise: 0.1"),
            "all that there are: their scatter is that of label noise and test rows, and says nothing of other"));
  // What a test needs is counted so, and more draws are not asked for.
  const std::string test = "tests: [{name: low, kind: bound, of: error_test, below: 1}]\n";
  const std::string few = said("data.train_size: 32", "{kind: gradient_descent, time: 2}",
                               "tests: [{name: low, kind: power_law, of: error_test, versus: ridge, expect: 1, within: "
                               "0.1}]\n");
  CHECK(has(few, "or of networks --set ensemble.initialisations=8"));
  CHECK_FALSE(has(said("data.train_size: 32", "{kind: gradient_descent, time: 2}", test), "FS0603"));
}
