#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

/// How large the kernel Q K of a network of finite width is after learning: its most probable scale, and all of them.
namespace fieldscan::theory {

/// Whether the noise's part of the forces on Q is kept. Without it: N → ∞ at χ ~ N.
enum class TraceTerm { kept, dropped };

/// A stationary point of S(q) = Σ_l (N_l/2)(q_l − log q_l) + R(Q), Q = Π q_l: N_l (q_l − 1) = pull − trace for every
/// layer.
struct ScaleSaddle {
  double scale = 1;           ///< Q
  std::vector<double> layer;  ///< q_l
  double action = 0;          ///< S
  int roots = 1;              ///< how many there are
  double residual = 0;        ///< |log of both sides of the equation|
  double farthest = 0;        ///< the largest |Q′/Q − 1| of the other roots
};
/// The one of least S, of one output. One equation, Σ_l log(1 + g(Q)/N_l) = log Q with g = pull − trace, whose roots
/// are found on a grid of log Q. Throws NotConverged where there is none on it. Source: Q. Li, H. Sompolinsky, PRX 11
/// 031059 (2021); with ridge and χ: derived.
ScaleSaddle scale_saddle(const ScaledKernel& kernel, const std::vector<double>& widths, TraceTerm trace);

/// Scales with their probabilities: Σ weight = 1.
struct ScaleMixture {
  Vector scale, weight;
  double log_evidence = 0;  ///< log ∫ p(Q) exp(−R(Q)): without (P/2) log(χ/2π)
};
/// The saddle alone; its evidence to leading order, which for N → ∞ is that of the Gaussian process.
ScaleMixture mixture_of(const ScaleSaddle& saddle, const std::vector<double>& widths);
/// Q = Π q_l with q_l ~ χ²(N_l)/N_l, weighted by exp(−R(Q)): the exact posterior of deep linear networks, of any depth,
/// widths ≥ 1, χ and κ. The sum of log q_l is folded on a grid in log Q, every layer tilted by Q^s to the saddle, where
/// the posterior has its weight: at χ ~ N that lies far in the prior's tail. Steps of 0.4 of the narrowest width make
/// the sums exact to rounding (trapezoidal rule, analytic integrands).
/// Source: J. Zavatone-Veth, C. Pehlevan, NeurIPS (2021); B. Hanin, A. Zlokapa, PNAS (2023); numerics: derived.
ScaleMixture scale_mixture(const ScaledKernel& kernel, const std::vector<double>& widths, const ScaleSaddle& saddle);

}  // namespace fieldscan::theory
