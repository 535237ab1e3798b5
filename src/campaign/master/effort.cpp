#include "effort.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "log.hpp"

namespace fieldscan::campaign {

namespace {

double last_end_of(const std::vector<Effort>& efforts) {
  double last = 0;
  for (const Effort& effort : efforts) last = std::max(last, effort.last_end);
  return last;
}

}  // namespace

Utilisation utilisation(const std::vector<Effort>& efforts, double seconds) {
  if (efforts.empty() || !(seconds > 0)) return {};
  Utilisation used{.least_fraction = 1};
  double busy = 0;
  const double last = last_end_of(efforts);
  for (const Effort& effort : efforts) {
    busy += effort.busy_seconds;
    used.least_fraction = std::min(used.least_fraction, effort.busy_seconds / seconds);
    used.tail_seconds += last - effort.last_end;
  }
  used.busy_fraction = std::min(1.0, busy / (seconds * static_cast<double>(efforts.size())));
  return used;
}

std::string utilisation_text(const Utilisation& used) {
  return fmt::format("workers busy {:.0f} % (least {:.0f} %), {:.2g} core hours lost to the tail",
                     100 * used.busy_fraction, 100 * used.least_fraction, used.tail_seconds / 3600);
}

std::string utilisation_json(const std::vector<Effort>& efforts, const std::vector<Place>& places) {
  const double last = last_end_of(efforts);
  std::string list;
  for (std::size_t worker = 0; worker < efforts.size(); ++worker)
    list += fmt::format(
        "{}{{\"worker\": {}, \"host\": {}, \"tasks\": {}, \"busy_seconds\": {:.3f}, \"idle_at_end\": {:.3f}}}",
        list.empty() ? "" : ", ", worker, json_text(places[worker].host), efforts[worker].tasks,
        efforts[worker].busy_seconds, last - efforts[worker].last_end);
  return "[" + list + "]";
}

}  // namespace fieldscan::campaign
