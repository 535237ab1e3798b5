#pragma once
#include <span>
#include <vector>

#include "fieldscan/theory/finite_width/kernel_scale.hpp"

/// ⟨φφᵀ/N_l⟩ of the hidden layers of deep linear networks on the training points, each [P × P] and in units of its
/// kernel of infinite width's K: what stands beside r_l in `DeepLinear`.
namespace fieldscan::theory {

/// One hidden layer and one output, averaged over the scales; exact.
Matrix hidden_kernel_exact(const ScaledKernel& kernel, const ScaleMixture& mixture, double width);
/// Any depth and number of outputs at order 1/N: K + Σ_{l' ≤ l} (1/N_l') K [χ G Y Yᵀ G − C G] K for every l.
/// Source: J. Zavatone-Veth, A. Canatar, B. Ruben, C. Pehlevan, NeurIPS (2021); general χ: derived.
std::vector<Matrix> hidden_kernels_first_order(const ScaledKernel& kernel, std::span<const double> widths);
/// Any depth at N → ∞ with χ ~ N, one output.
std::vector<Matrix> hidden_kernels_mean_field(const ScaledKernel& kernel, const ScaleSaddle& saddle);

}  // namespace fieldscan::theory
