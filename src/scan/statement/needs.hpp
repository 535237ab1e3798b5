#pragma once
#include <set>

#include "fieldscan/core/observable.hpp"

namespace fieldscan::scan {

/// What the statements of a scan want to be measured.
struct Needs {
  std::set<Observable> observables;  ///< of one network
  std::set<Observable> ensemble;     ///< formed from several
  bool predictor_on_grid = false;
  bool ntk_on_grid = false;
  bool best = false;                  ///< the time of the smallest validation error
  std::set<Observable> at_all_times;  ///< asked for at times of their own
};

/// What an observable of the scan file means for one network.
void need(Observable observable, Needs& needs);

}  // namespace fieldscan::scan
