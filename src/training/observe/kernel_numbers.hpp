#pragma once
#include "fieldscan/training/train.hpp"
#include "measure.hpp"

/// Numbers of an empirical kernel K on points with labels y.
namespace fieldscan::training {

/// yᵀKy/(|y|² ‖K‖_F): 1 where K = c·y yᵀ; 0 for labels or a kernel that vanish. Labels of several outputs [points × C]:
/// tr YᵀKY/(|Y|² ‖K‖_F).
double kernel_alignment(const Matrix& kernel, const Matrix& label);

/// ‖K − K_0‖_F/‖K_0‖_F.
double relative_change(const Matrix& kernel, const Matrix& initial);

/// Eigenvalues / P, by rank from 1, descending, under the name of an observable.
void read_spectrum(Matrix kernel, Observable name, std::vector<Reading>& out);

/// (K + κ I)⁻¹ y [points × C]; for κ = 0 by the pseudo-inverse, whose eigenvalues up to ε·P·w_max count as zero.
Matrix regression_weights(Matrix kernel, const Matrix& label, double ridge);

/// A kernel [points × points], or several [layer × points × points], row-major.
Array kernel_array(Observable observable, const std::vector<Matrix>& kernels);

}  // namespace fieldscan::training
