#pragma once
#include "fieldscan/network/activation/list.hpp"

namespace fieldscan::network {

/// `average` of a pair whose determinant ab − c² ≥ 0 is known better than a, b and c tell. Where u and v nearly
/// coincide, ⟨φ′φ′⟩ of a function with a kink depends on its root; smooth activations leave it out.
GaussianAverage average_close(const ActivationChoice& activation, double a, double b, double c, double determinant);

}  // namespace fieldscan::network
