#pragma once
#include <variant>

#include "fieldscan/training/descent/adam.hpp"
#include "fieldscan/training/descent/gradient_descent.hpp"
#include "fieldscan/training/descent/sgd.hpp"
#include "fieldscan/training/sampling/hmc.hpp"
#include "fieldscan/training/sampling/langevin.hpp"
#include "fieldscan/training/sampling/mala.hpp"
#include "fieldscan/training/solved/exact_readout.hpp"
#include "fieldscan/training/solved/none.hpp"
#include "fieldscan/training/solved/steps_then_readout.hpp"

namespace fieldscan::training {

struct TrainerList {
  using Variant = std::variant<None, GradientDescent, Sgd, Adam, Langevin, Mala, Hmc, ExactReadout, StepsThenReadout>;
};
using TrainerChoice = OneOf<TrainerList>;

/// What one replica of a trainer is.
constexpr Yield yield_of(const TrainerChoice& trainer) {
  return std::visit([]<class T>(const T&) { return T::yields; }, trainer);
}
/// Whether a training of this kind keeps its state where the problem has a checkpoint, and goes on from it.
constexpr bool keeps_state(const TrainerChoice& trainer) {
  return std::visit([]<class T>(const T&) { return T::keeps_state; }, trainer);
}
/// What a trainer minimises; samplers and solved readouts have the square loss, no other.
constexpr LossFunction loss_of(const TrainerChoice& trainer) {
  return std::visit(
      []<class T>(const T& one) {
        if constexpr (requires { one.loss; })
          return one.loss;
        else
          return LossFunction::square;
      },
      trainer);
}
/// Whether the replicas of a trainer have all that an observable is formed from.
inline bool observes(const TrainerChoice& trainer, Observable observable) {
  const ObservableInfo& about = info(observable);
  if (about.source != Source::network && about.source != Source::data) return false;
  const Need of_loss = loss_of(trainer) == LossFunction::square ? Need::least_squares : Need::class_odds;
  return has_all(std::visit([]<class T>(const T&) { return T::offers; }, trainer) | of_loss, about.needs);
}
constexpr bool is_sampler(const TrainerChoice& trainer) { return yield_of(trainer) == Yield::chain; }

}  // namespace fieldscan::training

extern template struct fieldscan::OneOf<fieldscan::training::TrainerList>;
