#include "fieldscan/core/printable.hpp"

#include "catch.hpp"

using namespace fieldscan;

TEST_CASE("what a terminal gets can not command it") {
  CHECK(printable("width = 64, σ_a² ≤ 1\tπ\n") == "width = 64, σ_a² ≤ 1\tπ\n");
  CHECK(printable("\x1b[31mred\x07\r") == "\\x1b[31mred\\x07\\x0d");
  CHECK(printable("a\xC2\x9Bm") == "a\\u009bm");  // the one-character escape of C1
  CHECK(printable("\xE2\x80\xAE"
                  "txt") == "\\u202etxt");  // writing turns from right to left
  CHECK(printable("\xFF\xC3(\xC0\xAF") == "\\xff\\xc3(\\xc0\\xaf");
  CHECK(printable(std::string_view("\0x", 2)) == "\\x00x");
  // Of all pairs of bytes no control is left, and no byte that is no UTF-8.
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)}, safe = printable(text);
      for (std::string_view rest = safe; !rest.empty(); rest.remove_prefix(character_length(rest))) {
        REQUIRE(character_length(rest) > 0);
        REQUIRE_FALSE(is_control(rest));
      }
    }
}

TEST_CASE("UTF-8 as RFC 3629 has it") {
  CHECK(character_length("a") == 1);
  CHECK(character_length("é") == 2);
  CHECK(character_length("√") == 3);
  CHECK(character_length("𝒩") == 4);
  for (const char* none : {"", "\x80", "\xC1\x81", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x88"})
    CHECK(character_length(none) == 0);
}

TEST_CASE("any bytes make a JSON string") {
  CHECK(json_quoted("a \"b\"\\\n√") == "\"a \\\"b\\\"\\\\\\u000a√\"");
  CHECK(json_quoted("\x01\xFF\x1b") == "\"\\u0001\\ufffd\\u001b\"");
}

TEST_CASE("a text is cut between two characters") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abcd", 3) == "abc…");
  CHECK(shortened("a√b", 2) == "a…");
}
