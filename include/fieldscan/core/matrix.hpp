#pragma once
#include <Eigen/Dense>
#include <type_traits>

namespace fieldscan {

using Index = Eigen::Index;
using Vector = Eigen::VectorXd;  ///< column, f64, 64-byte aligned (EIGEN_MAX_ALIGN_BYTES)
using Matrix = Eigen::MatrixXd;  ///< column-major, f64, 64-byte aligned; data matrices are [points × dimension]
using VectorView = Eigen::Ref<const Vector>;
using MatrixView = Eigen::Ref<const Matrix>;

/// The same of any scalar, for code in double and single precision.
template <class Scalar>
using VectorOf = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
template <class Scalar>
using MatrixOf = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
/// Arguments of functions that are told their scalar by name.
template <class Scalar>
using VectorIn = std::type_identity_t<Eigen::Ref<const VectorOf<Scalar>>>;
template <class Scalar>
using MatrixIn = std::type_identity_t<Eigen::Ref<const MatrixOf<Scalar>>>;
template <class Scalar>
using VectorOut = std::type_identity_t<Eigen::Ref<VectorOf<Scalar>>>;
template <class Scalar>
using MatrixOut = std::type_identity_t<Eigen::Ref<MatrixOf<Scalar>>>;

}  // namespace fieldscan
