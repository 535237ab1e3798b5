#pragma once
#include <string>
#include <vector>

#include "fieldscan/scan/diagnostic.hpp"

namespace fieldscan::scan {

/// Collects diagnostics; the same thing said twice (a base section is read once per block) is kept once.
class Report {
 public:
  void error(const char* code, Place place, const std::string& path, const std::string& message,
             const std::string& help = "");
  void warning(const char* code, Place place, const std::string& path, const std::string& message,
               const std::string& help = "");
  /// Adds what another one has collected.
  void take(const Report& other);
  std::size_t error_count() const { return errors_; }
  /// By place, errors before warnings at the same place.
  std::vector<Diagnostic> sorted() const;

 private:
  void add(Diagnostic diagnostic);
  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
};

}  // namespace fieldscan::scan
