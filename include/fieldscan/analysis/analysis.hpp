#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::analysis {

enum class Verdict { supported, contradicted, undecided };
std::string_view word_of(Verdict verdict);

/// What one declared test came to.
struct TestResult {
  std::string name;
  std::string
      statement;  ///< the test in words, with its numbers: "exponent of deviation(nngp) in width, 64 … 1024: −0.98 ± 0.03; expected −1 ± 0.2"
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

/// Evaluates all declared tests; one family error rate 5 % over them (Holm).
std::vector<TestResult> evaluate_tests(const scan::Scan& scan, const store::Store& store);
/// 0 all supported or none declared; 5 one contradicted; else 4 where one is undecided because all replicas of a point ended without
/// numbers, 6 where some are undecided for other reasons.
int exit_status(const std::vector<TestResult>& results);
std::string render(const std::vector<TestResult>& results);
std::string to_json(const std::vector<TestResult>& results);

/// Writes to the directory `out`: index.html (self-contained), figures as SVG and PNG with their gnuplot scripts. Returns the page's path.
std::filesystem::path write_report(const scan::Scan& scan, const store::Store& store, const std::filesystem::path& out);

enum class Format { csv, netcdf, json };
/// Writes values.csv, points.csv, failures.csv, provenance.csv (or values.nc; or values.json and verdicts.json) to a directory: sorted,
/// tidy, and except for provenance.csv the same bytes whatever the order in which results came in.
void export_results(const scan::Scan& scan, const store::Store& store, Format format,
                    const std::filesystem::path& directory);

}  // namespace fieldscan::analysis
