#include "theory/reference.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace reference {

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

void read_fields(const std::string& text, Entry& entry, std::map<std::string, std::vector<double>>& numbers) {
  for (const std::string& part : split(text, ';')) {
    std::istringstream stream(part);
    std::string key, equals, token;
    if (!(stream >> key >> equals)) continue;
    while (stream >> token) {
      char* end = nullptr;
      const double value = std::strtod(token.c_str(), &end);
      if (*end == '\0')
        numbers[key].push_back(value);
      else
        entry.words[key] = token;
    }
  }
}

}  // namespace

std::vector<Entry> entries(const std::string& prefix) {
  std::ifstream file(std::string(FIELDSCAN_TEST_DIR) + "/theory/reference.txt");
  if (!file) throw std::runtime_error("tests/theory/reference.txt is missing");
  std::vector<Entry> found;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || line.rfind(prefix, 0) != 0) continue;
    const auto parts = split(line, '|');
    if (parts.size() != 4) throw std::runtime_error("malformed line in reference.txt: " + line);
    Entry entry;
    std::istringstream name(parts[0]), tolerance(parts[1]);
    std::string kind;
    name >> entry.name;
    tolerance >> kind >> entry.tolerance;
    entry.relative = kind == "rel";
    read_fields(parts[2], entry, entry.in);
    read_fields(parts[3], entry, entry.out);
    found.push_back(std::move(entry));
  }
  if (found.empty()) throw std::runtime_error("no reference numbers for " + prefix);
  return found;
}

bool agrees(const Entry& entry, double measured, double expected) {
  const double scale = entry.relative ? std::abs(expected) : 1.0;
  return std::abs(measured - expected) <= entry.tolerance * scale;
}

}  // namespace reference
