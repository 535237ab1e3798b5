#pragma once
#include <Eigen/Dense>

/// The inner loops of Eigen's products and solutions are compiled once (src/core/eigen_instances.cpp), not in every
/// source that multiplies: every source reads this before all else. Eigen never inlines them, so that nothing is slower
/// for it.
namespace Eigen::internal {

using ColumnsOfDoubles = const_blas_data_mapper<double, Index, ColMajor>;
using RowsOfDoubles = const_blas_data_mapper<double, Index, RowMajor>;
using ResultOfDoubles = blas_data_mapper<double, Index, ColMajor, Unaligned, 1>;
using ProductOfDoubles = gebp_traits<double, double>;

extern template struct gebp_kernel<double, double, Index, ResultOfDoubles, ProductOfDoubles::mr, ProductOfDoubles::nr,
                                   false, false>;
extern template struct gemm_pack_lhs<double, Index, ColumnsOfDoubles, ProductOfDoubles::mr,
                                     ProductOfDoubles::LhsProgress, ProductOfDoubles::LhsPacket4Packing, ColMajor,
                                     false, false>;
extern template struct gemm_pack_lhs<double, Index, RowsOfDoubles, ProductOfDoubles::mr, ProductOfDoubles::LhsProgress,
                                     ProductOfDoubles::LhsPacket4Packing, RowMajor, false, false>;
extern template struct gemm_pack_rhs<double, Index, ColumnsOfDoubles, ProductOfDoubles::nr, ColMajor, false, false>;
extern template struct gemm_pack_rhs<double, Index, RowsOfDoubles, ProductOfDoubles::nr, RowMajor, false, false>;
extern template struct general_matrix_vector_product<Index, double, ColumnsOfDoubles, ColMajor, false, double,
                                                     RowsOfDoubles, false, 0>;
extern template struct general_matrix_vector_product<Index, double, ColumnsOfDoubles, ColMajor, false, double,
                                                     ColumnsOfDoubles, false, 0>;
extern template struct general_matrix_vector_product<Index, double, RowsOfDoubles, RowMajor, false, double,
                                                     ColumnsOfDoubles, false, 0>;
extern template struct general_matrix_vector_product<Index, double, RowsOfDoubles, RowMajor, false, double,
                                                     RowsOfDoubles, false, 1>;
extern template struct triangular_solve_matrix<double, Index, OnTheLeft, Lower, false, ColMajor, ColMajor, 1>;
extern template struct triangular_solve_matrix<double, Index, OnTheLeft, Upper, false, ColMajor, ColMajor, 1>;
extern template struct triangular_solve_matrix<double, Index, OnTheLeft, Upper, false, RowMajor, ColMajor, 1>;
extern template struct triangular_solve_matrix<double, Index, OnTheLeft, UnitLower, false, ColMajor, ColMajor, 1>;
extern template struct partial_lu_impl<double, ColMajor, int, Dynamic>;

}  // namespace Eigen::internal
