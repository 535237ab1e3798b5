#pragma once
#include <variant>

#include "fieldscan/theory/convolutional_gp.hpp"
#include "fieldscan/theory/learning_curve.hpp"
#include "fieldscan/theory/nngp.hpp"
#include "fieldscan/theory/ntk.hpp"
#include "fieldscan/theory/ntk_flow.hpp"
#include "fieldscan/theory/signal_propagation.hpp"

namespace fieldscan::theory {

using TheoryChoice = std::variant<Nngp, NtkRegression, NtkFlow, LearningCurve, SignalPropagation, ConvolutionalGp>;

}  // namespace fieldscan::theory
