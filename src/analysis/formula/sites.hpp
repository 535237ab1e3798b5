#pragma once
#include <set>

#include "formula.hpp"

/// Which sites a statement is about, and how they are grouped.
namespace fieldscan::analysis {

/// What a statement says about its sites.
struct Selection {
  std::vector<scan::Mentions> formulas;  ///< of, with, versus: the first with observables sets times and coordinates
  std::optional<scan::Mentions> where;
  std::vector<std::string> names;     ///< by, over, between, along, each
  std::string at;                     ///< start, end, best, all, a time; empty: the end
  std::string theory;                 ///< the formulas' observables are taken from it
  std::vector<std::string> theories;  ///< points without these are left out
};

/// The sites at which the statement holds, in the order of the plan, times and coordinates ascending.
std::vector<Site> select_sites(const Context& context, const Selection& selection);

struct Group {
  std::map<std::string, std::string> key;  ///< axis (full path) or dimension → label
  std::string label;                       ///< "width = 512, train_size = 16": only what differs between the groups
  std::vector<Site> sites;
};

/// Sites that agree in every axis and dimension but the free ones (those of versus, over, between, along). `versus`: the abscissa;
/// where it mentions no axis, the axes that it varies with are free as well, unless they stand in `by`.
std::vector<Group> group_sites(const Context& context, const std::vector<Site>& sites, std::set<std::string> free,
                               const std::vector<std::string>& by, const scan::Mentions* versus = nullptr);

/// The full paths and dimension words that a formula mentions.
std::set<std::string> names_in(const scan::Mentions& formula);
std::set<std::string> full_names(const Context& context, const std::vector<std::string>& names);
/// The label of a site along an axis, field or dimension (full name).
std::string label_at(const Context& context, const Site& site, const std::string& name);

}  // namespace fieldscan::analysis
