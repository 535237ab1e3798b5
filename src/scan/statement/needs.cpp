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
  const bool beside_error =
      observable != Observable::ntk_variance && about.formed_from != Observable::overlap_histogram;
  if (beside_error) needs.observables.insert(Observable::error_test);
}

}  // namespace fieldscan::scan
