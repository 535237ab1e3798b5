#pragma once
#include <variant>

#include "fieldscan/theory/convolutional_gp.hpp"
#include "fieldscan/theory/equivalent_kernel.hpp"
#include "fieldscan/theory/learning_curve.hpp"
#include "fieldscan/theory/nngp.hpp"
#include "fieldscan/theory/ntk.hpp"
#include "fieldscan/theory/ntk_descent.hpp"
#include "fieldscan/theory/ntk_flow.hpp"
#include "fieldscan/theory/random_features.hpp"
#include "fieldscan/theory/scaling_exponents.hpp"
#include "fieldscan/theory/signal_propagation.hpp"

namespace fieldscan::theory {

using TheoryChoice = std::variant<Nngp, NtkRegression, NtkFlow, LearningCurve, RandomFeatures, EquivalentKernel,
                                  ScalingExponents, SignalPropagation, NtkDescent, ConvolutionalGp>;

}  // namespace fieldscan::theory
