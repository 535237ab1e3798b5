#include "mutations.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace fieldscan::scan::test {
namespace {

const std::vector<std::string> numbers{
    "0",          "-0",         "-1",      "1e308", "-1e308",      "1e-320", "1e999",
    "2147483647", "2147483648", "9e15",    "1e20",  "0.5",         "3",      "1000000",
    "1e9",        "010",        "0x10",    "1_000", ".inf",        "nan",    "true",
    "1e400",      "\"2^53\"",   "\"1/0\"", "7%",    "-2147483648", "64",     "9223372036854775808",
    "1e-9",       "+1"};
const std::vector<std::string> hard{"~",
                                    "null",
                                    "''",
                                    "[]",
                                    "{}",
                                    "[[[[]]]]",
                                    "{a: {b: {c: 1}}}",
                                    "\"\\e[2J\"",
                                    "\"\\0\"",
                                    "'(((((((1)))))))'",
                                    "\"width*(\"",
                                    "'-'",
                                    "\"a ? b : c ? d : e\"",
                                    "\"error_ensemble(1e999)\"",
                                    "\"rms(a - b)\"",
                                    "\"deviation()\"",
                                    "\"min()\"",
                                    "\"1e5e5\"",
                                    "{linspace: [0, 1], num: 1000}",
                                    "{logspace: [1, 1e9], num: 50}",
                                    "{range: [0, 1], step: -1}",
                                    "{powers: 2, from: 1, to: 1e300}",
                                    "{as: x, value: {kind: y}}",
                                    "!!int 3",
                                    "<<",
                                    "? a",
                                    "|",
                                    ">-",
                                    "%",
                                    "@",
                                    "`",
                                    "#",
                                    "---",
                                    "...",
                                    "&a",
                                    "*a",
                                    "√",
                                    "\xE2\x80\xAE",
                                    "\xFF",
                                    "\t",
                                    "\r",
                                    "'erf'",
                                    "\"activation == 'erf'\"",
                                    "\"ridge = 1\""};

bool of_token(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-'; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

Mutations::Mutations(std::vector<std::string> corpus, std::uint64_t seed) : corpus_(std::move(corpus)), random_(seed) {
  for (const auto& text : corpus_)
    for (std::size_t at = 0; at < text.size(); ++at) {
      const std::size_t begin = at;
      while (at < text.size() && of_token(text[at])) ++at;
      if (at > begin) tokens_.push_back(text.substr(begin, at - begin));
    }
}

std::string Mutations::next() {
  std::string text = any(corpus_);
  for (std::size_t left = 1 + below(6); left > 0; --left) switch (below(12)) {
      case 0:
        change_bytes(text);
        break;
      case 1:
        change_range(text);
        break;
      case 2:
        change_lines(text);
        break;
      case 3:
        wrap_value(text);
        break;
      case 4:
        alias(text);
        break;
      case 5:
      case 6:
        add_field(text);
        break;
      default:
        replace_token(text);
    }
  return text;
}

std::string Mutations::token() {
  switch (below(8)) {
    case 0:
      return any(hard);
    case 1:
      return std::string(1 + below(3000), static_cast<char>('a' + below(26)));
    case 2:
    case 3:
      return any(tokens_);
    default:
      return any(numbers);
  }
}

void Mutations::change_bytes(std::string& text) {
  for (std::size_t count = 1 + below(4); count > 0 && !text.empty(); --count)
    text[below(text.size())] = static_cast<char>(below(256));
}

/// A range is removed, repeated, or replaced by one of another text.
void Mutations::change_range(std::string& text) {
  if (text.empty()) return;
  const std::size_t from = below(text.size()), length = below(std::min<std::size_t>(text.size() - from, 200) + 1);
  const std::string range = text.substr(from, length);
  const std::string& other = any(corpus_);
  const std::size_t kind = below(3);
  if (kind == 0) text.erase(from, length);
  if (kind == 1)
    for (std::size_t k = below(20); k > 0; --k) text.insert(from, range);
  if (kind == 2) text.replace(from, length, other.substr(below(other.size()), length + 20));
}

void Mutations::change_lines(std::string& text) {
  auto lines = lines_of(text);
  if (lines.empty()) return;
  const std::size_t a = below(lines.size()), b = below(lines.size());
  const std::size_t kind = below(4);
  if (kind == 0) std::swap(lines[a], lines[b]);
  if (kind == 1) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(a));
  if (kind == 2) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(a), lines[b]);
  if (kind == 3) lines[a] = std::string(below(6), ' ') + lines[a];
  text.clear();
  for (const auto& line : lines) text += line + "\n";
}

void Mutations::replace_token(std::string& text) {
  if (text.empty()) return;
  std::size_t from = below(text.size());
  while (from < text.size() && !of_token(text[from])) ++from;
  while (from > 0 && of_token(text[from - 1])) --from;
  std::size_t to = from;
  while (to < text.size() && of_token(text[to])) ++to;
  text.replace(from, to - from, token());
}

/// What follows a colon becomes deeper, longer, or something else.
void Mutations::wrap_value(std::string& text) {
  const std::size_t colon = text.find(": ", text.empty() ? 0 : below(text.size()));
  if (colon == std::string::npos) return;
  const std::size_t end = std::min(text.find_first_of(",}\n", colon), text.size());
  const std::string value = text.substr(colon + 2, end > colon + 2 ? end - colon - 2 : 0);
  const std::size_t depth = below(4) == 0 ? 1 + below(600) : 1;
  std::string wrapped = value;
  const std::size_t kind = below(4);
  if (kind == 0) wrapped = std::string(depth, '[') + value + std::string(depth, ']');
  if (kind == 1) wrapped = "[" + value + ", " + token() + ", " + token() + "]";
  if (kind == 2) wrapped = "{kind: " + value + ", " + any(tokens_) + ": " + token() + "}";
  if (kind == 3) wrapped = token();
  text.replace(colon + 2, value.size(), wrapped);
}

/// One more field in a mapping.
void Mutations::add_field(std::string& text) {
  const std::size_t close = text.find('}', text.empty() ? 0 : below(text.size()));
  if (close != std::string::npos) text.insert(close, ", " + any(tokens_) + ": " + token());
}

void Mutations::alias(std::string& text) {
  const std::size_t colon = text.find(": ", text.empty() ? 0 : below(text.size()));
  if (colon == std::string::npos) return;
  text.insert(colon + 2, below(2) == 0 ? "&a " : "*a ");
}

}  // namespace fieldscan::scan::test
