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
  std::string title;    ///< empty where the source names none
  std::string venue, year;
  bool operator==(const Work&) const = default;
};

/// The works in the source of a theory's card, "AUTHORS, TITLE, VENUE (YEAR); …": those that have authors and a year.
std::vector<Work> works_in(std::string_view source);

/// BibTeX of the theories that a scan computes and of its files of data, sorted by key. Sources name what they name: a
/// title or a volume that a card does not have is not there.
std::string bibliography_of(const scan::Scan& scan, const Table& table);

}  // namespace fieldscan::analysis
