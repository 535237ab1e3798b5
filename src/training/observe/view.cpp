#include <algorithm>

#include "fieldscan/training/observe/observe.hpp"

namespace fieldscan::training {

using enum Observable;

View default_view(Observable observable) {
  const Moments moments = info(observable).form == Form::array ? Moments::end : Moments::all;
  return {.observable = observable, .moments = moments};
}

bool has_kernel(Observable observable) {
  constexpr std::array list{spectrum, alignment, kernel_change, error_after_kernel};
  return std::ranges::find(list, observable) != list.end();
}

bool has_points(Observable observable) {
  constexpr std::array list{nngp_empirical, ntk_empirical,   hidden_kernel, spectrum, alignment,
                            kernel_change,  coordinate_size, gradient_norm, ntk_top,  hessian_top};
  return std::ranges::find(list, observable) != list.end();
}

bool has_moments(Observable observable) {
  return has_kernel(observable) || observable == order_parameters ||
         (has_points(observable) && info(observable).form == Form::array);
}

}  // namespace fieldscan::training
