#include "catch.hpp"
#include "fieldscan/core/printable.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

/// A small reader of JSON: whether a text is a JSON value, in UTF-8. For the tests of what programs read.
class Json {
 public:
  explicit Json(std::string_view text) : text_(text) {}
  bool valid() { return value() && (blank(), text_.empty()); }

 private:
  void blank() {
    while (!text_.empty() && std::string_view(" \n\t\r").find(text_[0]) != std::string_view::npos)
      text_.remove_prefix(1);
  }
  bool take(std::string_view word) {
    blank();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  bool string() {
    if (!take("\"")) return false;
    while (!text_.empty() && text_[0] != '"') {
      if (static_cast<unsigned char>(text_[0]) < 0x20 || character_length(text_) == 0) return false;
      if (text_[0] == '\\') text_.remove_prefix(text_.size() > 1 && text_[1] == 'u' ? 5 : 1);
      if (text_.empty()) return false;
      text_.remove_prefix(character_length(text_));
    }
    return take("\"");
  }
  bool number() {
    blank();
    const auto end = text_.find_first_not_of("0123456789+-.eE");
    if (end == 0) return false;
    text_.remove_prefix(std::min(end, text_.size()));
    return true;
  }
  template <class Member>
  bool list(std::string_view close, Member member) {
    if (take(close)) return true;
    do
      if (!member()) return false;
    while (take(","));
    return take(close);
  }
  bool value() {
    if (take("[")) return list("]", [this] { return value(); });
    if (take("{")) return list("}", [this] { return string() && take(":") && value(); });
    return take("true") || take("false") || take("null") || string() || number();
  }
  std::string_view text_;
};

const std::string head = "fieldscan: 1\ndata: {input: {kind: sphere, dim: 8}}\n";

}  // namespace

TEST_CASE("a file that is no text is refused where it stops to be one", "[safe]") {
  for (const char* bytes : {"\xff", "\xc3(", "\x1b[31m", "\x07", "\xC2\x9B", "\xE2\x80\xAE", "\x7f"}) {
    const std::string text = head + "name: a" + bytes + "b\n";
    const auto read = read_scan(text, "x.yaml");
    REQUIRE(read.diagnostics.size() == 1);
    CHECK(read.diagnostics[0].code == "FS0011");
    CHECK(read.diagnostics[0].place == Place{3, 8});
  }
  CHECK(codes(std::string("\xEF\xBB\xBF") + head).empty());
  CHECK(codes("fieldscan: 1\r\ndata: {input: {kind: sphere, dim: 8}}\r\n").empty());
  CHECK(codes(std::string("fieldscan\0: 1\n", 14)) == "FS0011");
}

TEST_CASE("an escape in quotes says no more than the file may", "[safe]") {
  const auto code = [](const std::string& escape) {
    return codes(base("tests: [{kind: bound, of: error_test, below: 1, name: \"a" + escape + "b\"}]\n"));
  };
  CHECK(code("\\e[2J") == "FS0011");
  CHECK(code("\\x07") == "FS0011");
  CHECK(code("\\u202e") == "FS0011");
  CHECK(code("\\0") == "FS0011");
  CHECK(code("\\u221a").empty());  // √
}

TEST_CASE("diagnostics are JSON, and safe for a terminal, whatever the file holds", "[safe]") {
  for (int a = 1; a < 256; ++a)
    for (const char* form : {"network: {a%b: 1}\n", "network: {width: 'a%b'}\n", "%\n", "network: [%", "name: \"%"}) {
      std::string text = head + form;
      text.replace(text.find('%'), 1, 1, static_cast<char>(a));
      const auto read = read_scan(text, "dir/\x1b[1m.yaml");
      INFO(a << " in " << form);
      REQUIRE(Json(to_json(read.diagnostics, "dir/\x1b[1m.yaml")).valid());
      const std::string out = render(read.diagnostics, "dir/\x1b[1m.yaml", text);
      REQUIRE(printable(out) == out);
    }
  CHECK_FALSE(Json("[\"\xff\"]").valid());  // the reader of the test sees it
  CHECK_FALSE(Json("[\"\x1b\"]").valid());
}

TEST_CASE("overrides of the command line are shown safely too", "[safe]") {
  const auto read = read_scan(head, "x.yaml", {"na\x1bme=\x1b[2J", "\xff=1"});
  CHECK(has_errors(read.diagnostics));
  const std::string out = render(read.diagnostics, "x.yaml", head);
  CHECK(printable(out) == out);
  CHECK(Json(to_json(read.diagnostics, "x.yaml")).valid());
}
