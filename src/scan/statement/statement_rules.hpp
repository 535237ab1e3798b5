#pragma once
#include "statement_reader.hpp"

/// Which keys mean something in which kind of statement. What a kind does not use is refused: it would be a wish that nobody hears.
namespace fieldscan::scan {

std::vector<std::string_view> define_keys(Define::Kind kind);
/// What to write instead of keys that other kinds have.
std::vector<StatementReader::Remedy> test_remedies();
std::vector<StatementReader::Remedy> define_remedies(const Define& define, const Node& node);

/// Reports what a statement says beside the rest of it: `at` where time runs, a margin without an expectation, the axis of a curve in
/// `by`. For statements that have been read.
void refuse_unused(const Test& test, StatementReader& reader);
void refuse_unused(const Define& define, StatementReader& reader);
void refuse_unused(const Figure& figure, StatementReader& reader);

}  // namespace fieldscan::scan
