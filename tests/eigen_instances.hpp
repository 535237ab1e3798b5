#pragma once
#include <Eigen/Dense>

/// Decompositions by which tests make their own numbers: compiled once (tests/eigen_instances.cpp), not in every file
/// that asks for eigenvalues or an inverse.
extern template class Eigen::EigenSolver<Eigen::MatrixXd>;
extern template class Eigen::RealSchur<Eigen::MatrixXd>;
extern template class Eigen::HessenbergDecomposition<Eigen::MatrixXd>;
extern template class Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;
extern template class Eigen::PartialPivLU<Eigen::MatrixXd>;
extern template class Eigen::LLT<Eigen::MatrixXd>;
extern template class Eigen::HouseholderQR<Eigen::MatrixXd>;
extern template class Eigen::ColPivHouseholderQR<Eigen::MatrixXd>;
