#pragma once
#include "fieldscan/network/network.hpp"
#include "fieldscan/training/descent/adam.hpp"

namespace fieldscan::training {

/// The rate at step s = 0, 1, …, total − 1, see rate_at.
double adam_rate(const Adam& trainer, std::int64_t step, std::int64_t total);

/// The state of Adam; see `Adam` for the formulas.
class AdamStep {
 public:
  AdamStep(const network::Network& network, const Adam& trainer);
  /// Step s = 0, 1, … with rate η_s. The gradient is of the summed loss.
  void step(std::int64_t step, double rate, const Vector& gradient, Vector& theta);
  std::vector<Vector*> state() { return {&mean_, &square_}; }

 private:
  const network::Network& network_;
  Adam trainer_;
  Vector mean_, square_, slope_;
};

}  // namespace fieldscan::training
