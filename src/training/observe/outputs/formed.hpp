#pragma once
#include <vector>

#include "../measure.hpp"
#include "fieldscan/core/observable_list.hpp"

/// Observables of outputs: each in a file of its own here, and a line in core/observable_list.hpp that says which
/// outputs it needs.
namespace fieldscan::training {

/// A number at a place of the observable's own dimension (0: it has none).
struct Number {
  double coordinate = 0;
  double value = 0;
};
using Numbers = std::vector<Number>;

/// The numbers of an observable, from outputs that are there on all sets that it needs. With variances they are
/// expectations over what was integrated out. None where it is not defined. An observable that is listed and has no
/// file here does not link.
template <Observable observable>
requires(is_of_outputs(observable_list[static_cast<std::size_t>(observable)])) Numbers
    formed(const Outputs& outputs, const data::Draw& data);

/// Mean |m − r|² + Σ v over the points, r [points × C] what the outputs are compared with.
double mean_square(const Output& output, const Matrix& reference);

}  // namespace fieldscan::training
