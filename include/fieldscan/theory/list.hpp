#pragma once
#include <variant>

#include "fieldscan/theory/learning_curve.hpp"
#include "fieldscan/theory/nngp.hpp"
#include "fieldscan/theory/ntk.hpp"
#include "fieldscan/theory/ntk_descent.hpp"
#include "fieldscan/theory/ntk_flow.hpp"

namespace fieldscan::theory {

using TheoryChoice = std::variant<Nngp, NtkRegression, NtkFlow, LearningCurve, NtkDescent>;

}  // namespace fieldscan::theory
