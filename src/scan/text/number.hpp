#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "tree.hpp"

namespace fieldscan::scan {

/// A decimal number as a scan file writes it: 3, -0.5, 1e-3. Not 010 (octal elsewhere), 0x10, 1_000, inf, nan.
std::optional<double> parse_number(std::string_view text);
/// Why a text that begins like a number is none; nullopt where it is not meant as one.
struct NumberProblem {
  std::string message, help;
};
std::optional<NumberProblem> number_problem(std::string_view text);

/// Why `true` and `false` are no numbers, though expressions count with what is true as 1; nullopt for other texts.
std::optional<NumberProblem> truth_problem(std::string_view text);

/// To 12 significant digits, so that no result depends on the last bits of a spacing rule.
double round12(double value);
/// To whole numbers, halves up.
double round_half_up(double value);
bool is_whole(double value);

/// Where the text of a scalar begins (behind its quote), moved on by some characters.
Place inside(const Node& node, std::size_t offset);

}  // namespace fieldscan::scan
