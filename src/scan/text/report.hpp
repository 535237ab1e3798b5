#pragma once
#include <array>
#include <string>
#include <unordered_set>
#include <vector>

#include "fieldscan/scan/text/diagnostic.hpp"

namespace fieldscan::scan {

/// So many errors, and so many warnings, of a file are listed, each with a message of so many bytes at most.
inline constexpr std::size_t most_diagnostics = 200;
inline constexpr std::size_t longest_message = 600;

/// Collects diagnostics; the same thing said twice (a base section is read once per block) is kept once. Of errors and
/// of warnings the first most_diagnostics are listed, and one more says that there are others.
class Report {
 public:
  void error(const char* code, Place place, const std::string& path, const std::string& message,
             const std::string& help = "");
  void warning(const char* code, Place place, const std::string& path, const std::string& message,
               const std::string& help = "");
  /// Adds what another one has collected.
  void take(const Report& other);
  std::size_t error_count() const { return errors_; }
  /// Whether no more errors are listed: then nobody needs to think of remedies.
  bool full() const;
  /// Counts an error that is not listed.
  void leave_out();
  /// By place, errors before warnings at the same place.
  std::vector<Diagnostic> sorted() const;

 private:
  void add(Diagnostic diagnostic);
  std::vector<Diagnostic> diagnostics_;
  std::unordered_set<std::string> known_;
  std::size_t errors_ = 0;
  std::array<std::size_t, 2> listed_{};  ///< errors and warnings
  std::array<bool, 2> left_out_{};
};

}  // namespace fieldscan::scan
