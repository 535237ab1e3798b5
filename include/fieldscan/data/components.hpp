#pragma once
#include <string>
#include <vector>

#include "fieldscan/data/draw.hpp"

namespace fieldscan::data {

/// How much of a component g_k of the target a function has.
struct ComponentShare {
  double component = 0;  ///< its number: the level, the order, …
  double share = 0;
};

/// What a function has of every component of the target that is not zero on the test set: the c that minimise
/// Σ (f − Σ_k c_k g_k)² over the test points and outputs. values: f [test points·C], point by point.
///
/// Of one component it is ⟨f g⟩/⟨g²⟩. Of several that ratio would hold ⟨g_j g_k⟩ ≠ 0 of a finite sample: beside a
/// strong component a weak one is noise. Empty where the components are not independent on these points (fewer points
/// than components, inputs of two values), so that the shares are not defined.
std::vector<ComponentShare> component_shares(const Draw& draw, const VectorView& values);

/// By which the shares are linear in f: share k is weight.col(k)·f [test points·C × components], 0 where it has none.
Matrix component_weights(const Draw& draw);

/// The lines of the data in an identity: their canonical text, and with several components how shares are formed, so
/// that numbers stored by the ratio are never taken for these.
std::string identity_lines(const Spec& spec);

}  // namespace fieldscan::data
