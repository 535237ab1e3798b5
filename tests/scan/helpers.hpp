#pragma once
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"

namespace fieldscan::scan::test {

std::string read_file(const std::string& path);
/// The yaml files of a folder beside these tests, sorted.
std::vector<std::string> corpus(const std::string& folder);
/// Reads a text that must be valid; fails the test with its diagnostics otherwise.
Scan must_read(const std::string& text, const std::vector<std::string>& overrides = {});
/// The codes of the diagnostics of a text, "FS0102 FS0103".
std::string codes(const std::string& text);
std::vector<Point> points_of(const Scan& scan);
/// A valid scan with `more` at its end.
std::string base(const std::string& more = "", const std::string& training = "{kind: hmc, samples: 40}");
double value(const Point& point, const std::string& path);
std::string word(const Point& point, const std::string& path);

}  // namespace fieldscan::scan::test
