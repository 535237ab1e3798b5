#pragma once
#include <Eigen/Dense>

namespace fieldscan {

using Index = Eigen::Index;
using Vector = Eigen::VectorXd;  ///< column, f64, 64-byte aligned (EIGEN_MAX_ALIGN_BYTES)
using Matrix = Eigen::MatrixXd;  ///< column-major, f64, 64-byte aligned; data matrices are [points × dimension]
using VectorView = Eigen::Ref<const Vector>;
using MatrixView = Eigen::Ref<const Matrix>;

}  // namespace fieldscan
