#include <algorithm>

#include "fieldscan/training/observe/observe.hpp"

namespace fieldscan::training {

namespace {

bool needs(Observable observable, Need any) { return has_any(info(observable).needs, any); }
bool is_array(Observable observable) { return info(observable).form == Form::array; }

}  // namespace

View default_view(Observable observable) {
  return {.observable = observable, .moments = is_array(observable) ? Moments::end : Moments::all};
}

bool has_kernel(Observable observable) { return needs(observable, Need::kernel) && !is_array(observable); }

bool has_points(Observable observable) {
  return needs(observable, Need::pass | Need::kernel) && !needs(observable, Need::training_points);
}

bool has_moments(Observable observable) {
  return needs(observable, Need::kernel) || (needs(observable, Need::first_layer) && is_array(observable));
}

bool ObservePlan::has(Observable observable) const {
  return std::ranges::find(observables, observable) != observables.end();
}

View ObservePlan::view_of(Observable observable) const {
  const auto found = std::ranges::find(views, observable, &View::observable);
  return found != views.end() ? *found : default_view(observable);
}

bool wants(const ObservePlan& plan, Need any) {
  return std::ranges::any_of(plan.observables, [&](Observable observable) { return needs(observable, any); });
}

}  // namespace fieldscan::training
