#pragma once
#include "statement_reader.hpp"

/// Which keys mean something in which kind of statement. What a kind does not use is refused: it would be a wish that
/// nobody hears.
namespace fieldscan::scan {

std::vector<std::string_view> define_keys(const DefineKind& kind);
/// What to write instead of keys that other kinds have.
std::vector<StatementReader::Remedy> test_remedies();
std::vector<StatementReader::Remedy> define_remedies(const Define& define, const Node& node);

/// `at` chooses a time, which means nothing where the statement runs over all of them.
void refuse_at_over_time(StatementReader& reader, const std::string& at);
/// Nor where every observable of these formulas has a time of its own.
void refuse_at_beside_times(const std::vector<Formula>& formulas, const std::string& at, StatementReader& reader);
/// A curve along an axis has one point for each value of that axis: in `by` it would have a single one.
void refuse_axis_in_by(const std::vector<std::string>& by, const std::string& axis, std::string_view key,
                       StatementReader& reader);
/// Reports what a definition says beside the rest of it.
void refuse_unused(const Define& define, StatementReader& reader);

}  // namespace fieldscan::scan
