#include "fieldscan/scan/text/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "fieldscan/core/printable.hpp"
#include "report.hpp"

namespace fieldscan::scan {
namespace {

/// Finds the lines of a text, whose numbers are asked for in rising order: the text is read once.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::string_view operator()(int line) {
    for (; number_ < line; ++number_) {
      const auto end = rest_.find('\n');
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    }
    std::string_view found = rest_.substr(0, rest_.find('\n'));
    while (!found.empty() && found.back() == '\r') found.remove_suffix(1);
    return found;
  }

 private:
  std::string_view rest_;
  int number_ = 1;
};

bool word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' || (c & 0x80);
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

/// Columns count characters; how many bytes of the line come before one.
std::size_t byte_of_column(std::string_view line, int column) {
  std::size_t at = 0;
  for (int c = 1; c < column && at < line.size(); ++c) {
    ++at;
    while (at < line.size() && continues(line[at])) ++at;
  }
  return at;
}

/// Where the word ends that begins at a byte of a line.
std::size_t end_of_word(std::string_view line, std::size_t at) {
  std::size_t end = at;
  if (at < line.size() && (line[at] == '"' || line[at] == '\'')) {
    const auto close = line.find(line[at], at + 1);
    end = close == std::string_view::npos ? line.size() : close + 1;
  }
  while (end < line.size() && word_character(line[end])) ++end;
  return end;
}

/// The part of a line around a column, safe for a terminal, and a line below it with as many carets as the word there
/// is long.
std::string excerpt(std::string_view line, int column) {
  constexpr std::size_t before = 100, after = 160;
  const std::size_t at = byte_of_column(line, column);
  std::size_t from = at > before ? at - before : 0, to = std::min(line.size(), at + after);
  while (from > 0 && from < at && continues(line[from])) ++from;
  while (to < line.size() && continues(line[to])) ++to;
  const std::string head = (from > 0 ? "…" : "") + printable(line.substr(from, at - from));
  const std::string word = printable(line.substr(at, std::min(end_of_word(line, at), to) - at));
  // A column behind the end of the line: something is missing there.
  const std::size_t beyond =
      at == line.size() ? static_cast<std::size_t>(std::max(column - 1, 0)) - characters(line) : 0;
  return fmt::format("{}{}{}\n      | {}{}\n", head, printable(line.substr(at, to - at)), to < line.size() ? "…" : "",
                     std::string(characters(head) + std::min(beyond, before), ' '),
                     std::string(std::max<std::size_t>(characters(word), 1), '^'));
}

std::string key_of(const Diagnostic& d) {
  return fmt::format("{}:{} {} {}", d.place.line, d.place.column, d.code, d.message);
}

std::string_view word(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

}  // namespace

std::string render(const std::vector<Diagnostic>& diagnostics, const std::string& file, const std::string& text) {
  std::string out;
  std::size_t errors = 0;
  const std::string name = printable(file);
  Lines line(text);
  for (const auto& d : diagnostics) {
    errors += d.severity == Severity::error;
    const std::string message = printable(d.message);
    if (d.place.line == 0) {
      out += fmt::format("{}: {}[{}]: {}\n", name, word(d.severity), d.code, message);
    } else {
      out +=
          fmt::format("{}:{}:{}: {}[{}]: {}\n", name, d.place.line, d.place.column, word(d.severity), d.code, message);
      out += fmt::format("{:5} | {}", d.place.line, excerpt(line(d.place.line), d.place.column));
    }
    if (!d.help.empty()) out += fmt::format(" help: {}\n", printable(d.help));
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
        out.size() > 1 ? "," : "", word(d.severity), json_quoted(d.code), json_quoted(file), d.place.line,
        d.place.column, json_quoted(d.path), json_quoted(d.message), json_quoted(d.help));
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
  for (std::size_t k = 0; k < left_out_.size(); ++k) left_out_[k] = left_out_[k] || other.left_out_[k];
  if (other.left_out_[0]) ++errors_;
}

bool Report::full() const { return listed_[0] >= most_diagnostics; }

void Report::leave_out() {
  ++errors_;
  left_out_[0] = true;
}

void Report::add(Diagnostic d) {
  d.message = shortened(d.message, longest_message);
  d.help = shortened(d.help, longest_message);
  d.path = shortened(d.path, longest_message);
  const auto severity = static_cast<std::size_t>(d.severity);
  const std::string key = key_of(d);
  if (known_.contains(key)) return;
  if (d.severity == Severity::error) ++errors_;
  if (listed_[severity] == most_diagnostics) {
    left_out_[severity] = true;
    return;
  }
  ++listed_[severity];
  known_.insert(key);
  diagnostics_.push_back(std::move(d));
}

std::vector<Diagnostic> Report::sorted() const {
  auto sorted = diagnostics_;
  std::ranges::stable_sort(sorted, {},
                           [](const Diagnostic& d) { return std::tuple(d.place.line, d.place.column, d.severity); });
  for (const Severity severity : {Severity::error, Severity::warning})
    if (left_out_[static_cast<std::size_t>(severity)])
      sorted.push_back(
          {severity, "FS0010", sorted.back().place, "",
           fmt::format("there are more than {} {}s; the others are not listed", most_diagnostics, word(severity)),
           "mend these first"});
  return sorted;
}

}  // namespace fieldscan::scan
