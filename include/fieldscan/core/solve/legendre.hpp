#pragma once
#include "fieldscan/core/matrix.hpp"

namespace fieldscan::solve {

/// The rule of Gauss and Legendre on [−1, 1]: the roots z of P_n, descending, with weights 2/scale, scale = (1 − z²)
/// P_n′(z)².
struct LegendreRule {
  Vector node, scale;
};
/// n > 0 nodes, by Newton's method; error some ε, weights some n ε relative.
LegendreRule legendre_rule(Index n);

}  // namespace fieldscan::solve
