#pragma once
#include <variant>

#include "fieldscan/theory/any_theory.hpp"
#include "fieldscan/theory/average/equivalent_kernel.hpp"
#include "fieldscan/theory/average/learning_curve.hpp"
#include "fieldscan/theory/average/random_features.hpp"
#include "fieldscan/theory/average/scaling_exponents.hpp"
#include "fieldscan/theory/descent/ntk_descent.hpp"
#include "fieldscan/theory/descent/ntk_flow.hpp"
#include "fieldscan/theory/descent/sgd_fluctuations.hpp"
#include "fieldscan/theory/droplet/droplet.hpp"
#include "fieldscan/theory/droplet/specialisation_onset.hpp"
#include "fieldscan/theory/feature_dynamics/dmft.hpp"
#include "fieldscan/theory/feature_dynamics/width_fluctuations.hpp"
#include "fieldscan/theory/finite_width/convolutional_adaptation.hpp"
#include "fieldscan/theory/finite_width/deep_adaptation.hpp"
#include "fieldscan/theory/finite_width/deep_linear.hpp"
#include "fieldscan/theory/finite_width/deep_linear_decay.hpp"
#include "fieldscan/theory/finite_width/kernel_adaptation.hpp"
#include "fieldscan/theory/finite_width/kernel_renormalisation.hpp"
#include "fieldscan/theory/finite_width/local_renormalisation.hpp"
#include "fieldscan/theory/finite_width/perturbative.hpp"
#include "fieldscan/theory/finite_width/variational_adaptation.hpp"
#include "fieldscan/theory/kernel/signal_propagation.hpp"
#include "fieldscan/theory/online/online_ode.hpp"
#include "fieldscan/theory/regression/convolutional_gp.hpp"
#include "fieldscan/theory/regression/nngp.hpp"
#include "fieldscan/theory/regression/ntk.hpp"
#include "fieldscan/theory/trajectory/balanced_descent.hpp"
#include "fieldscan/theory/trajectory/deep_linear_dynamics.hpp"
#include "fieldscan/theory/trajectory/langevin_dynamics.hpp"
#include "fieldscan/theory/trajectory/one_step.hpp"
#include "fieldscan/theory/trajectory/scaling_dynamics.hpp"

namespace fieldscan::theory {

struct TheoryList {
  using Variant = std::variant<Nngp, NtkRegression, NtkFlow, LearningCurve, RandomFeatures, EquivalentKernel,
                               ScalingExponents, SignalPropagation, NtkDescent, ConvolutionalGp, Perturbative,
                               KernelAdaptation, DeepLinear, DeepLinearDecay, KernelRenormalisation,
                               VariationalAdaptation, OnlineOde, Droplet, SpecialisationOnset, DeepAdaptation,
                               LangevinDynamics, ScalingDynamics, DeepLinearDynamics, Dmft, WidthFluctuations, OneStep,
                               BalancedDescent, SgdFluctuations, LocalRenormalisation, ConvolutionalAdaptation>;
};
using TheoryChoice = OneOf<TheoryList>;

struct AnyTheory::Held {
  TheoryChoice choice;
  bool operator==(const Held&) const = default;
};

template <class T>
requires is_theory<T> AnyTheory::AnyTheory(T theory) : held_(new Held{TheoryChoice(std::move(theory))}) {}

inline const TheoryChoice& choice_of(const AnyTheory& theory) { return theory.held().choice; }
inline TheoryChoice& choice_of(AnyTheory& theory) { return theory.held().choice; }

}  // namespace fieldscan::theory

extern template struct fieldscan::OneOf<fieldscan::theory::TheoryList>;
