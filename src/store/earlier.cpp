#include "fieldscan/store/earlier.hpp"

#include <fmt/format.h>

#include <unordered_set>

namespace fieldscan::store {

std::int64_t count_earlier(const scan::Scan& scan, const Store& store) {
  std::unordered_set<Id> owners;
  scan.for_each_point([&](const scan::Point& point) {
    if (scan::trains(point.spec)) owners.insert(point.id);
    for (const scan::TheoryUse& use : point.theories) owners.insert(scan::prediction_id(use, point));
    return true;
  });
  std::int64_t count = 0;
  store.for_each_standing([&](Id owner, std::int64_t, std::int64_t, const Standing&) {
    if (!owners.contains(owner)) ++count;
  });
  return count;
}

std::string earlier_sentence(std::int64_t count) {
  if (count == 0) return "";
  return fmt::format(
      "{} result{} of an earlier text {} kept, not shown; `run` with that text, in the same directory, shows {} again",
      count, count == 1 ? "" : "s", count == 1 ? "is" : "are", count == 1 ? "it" : "them");
}

}  // namespace fieldscan::store
