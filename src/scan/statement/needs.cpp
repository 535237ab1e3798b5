#include "needs.hpp"

namespace fieldscan::scan {

void need(Observable observable, Needs& needs) {
  const auto& about = info(observable);
  if (about.source == Source::network || about.source == Source::data) {
    needs.observables.insert(observable);
    return;
  }
  if (about.source != Source::ensemble) return;
  needs.ensemble.insert(observable);
  if (!about.formed_from) return;
  needs.observables.insert(*about.formed_from);
  if (observable != Observable::ntk_variance) needs.observables.insert(Observable::error_test);
}

}  // namespace fieldscan::scan
