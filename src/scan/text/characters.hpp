#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "report.hpp"

/// The characters of a scan file, before it is taken for YAML.
namespace fieldscan::scan {

struct BadCharacter {
  std::size_t offset = 0;
  std::string what;  ///< "the byte \\xff, which is no UTF-8"
};

/// The first byte that is no UTF-8, or character that commands a terminal.
std::optional<BadCharacter> first_bad_character(std::string_view text);

/// A file that is too large, or that is no text; the library would take some of that for other encodings. Carriage
/// returns may end lines, and a byte-order mark may begin the file.
void reject_unreadable(const std::string& text, Report& report);

/// The library takes tabs for indentation in places and then reads another structure than the eye does.
void reject_tabs(const std::string& text, Report& report);

}  // namespace fieldscan::scan
