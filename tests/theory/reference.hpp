#pragma once
#include <map>
#include <string>
#include <vector>

/// Reference numbers of an independent implementation (mpmath, 30 to 40 digits), tests/theory/reference.txt: one entry
/// per line,
///     name | tolerance kind tolerance | key = number … ; key = number … | key = number … ; …
/// with the inputs first and the outputs after them; a word among the inputs (an activation) is kept as text.
namespace reference {

struct Entry {
  std::string name;
  bool relative = true;
  double tolerance = 0;
  std::map<std::string, std::vector<double>> in, out;
  std::map<std::string, std::string> words;
  double number(const std::string& key) const { return in.at(key).at(0); }
};

/// Every entry whose name starts with the prefix; never empty (a test without numbers can not fail).
std::vector<Entry> entries(const std::string& prefix);

/// |measured − expected| ≤ tolerance, relative to the expected number or absolute as the entry says.
bool agrees(const Entry& entry, double measured, double expected);

}  // namespace reference
