#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "../table/table.hpp"

/// What the paragraph on methods says of theories, and of how everything ended.
namespace fieldscan::analysis {

/// "Of 96 chains 2 did not equilibrate, 1 diverged; 4 have not run." of all members of some series. The outcome `first`
/// is told even where there is none of it. noun: "chains". Empty where no member is there, and none is known to be
/// wanted.
std::string endings_of(const std::vector<const Series*>& series, std::string_view noun, Outcome first);

/// "Of 320 networks 99 diverged": what is there and not sound; empty where all is. What does not apply is no fault.
std::string unsound_of(const std::vector<const Series*>& series, std::string_view noun);

/// One paragraph per kind of theory: names, what it is, regime, source, in what those of several names differ; of each
/// name how many predictions did not converge, what its solvers left, how far its starts were apart, how far off it was
/// integrated. Empty where the table has no theory.
std::string theories_text(const Table& table);

}  // namespace fieldscan::analysis
