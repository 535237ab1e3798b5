#pragma once
#include <map>
#include <string>
#include <utility>

#include "../points/parsed.hpp"
#include "../text/report.hpp"

namespace fieldscan::scan {

/// Tells of every expression in a field of whole numbers once where it was rounded, and at how many points.
class Roundings {
 public:
  explicit Roundings(Report& report) : report_(report) {}
  void see(const Walker& walker);
  void finish();

 private:
  struct Seen {
    Rounding first;
    std::string where;
    std::uint64_t count = 0;
  };
  Report& report_;
  std::map<std::pair<int, int>, Seen> seen_;
};

}  // namespace fieldscan::scan
