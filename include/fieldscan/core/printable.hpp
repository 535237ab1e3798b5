#pragma once
#include <cstddef>
#include <string>
#include <string_view>

/// Text that others wrote (scan files, names, paths, what a child printed), made safe for a terminal, for JSON, and for
/// one line.
namespace fieldscan {

/// Bytes of the UTF-8 character (RFC 3629) with which a text begins; 0 where they are none, and for an empty text.
std::size_t character_length(std::string_view text);

/// Whether the character with which a text begins commands a terminal instead of standing for a sign: C0 and C1
/// controls other than tab and newline, DEL, separators of lines and paragraphs, marks that turn the direction of
/// writing, byte-order marks.
bool is_control(std::string_view text);

/// The text with every control and every byte that is no UTF-8 spelled out: "\x1b", "\u202e". What is left can not
/// command a terminal.
std::string printable(std::string_view text);

/// A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD: the result is JSON for any bytes.
std::string json_quoted(std::string_view text);

/// At most so many bytes of a text, cut between two characters and marked by "…".
std::string shortened(std::string_view text, std::size_t most);

}  // namespace fieldscan
