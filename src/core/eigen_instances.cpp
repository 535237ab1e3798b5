#include "fieldscan/core/eigen_instances.hpp"

namespace Eigen::internal {

template struct gebp_kernel<double, double, Index, blas_data_mapper<double, Index, ColMajor, Unaligned, 1>,
                            gebp_traits<double, double>::mr, gebp_traits<double, double>::nr, false, false>;

}  // namespace Eigen::internal
