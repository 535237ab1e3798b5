#pragma once
#include <string>
#include <vector>

/// Texts of drawings in lines that fit. A room is in units of the figure.
namespace fieldscan::analysis {

inline constexpr double letter = 12;  ///< height of a line of text
/// Of the room that a text of bold letters may be said to take: they are wider by a seventh.
inline constexpr double bold_share = 0.87;

/// The text, or its beginning and its end with "…" between them where it is wider.
std::string shortened(const std::string& text, double room);
/// Lines that are no wider, as far as spaces and operators allow; three at most, of more the middle one stands for all
/// that are neither first nor last, shortened.
std::vector<std::string> wrapped(const std::string& text, double room);
/// Lines that are no wider in any case: between words, at the parts of a name where a word is too long, and a part that
/// is too long still is shortened.
std::vector<std::string> lines_within(const std::string& text, double room);
/// The lines of a label beside an axis of that length: as `wrapped`, where its letters do not have to be smaller than
/// three quarters for it, else as `lines_within`.
std::vector<std::string> label_lines(const std::string& text, double length);

}  // namespace fieldscan::analysis
