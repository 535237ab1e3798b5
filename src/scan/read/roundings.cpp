#include "roundings.hpp"

#include <fmt/format.h>

#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {

void Roundings::see(const Walker& walker) {
  for (const Rounding& one : walker.roundings()) {
    Seen& seen = seen_[{one.what->place.line, one.what->place.column}];
    if (seen.count++ == 0) {
      seen.first = one;
      seen.where = walker.where_text();
    }
  }
}

void Roundings::finish() {
  for (const auto& [place, seen] : seen_) {
    const Deferred& what = *seen.first.what;
    const std::string at = seen.where.empty() ? "" : fmt::format(" at {}", seen.where);
    const std::string more = seen.count > 1 ? fmt::format(", and so at {} points in all", seen.count) : "";
    report_.warning(
        "FS0621", what.place, what.path,
        fmt::format("'{}' is {}{}, and {} is a whole number: {} is taken{}", what.expression.text(),
                    shortest(seen.first.value), at, what.path, shortest(round_half_up(seen.first.value)), more),
        "write floor(…), ceil(…) or round(…) to say which is meant");
  }
}

}  // namespace fieldscan::scan
