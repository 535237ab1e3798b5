#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fieldscan::analysis {

enum class Verdict { supported, contradicted, undecided };
std::string_view word_of(Verdict verdict);

/// What one declared test came to.
struct TestResult {
  std::string name;
  std::string statement;  ///< the test in words, with its numbers: "exponent of deviation(nngp) in width, 64 … 1024:
                          ///< −0.98 ± 0.03; expected −1 ± 0.2"
  Verdict verdict = Verdict::undecided;
  std::string because;  ///< one or two sentences; for undecided: what is missing and roughly how much more
  double p_value = 1;   ///< of the null that would make it contradicted, before Holm
  struct Part {
    std::string label;
    std::string statement;
    Verdict verdict;
    std::map<std::string, std::string> key = {};  ///< axis (full path) or dimension → label, where the part has a place
  };
  std::vector<Part> parts;  ///< one per value of `by`
  bool without_numbers =
      false;  ///< undecided, and more compute does not help: all replicas of a point ended without numbers
};

}  // namespace fieldscan::analysis
