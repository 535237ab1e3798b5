#pragma once
#include <span>
#include <vector>

#include "fieldscan/network/network.hpp"

/// How large the kernels of a network are before anything is trained.
namespace fieldscan::network {

/// K and Θ of infinitely wide layers on the sphere |x|² = d, in Θ every tensor with the rate factor that it moves with:
/// Θ(t) ≈ level + slope t + … at the cosine t = x·x′/d, and rest = Θ(1) − level − slope.
struct KernelScale {
  double nngp = 0;  ///< K(x, x)
  double level = 0, slope = 0, rest = 0;
  double fastest_tensor = 1;  ///< the largest rate factor, which the ridge's pull is multiplied by
  double itself() const { return level + slope + rest; }  ///< Θ(x, x)
  /// λ_max(Θ) of P points in d dimensions: rest + max(slope + P level, slope min(P, (1 + √(P/d))²)), Marchenko and
  /// Pastur's edge.
  double top(double points, double dimension) const;
};

/// The factor of every tensor of a descent: by parameterisation, `train` and the trainer's own rates.
std::vector<double> rate_factors(const Network& network);
/// Of what moves all tensors alike: 1, or 0 where frozen.
std::vector<double> equal_factors(const Network& network);

/// Of convolutions as if all patches had the mean square 1 and as many directions as the inputs: pooling makes it less.
KernelScale kernel_scale(const Network& network, std::span<const double> factors);

}  // namespace fieldscan::network
