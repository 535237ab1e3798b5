#pragma once
#include <map>
#include <set>

#include "formula.hpp"

namespace fieldscan::analysis {

struct Group {
  std::map<std::string, std::string> key;  ///< axis (full path) or dimension → label
  std::string label;                       ///< "width = 512, train_size = 16": only what differs between the groups
  std::vector<Site> sites;
};

/// Sites that agree in every axis and dimension but the free ones (those of versus, over, between, along). `versus`:
/// the abscissa; where it mentions no axis, the axes that it varies with are free as well, unless they stand in `by`.
std::vector<Group> group_sites(const Context& context, const std::vector<Site>& sites, std::set<std::string> free,
                               const std::vector<std::string>& by, const scan::Mentions* versus = nullptr);

/// Different blocks of a scan may have points at one abscissa that differ in fields that are no axes (`fixed:`): these
/// are no points of one curve, and such fields split their group. `group_sites` does it where there is a `versus`.
std::vector<Group> split_blocks(const Context& context, const std::vector<Group>& groups, const scan::Mentions& versus);

}  // namespace fieldscan::analysis
