#include "fieldscan/scan/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "report.hpp"

namespace fieldscan::scan {
namespace {

std::string_view line_of(std::string_view text, int line) {
  for (; line > 1; --line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  while (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

bool word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' || (c & 0x80);
}

/// Columns count characters; how many bytes of the line come before one.
std::size_t byte_of_column(std::string_view line, int column) {
  std::size_t at = 0;
  for (int c = 1; c < column && at < line.size(); ++c) {
    ++at;
    while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

/// As many carets as the word at the column is long.
std::string carets(std::string_view line, int column) {
  const std::size_t at = byte_of_column(line, column);
  std::size_t end = at;
  if (at < line.size() && (line[at] == '"' || line[at] == '\'')) {
    const auto close = line.find(line[at], at + 1);
    end = close == std::string_view::npos ? line.size() : close + 1;
  }
  while (end < line.size() && word_character(line[end])) ++end;
  int count = 0;
  for (std::size_t i = at; i < end; ++i) count += (static_cast<unsigned char>(line[i]) & 0xC0) != 0x80;
  return std::string(static_cast<std::size_t>(std::max(count, 1)), '^');
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (byte < 0x20)
      out += fmt::format("\\u{:04x}", byte);
    else
      out += c;
  }
  return out + "\"";
}

std::string_view word(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

}  // namespace

std::string render(const std::vector<Diagnostic>& diagnostics, const std::string& file, const std::string& text) {
  std::string out;
  std::size_t errors = 0;
  for (const auto& d : diagnostics) {
    errors += d.severity == Severity::error;
    if (d.place.line == 0) {
      out += fmt::format("{}: {}[{}]: {}\n", file, word(d.severity), d.code, d.message);
    } else {
      const std::string_view line = line_of(text, d.place.line);
      out += fmt::format("{}:{}:{}: {}[{}]: {}\n", file, d.place.line, d.place.column, word(d.severity), d.code,
                         d.message);
      out += fmt::format("{:5} | {}\n", d.place.line, line);
      out += fmt::format("      | {}{}\n", std::string(static_cast<std::size_t>(std::max(d.place.column - 1, 0)), ' '),
                         carets(line, d.place.column));
    }
    if (!d.help.empty()) out += fmt::format(" help: {}\n", d.help);
  }
  const std::size_t warnings = diagnostics.size() - errors;
  if (!diagnostics.empty())
    out += fmt::format("{} error{}, {} warning{}{}\n", errors, errors == 1 ? "" : "s", warnings,
                       warnings == 1 ? "" : "s", errors ? "; nothing was started" : "");
  return out;
}

std::string to_json(const std::vector<Diagnostic>& diagnostics, const std::string& file) {
  std::string out = "[";
  for (const auto& d : diagnostics) {
    out += fmt::format(
        "{}\n  {{\"severity\": \"{}\", \"code\": {}, \"file\": {}, \"line\": {}, \"column\": {}, \"path\": {}, "
        "\"message\": {}, \"help\": {}}}",
        out.size() > 1 ? "," : "", word(d.severity), json_string(d.code), json_string(file), d.place.line,
        d.place.column, json_string(d.path), json_string(d.message), json_string(d.help));
  }
  return out + "\n]\n";
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::ranges::any_of(diagnostics, [](const auto& d) { return d.severity == Severity::error; });
}

void Report::error(const char* code, Place place, const std::string& path, const std::string& message,
                   const std::string& help) {
  add({Severity::error, code, place, path, message, help});
}

void Report::warning(const char* code, Place place, const std::string& path, const std::string& message,
                     const std::string& help) {
  add({Severity::warning, code, place, path, message, help});
}

void Report::take(const Report& other) {
  for (const auto& d : other.diagnostics_) add(d);
}

void Report::add(Diagnostic d) {
  const bool known = std::ranges::any_of(diagnostics_, [&](const Diagnostic& other) {
    return other.place == d.place && other.code == d.code && other.message == d.message;
  });
  if (known) return;
  errors_ += d.severity == Severity::error;
  diagnostics_.push_back(std::move(d));
}

std::vector<Diagnostic> Report::sorted() const {
  auto sorted = diagnostics_;
  std::ranges::stable_sort(sorted, {},
                           [](const Diagnostic& d) { return std::tuple(d.place.line, d.place.column, d.severity); });
  return sorted;
}

}  // namespace fieldscan::scan
