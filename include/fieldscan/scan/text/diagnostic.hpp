#pragma once
#include <string>
#include <vector>

namespace fieldscan::scan {

enum class Severity { error, warning };

/// A place in a scan file, 1-based; line 0: no place (an override of the command line).
struct Place {
  int line = 0;
  int column = 0;
  bool operator==(const Place&) const = default;
};

/// One thing wrong with a scan file: problem (why), and what to write instead.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;  ///< "FS0102": `fieldscan explain FS0102` has a page
  Place place;
  std::string path;  ///< scan.grid.network.width
  std::string message;
  std::string help;  ///< the remedy; empty where the message is one
};

/// All diagnostics of a file, sorted by place, each with its source line and a caret; `colour` for terminals.
std::string render(const std::vector<Diagnostic>& diagnostics, const std::string& file, const std::string& text);
std::string to_json(const std::vector<Diagnostic>& diagnostics, const std::string& file);
bool has_errors(const std::vector<Diagnostic>& diagnostics);

}  // namespace fieldscan::scan
