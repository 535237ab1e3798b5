#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "placement.hpp"

namespace fieldscan::campaign {

/// What one worker has done; times in seconds after the start of the run.
struct Effort {
  double busy_seconds = 0;
  double last_end = 0;  ///< of its last order
  std::uint64_t tasks = 0;
};

/// How well the workers were used.
struct Utilisation {
  double busy_fraction = 0;   ///< of all workers' time, in which they computed
  double least_fraction = 0;  ///< of the least busy worker
  double tail_seconds = 0;    ///< core seconds between the last task of each worker and the last task of all
};
Utilisation utilisation(const std::vector<Effort>& efforts, double seconds);

/// "workers busy 97 % (least 93 %), 0.4 core hours lost to the tail".
std::string utilisation_text(const Utilisation& used);
/// A JSON list with one object per worker: rank, host, tasks, busy_seconds, idle_at_end.
std::string utilisation_json(const std::vector<Effort>& efforts, const std::vector<Place>& places);

}  // namespace fieldscan::campaign
