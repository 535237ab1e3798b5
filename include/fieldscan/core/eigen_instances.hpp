#pragma once
#include <Eigen/Dense>

/// The kernel of Eigen's products of matrices is compiled once (src/core/eigen_instances.cpp), not in every source that
/// multiplies: with sanitizers it takes longer than most sources. Their build reads this before all else.
namespace Eigen::internal {

extern template struct gebp_kernel<double, double, Index, blas_data_mapper<double, Index, ColMajor, Unaligned, 1>,
                                   gebp_traits<double, double>::mr, gebp_traits<double, double>::nr, false, false>;

}  // namespace Eigen::internal
