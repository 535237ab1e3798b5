#include "fieldscan/training/own_noise.hpp"

namespace fieldscan::training {
namespace {

bool draws_batches(const Sgd& sgd, int points) {
  return sgd.sampling == Sampling::with_replacement || sgd.batch < points || points == 0;
}
bool draws_batches(const Adam& adam, int points) {
  return points == 0 || (!adam.batch.is_word() && adam.batch.number() < points);
}
bool draws_batches(const StepsThenReadout& steps, int) { return !steps.points.is_word(); }
template <class T>
bool draws_batches(const T&, int) {
  return T::yields == Yield::chain;
}

}  // namespace

bool has_own_noise(const TrainerChoice& trainer, int points) {
  return std::visit([&](const auto& one) { return draws_batches(one, points); }, trainer);
}

}  // namespace fieldscan::training
