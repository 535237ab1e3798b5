#pragma once
#include <optional>

#include "cost.hpp"

/// How large the kernels of a point are before anything is trained, and what learning rates that allows.
namespace fieldscan::scan {

/// K and Θ of infinitely wide layers on the sphere |x|² = d, in Θ every tensor with the rate factor that it moves with:
/// Θ(t) ≈ level + slope t + … at the cosine t = x·x′/d, and rest = Θ(1) − level − slope.
struct KernelScale {
  double nngp = 0;  ///< K(x, x)
  double level = 0, slope = 0, rest = 0;
  double fastest_tensor = 1;  ///< the largest rate factor, which the ridge's pull is multiplied by
  double itself() const { return level + slope + rest; }  ///< Θ(x, x)
  /// λ_max(Θ) of P points in d dimensions: rest + max(slope + P level, slope min(P, (1 + √(P/d))²)), Marchenko and Pastur's edge.
  double top(double points, double dimension) const;
};
/// The rate factor of every tensor: of a descent by parameterisation, `train` and `rates`; of samplers and others 1, or 0 where frozen.
std::vector<double> rate_factors(const PointSpec& spec, const Sizes& sizes);
KernelScale kernel_scale_of(const PointSpec& spec, const Sizes& sizes);

/// The learning rate above which gradient_descent and sgd diverge, estimated from Θ at initialisation. With h = η/χ a mode that every
/// step moves, of rate λ = λ_max(Θ) + κ r, is stable for
///
///     h λ < 2 (1 + β).
///
/// In batches a point is moved at one step of an epoch's n alone, there P/B times as far (B the smallest batch): its own share Θ(x, x) − level
/// of Θ is stable for
///
///     h (P/B) (Θ(x, x) − level) < 2 (1 + βⁿ)(1 − β)/(1 − βⁿ),
///
/// the heavy ball that is pushed at every n-th step; n = 1 is the line above. Online a batch is all there is. nullopt where the trainer
/// has no rate or no such limit: adam divides by the size of the gradient, so that its steps do not grow with Θ.
std::optional<double> largest_stable_rate(const PointSpec& spec, const Sizes& sizes, const KernelScale& scale);

/// The step above which langevin diverges: ε (1 + λ_max(Θ)/κ) < 2, estimated alike. nullopt for other trainers.
std::optional<double> largest_stable_step(const PointSpec& spec, const Sizes& sizes, const KernelScale& scale);

}  // namespace fieldscan::scan
