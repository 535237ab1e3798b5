#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "../table/table.hpp"
#include "fieldscan/scan/points/scan.hpp"

namespace fieldscan::analysis {

/// One work that a theory names as its source.
struct Work {
  std::string key;      ///< "jacot2018"
  std::string authors;  ///< "A. Jacot and F. Gabriel and C. Hongler"
  std::string title;    ///< from the source, else from titles.cpp; empty where neither has it
  std::string venue, year;
  std::string remark = {};  ///< what stands behind the year: "section 7.1"
  bool operator==(const Work&) const = default;
};

/// The works in the source of a theory's card, "AUTHORS, TITLE, VENUE (YEAR); …": those that have authors and a year.
std::vector<Work> works_in(std::string_view source);

/// The title in CITATION.cff.
inline constexpr std::string_view program_title =
    "fieldscan: ensembles of finite neural networks against statistical field theory";

/// BibTeX of the theories that a scan computes, sorted by key, of this program and of the scan's files of data. Sources
/// name what they name: a volume that a card does not have is not there.
std::string bibliography_of(const scan::Scan& scan, const Table& table);

}  // namespace fieldscan::analysis
