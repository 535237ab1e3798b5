#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "../schema/deferred.hpp"
#include "../text/report.hpp"
#include "../text/tree.hpp"

/// The top of a scan file: what is said once for the whole of it.
namespace fieldscan::scan {

/// Puts the `path=value` of the command line into the tree.
void apply_overrides(Node& root, const std::vector<std::string>& overrides, Report& report);
/// Reports unknown sections, and the version and the input where they are missing.
void check_top(const Node& root, Report& report);
/// `replicas: {data_draws: 5, initialisations: 4}`, at the top or in a block, is another word for `ensemble`.
void rename_replicas(Node& root, Report& report);
/// `network.output_scale: s`, the s of f = s Σ a φ, is another word for χ = σ_a²/(N s²): an expression in its place, of
/// the point's own numbers.
void spell_output_scale(Node& root, Report& report);
/// The sections as they stand, also where an axis or a block replaces what they say. What is missing may come from
/// those. Returns the expressions in them.
std::vector<Deferred> check_sections(const Node& root, Report& report);
/// `name`, else that of the file.
std::string read_name(const Node& root, const std::string& file, Report& report);
/// The seed of the file, of what is random beside the points; what is wrong with it is said where the points are read.
std::int64_t seed_of(const Node& root);
/// The blocks of `scan`; one nullptr where there is none.
std::vector<const Node*> block_nodes(const Node& root, Report& report);

}  // namespace fieldscan::scan
