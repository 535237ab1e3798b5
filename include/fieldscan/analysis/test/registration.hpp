#pragma once
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/store/store.hpp"

/// Pre-registration: the store keeps every text that ran, the first of them from before the first result.
namespace fieldscan::analysis {

struct RegistrationChange {
  enum class Kind { added, changed, removed };
  std::string test;  ///< its name
  Kind kind = Kind::added;
  std::string before;  ///< the claim as it was registered; empty where added
  std::string since;   ///< UTC time of the first run with the claim as it is now; empty where it never ran, or is gone
};

struct Registration {
  std::string registered;  ///< UTC time of the first run; empty where nothing ran here
  bool readable = true;    ///< whether this version reads the first text
  std::vector<RegistrationChange> changes;
};

/// Compares the tests of a scan with those of the text that ran first. Only what bears on a verdict counts: comments,
/// resources and other parts of the scan may change. Tests are told apart by their names.
Registration registration(const scan::Scan& scan, const store::Store& store);
/// In words: one line where nothing was edited, else a line per edit.
std::string render(const Registration& registration);

}  // namespace fieldscan::analysis
