#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fieldscan {

/// Edits (insertions, deletions, substitutions, transpositions of neighbours) between two words, case and '-'/'_'
/// folded.
int edit_distance(std::string_view a, std::string_view b);

/// The nearest of the candidates within max(1, length/3) edits, best first, three at most.
std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);

/// "a, b or c".
std::string join_or(std::span<const std::string_view> words);

/// Shortest text that reads back to the same number.
std::string shortest(double value);

}  // namespace fieldscan
