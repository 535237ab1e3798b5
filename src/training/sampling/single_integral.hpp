#pragma once
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/network.hpp"
#include "readout_integral.hpp"

namespace fieldscan::training {

/// The potential of an integrated readout in single precision, for the kicks of a chain with `precision: single`:
/// parameters and gradient come and go in double.
class SingleIntegral {
 public:
  /// F = readout_scale · φ(h^L) on the training set, which is rounded once.
  SingleIntegral(const network::Network& network, const data::Sample& train, double noise_variance,
                 double readout_scale);

  /// U of ReadoutIntegral, and ∂U/∂θ into gradient; +∞ where single precision does not find the matrix positive
  /// definite.
  double potential(const Vector& theta, Vector& gradient);

 private:
  const network::Network& network_;
  float scale_;
  Eigen::MatrixXf x_, features_, slope_, label_;
  Eigen::VectorXf theta_, gradient_, outputs_;
  network::Network::SingleWorkspace work_;
  ReadoutIntegralIn<float> integral_;
};

}  // namespace fieldscan::training
