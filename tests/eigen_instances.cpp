#include "eigen_instances.hpp"

template class Eigen::EigenSolver<Eigen::MatrixXd>;
template class Eigen::RealSchur<Eigen::MatrixXd>;
template class Eigen::HessenbergDecomposition<Eigen::MatrixXd>;
template class Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;
template class Eigen::PartialPivLU<Eigen::MatrixXd>;
template class Eigen::LLT<Eigen::MatrixXd>;
template class Eigen::HouseholderQR<Eigen::MatrixXd>;
template class Eigen::ColPivHouseholderQR<Eigen::MatrixXd>;
