#include "fieldscan/core/eigen_instances.hpp"

namespace Eigen::internal {

template struct gebp_kernel<double, double, Index, ResultOfDoubles, ProductOfDoubles::mr, ProductOfDoubles::nr, false,
                            false>;
template struct gemm_pack_lhs<double, Index, ColumnsOfDoubles, ProductOfDoubles::mr, ProductOfDoubles::LhsProgress,
                              ProductOfDoubles::LhsPacket4Packing, ColMajor, false, false>;
template struct gemm_pack_lhs<double, Index, RowsOfDoubles, ProductOfDoubles::mr, ProductOfDoubles::LhsProgress,
                              ProductOfDoubles::LhsPacket4Packing, RowMajor, false, false>;
template struct gemm_pack_rhs<double, Index, ColumnsOfDoubles, ProductOfDoubles::nr, ColMajor, false, false>;
template struct gemm_pack_rhs<double, Index, RowsOfDoubles, ProductOfDoubles::nr, RowMajor, false, false>;
template struct general_matrix_vector_product<Index, double, ColumnsOfDoubles, ColMajor, false, double, RowsOfDoubles,
                                              false, 0>;
template struct general_matrix_vector_product<Index, double, ColumnsOfDoubles, ColMajor, false, double,
                                              ColumnsOfDoubles, false, 0>;
template struct general_matrix_vector_product<Index, double, RowsOfDoubles, RowMajor, false, double, ColumnsOfDoubles,
                                              false, 0>;
template struct general_matrix_vector_product<Index, double, RowsOfDoubles, RowMajor, false, double, RowsOfDoubles,
                                              false, 1>;
template struct triangular_solve_matrix<double, Index, OnTheLeft, Lower, false, ColMajor, ColMajor, 1>;
template struct triangular_solve_matrix<double, Index, OnTheLeft, Upper, false, ColMajor, ColMajor, 1>;
template struct triangular_solve_matrix<double, Index, OnTheLeft, Upper, false, RowMajor, ColMajor, 1>;
template struct triangular_solve_matrix<double, Index, OnTheLeft, UnitLower, false, ColMajor, ColMajor, 1>;
template struct partial_lu_impl<double, ColMajor, int, Dynamic>;

}  // namespace Eigen::internal
