#pragma once
#include "fieldscan/analysis/theory_alone/theory_table.hpp"

namespace fieldscan::analysis {

enum class TheoryFormat { text, csv, json };
/// The table in words: as CSV one row per number (problems are not in it), as text and JSON with the problems.
std::string render(const TheoryTable& table, TheoryFormat format);
/// The problems alone, a line each.
std::string problems_text(const TheoryTable& table);

}  // namespace fieldscan::analysis
