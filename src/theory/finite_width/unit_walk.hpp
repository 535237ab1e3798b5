#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"

/// Chains of single units: Hamiltonian Monte Carlo under exp(V(z)) times standard normals.
namespace fieldscan::theory {

inline std::span<double> span_of(Matrix& matrix) { return {matrix.data(), static_cast<std::size_t>(matrix.size())}; }

/// V [m] and its gradient [m × r], at z [m × r].
struct Tilt {
  Vector value;
  Matrix gradient;
};

/// Random numbers of one sweep over all chains, and the step of its trajectories.
struct Sweep {
  const Stream& stream;
  std::uint32_t number = 0, lane = 0;
  double step = 0;
};

/// One trajectory of a quarter period of the prior for chains first … of the population: the motion under the normal
/// prior is a rotation of z and momentum, the tilt kicks the momentum. Returns the sum of the acceptances. tilt(z).
template <class TiltOf>
double move_block(const TiltOf& tilt, const Sweep& sweep, Index first, Eigen::Ref<Matrix> chains) {
  const Index rows = chains.rows(), dimension = chains.cols();
  Matrix momentum(rows, dimension), z = chains;
  sweep.stream.at(sweep.number, sweep.lane).normals(span_of(momentum), static_cast<std::uint64_t>(first * dimension));
  const double jittered = sweep.step * (0.8 + 0.4 * sweep.stream.at(sweep.number, sweep.lane + 2).uniform(0));
  const int kicks = std::clamp(static_cast<int>(std::lround(std::numbers::pi / 2 / jittered)), 1, 24);
  const double cosine = std::cos(jittered), sine = std::sin(jittered);
  Tilt at = tilt(z);
  const Vector before = 0.5 * (z.rowwise().squaredNorm() + momentum.rowwise().squaredNorm()) - at.value;
  for (int k = 0; k < kicks; ++k) {
    momentum += 0.5 * jittered * at.gradient;
    const Matrix turned = cosine * momentum - sine * z;
    z = cosine * z + sine * momentum;
    at = tilt(z);
    momentum = turned + 0.5 * jittered * at.gradient;
  }
  const Vector after = 0.5 * (z.rowwise().squaredNorm() + momentum.rowwise().squaredNorm()) - at.value;
  const Stream uniform = sweep.stream.at(sweep.number, sweep.lane + 1);
  double accepted = 0;
  for (Index m = 0; m < rows; ++m) {
    const double probability = std::min(1.0, std::exp(before[m] - after[m]));  // NaN: rejected
    if (!(uniform.uniform(static_cast<std::uint64_t>(first + m)) < probability)) continue;
    chains.row(m) = z.row(m);
    accepted += probability;
  }
  return accepted;
}

/// Chains, with the step that they found. A walk takes three lanes of the stream.
struct Walk {
  const Stream& stream;
  Matrix z;  ///< [chains × r]
  std::uint32_t lane = 0;
  double step = 0.3;
  std::uint32_t sweeps = 0;

  template <class TiltOf>
  void move(const TiltOf& tilt) {
    constexpr Index block = 128;  // chains that move together, for the cache
    constexpr double target_acceptance = 0.8;
    double accepted = 0;
    const Sweep sweep{stream, ++sweeps, lane, step};
    for (Index m = 0; m < z.rows(); m += block) {
      const Index rows = std::min(block, z.rows() - m);
      accepted += move_block(tilt, sweep, m, z.middleRows(m, rows));
    }
    const double share = accepted / static_cast<double>(z.rows());
    step = std::clamp(step * std::exp(share - target_acceptance), 0.02, 0.7);
  }
};

}  // namespace fieldscan::theory
