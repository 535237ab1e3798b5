#include "helpers.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "fieldscan/scan/points/names.hpp"

namespace fieldscan::scan::test {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> corpus(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(FIELDSCAN_TEST_DIR) + "/scan/" + folder))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::ranges::sort(files);
  return files;
}

Scan must_read(const std::string& text, const std::vector<std::string>& overrides) {
  auto result = read_scan(text, "test.yaml", overrides);
  INFO(render(result.diagnostics, "test.yaml", text));
  REQUIRE(result.scan);
  return *result.scan;
}

std::string codes(const std::string& text) {
  std::string out;
  for (const auto& d : read_scan(text, "test.yaml").diagnostics)
    if (d.severity == Severity::error) out += (out.empty() ? "" : " ") + d.code;
  return out;
}

std::vector<Point> points_of(const Scan& scan) {
  std::vector<Point> points;
  scan.for_each_point([&](const Point& point) {
    points.push_back(point);
    return true;
  });
  return points;
}

std::string base(const std::string& more, const std::string& training) {
  return "fieldscan: 1\nname: base\nseed: 7\ndata: {input: {kind: sphere, dim: 8}, target: {kind: gegenbauer, levels: "
         "{1: 0.8, 3: 0.2}}, train_size: 16, test_size: 50}\n"
         "network: {depth: 1, width: 64, activation: erf}\nridge: 0.1\ntraining: " +
         training + "\nensemble: {data_draws: 4, chains: 4}\ntheory: [nngp]\n" + more;
}

double value(const Point& point, const std::string& path) {
  const AxisValue* found = find_value(point, path);
  REQUIRE(found);
  return std::get<double>(*found);
}

std::string word(const Point& point, const std::string& path) {
  const AxisValue* found = find_value(point, path);
  REQUIRE(found);
  return std::get<std::string>(*found);
}

}  // namespace fieldscan::scan::test
