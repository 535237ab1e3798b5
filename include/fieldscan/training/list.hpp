#pragma once
#include <variant>

#include "fieldscan/training/adam.hpp"
#include "fieldscan/training/exact_readout.hpp"
#include "fieldscan/training/gradient_descent.hpp"
#include "fieldscan/training/hmc.hpp"
#include "fieldscan/training/langevin.hpp"
#include "fieldscan/training/mala.hpp"
#include "fieldscan/training/none.hpp"
#include "fieldscan/training/sgd.hpp"

namespace fieldscan::training {

using TrainerChoice = std::variant<None, GradientDescent, Sgd, Adam, Langevin, Mala, Hmc, ExactReadout>;

/// What the result of a trainer may be compared with.
constexpr Law law_of(const TrainerChoice& trainer) {
  return std::visit([]<class T>(const T&) { return T::law; }, trainer);
}
/// Whether a training of this kind keeps its state where the problem has a checkpoint, and goes on from it.
constexpr bool keeps_state(const TrainerChoice& trainer) {
  return std::visit([]<class T>(const T&) { return T::keeps_state; }, trainer);
}
constexpr bool is_sampler(const TrainerChoice& trainer) { return law_of(trainer) == Law::posterior; }

}  // namespace fieldscan::training
