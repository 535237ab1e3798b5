#include <fmt/format.h>

#include <map>
#include <optional>

#include "fieldscan/core/error.hpp"
#include "read.hpp"

namespace fieldscan::data {
namespace {

// What may stand in the dictionary: a text, a truth value, a tuple of whole numbers; of everything else (a list of
// fields) the text.
struct Value {
  std::optional<std::string> text = {};
  std::optional<bool> truth = {};
  std::optional<std::vector<Index>> sizes = {};
  std::string other = {};
};

// A Python literal of the kind that NPY headers are: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }.
class LiteralReader {
 public:
  LiteralReader(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  std::map<std::string, Value> dictionary() {
    std::map<std::string, Value> entries;
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      expect(':');
      if (!entries.emplace(key, value()).second) fail(fmt::format("'{}' stands in it twice", shown(key)));
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size()) fail("there is something behind its end");
    return entries;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw EnvironmentError(
        fmt::format("{}: is not a NPY file that can be read here (in its header {}); write it again "
                    "with numpy.save or numpy.savez",
                    path_, why));
  }

  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (at_ < text_.size() && (next() == ' ' || next() == '\t' || next() == '\n' || next() == '\r')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (next() != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(fmt::format("a '{}' is missing at character {}", c, at_));
  }

  std::string quoted() {
    skip_blanks();
    const char quote = next();
    if (quote != '\'' && quote != '"') fail(fmt::format("a text is missing at character {}", at_));
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail("a text does not end");
    std::string text(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return text;
  }

  // (3, 2), (3,), (): Python 2 wrote long numbers with an L.
  std::vector<Index> tuple() {
    std::vector<Index> sizes;
    expect('(');
    while (!take(')')) {
      skip_blanks();
      const std::size_t start = at_;
      Index size = 0;
      for (; next() >= '0' && next() <= '9'; ++at_) {
        size = 10 * size + (next() - '0');
        if (size > Index{1} << 48) fail("a size in its shape is too large");
      }
      if (at_ == start) fail(fmt::format("its shape is no tuple of whole numbers (character {})", at_));
      take('L');
      sizes.push_back(size);
      if (sizes.size() > 64) fail("its shape has more than 64 sizes");
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }

  Value value() {
    skip_blanks();
    if (next() == '\'' || next() == '"') return {.text = quoted()};
    if (next() == '(') return {.sizes = tuple()};
    if (take("True")) return {.truth = true};
    if (take("False")) return {.truth = false};
    // A structured type, [('a', '<f8'), ('b', '<i4')]: up to its closing bracket.
    const std::size_t start = at_;
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (next() == '[' || next() == '(' || next() == '{') ++depth;
      if (next() == ']' || next() == ')' || next() == '}') --depth;
      if (depth < 0 || (depth == 0 && next() == ',')) break;
    }
    if (at_ == start) fail(fmt::format("a value is missing at character {}", at_));
    return {.other = std::string(text_.substr(start, at_ - start))};
  }

  std::string_view text_;
  const std::string& path_;
  std::size_t at_ = 0;
};

std::string name_of(char kind) {
  switch (kind) {
    case 'c':
      return "complex numbers";
    case 'O':
      return "Python objects";
    case 'S':
    case 'U':
    case 'a':
      return "texts";
    case 'M':
    case 'm':
      return "dates";
    case 'V':
      return "raw bytes";
    default:
      return "not built in";
  }
}

NumberType type_of(const Value& descr, const std::string& path) {
  const auto refuse = [&](const std::string& named, const std::string& what) {
    throw EnvironmentError(
        fmt::format("{}: its numbers are of type {} ({}), and can not be read here; allowed are truth values, "
                    "whole numbers of 1 to 8 bytes, and f2, f4, f8: write x.astype('f8')",
                    path, shown(named), what));
  };
  if (!descr.text) refuse(descr.other.empty() ? "unknown" : descr.other, "several fields");
  const std::string& text = *descr.text;
  const bool has_order = !text.empty() && std::string_view("<>=|").find(text[0]) != std::string_view::npos;
  const std::string rest = text.substr(has_order ? 1 : 0);
  NumberType type{
      .kind = rest.empty() ? '?' : rest[0],
      .size = rest.size() == 2 && rest[1] >= '1' && rest[1] <= '9' ? static_cast<std::size_t>(rest[1] - '0') : 0,
      .order = text.starts_with('>') ? ByteOrder::big : ByteOrder::little};
  if (rest == "?") type = {.kind = 'b', .size = 1};
  if (!is_supported(type)) refuse(text, type.kind == 'f' ? "longer than a double" : name_of(type.kind));
  return type;
}

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const std::string& path) {
  auto entries = LiteralReader(text, path).dictionary();
  const auto need = [&](const char* key) -> const Value& {
    const auto found = entries.find(key);
    if (found == entries.end()) throw EnvironmentError(fmt::format("{}: its header has no '{}'", path, key));
    return found->second;
  };
  const Value &descr = need("descr"), &order = need("fortran_order"), &shape = need("shape");
  if (!order.truth) throw EnvironmentError(path + ": 'fortran_order' in its header is neither True nor False");
  if (!shape.sizes) throw EnvironmentError(path + ": 'shape' in its header is no tuple of whole numbers");
  return {.type = type_of(descr, path), .fortran_order = *order.truth, .shape = *shape.sizes};
}

}  // namespace fieldscan::data
