#pragma once
#include <variant>

#include "fieldscan/theory/learning_curve.hpp"
#include "fieldscan/theory/nngp.hpp"
#include "fieldscan/theory/ntk.hpp"
#include "fieldscan/theory/ntk_flow.hpp"
#include "fieldscan/theory/random_features.hpp"

namespace fieldscan::theory {

using TheoryChoice = std::variant<Nngp, NtkRegression, NtkFlow, LearningCurve, RandomFeatures>;

}  // namespace fieldscan::theory
