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

/// A site at which a condition on results has no value, so that statements leave it out, and why.
struct UnknownSite {
  Site site;
  Quantity why;
};
/// Of how many sites, at which the formulas can have numbers, a condition has none. Empty where it is of fields alone:
/// points without a field are not meant.
struct UnknownSites {
  std::vector<UnknownSite> unknown = {};
  std::size_t of = 0;
};
UnknownSites unknown_sites(const Context& context, const Selection& selection);
/// "width = 64, time = 3": by what a site differs from others.
std::string place_of(const Context& context, const Site& site);

/// The full paths and dimension words that a formula mentions.
std::set<std::string> names_in(const scan::Mentions& formula);
std::set<std::string> full_names(const Context& context, const std::vector<std::string>& names);
/// The label of a site along an axis, field or dimension (full name).
std::string label_at(const Context& context, const Site& site, const std::string& name);

}  // namespace fieldscan::analysis
