#include "near.hpp"

#include <cmath>
#include <stdexcept>

namespace fieldscan::near {

namespace {

void same_shape(const Matrix& a, const Matrix& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) throw std::invalid_argument("matrices of different shapes");
}

}  // namespace

double distance(const Matrix& a, const Matrix& b) {
  same_shape(a, b);
  return (a - b).norm();
}

double largest_difference(const Matrix& a, const Matrix& b) {
  same_shape(a, b);
  return a.size() == 0 ? 0 : (a - b).cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
}

bool equal(const Matrix& a, const Matrix& b) { return a.rows() == b.rows() && a.cols() == b.cols() && a == b; }

}  // namespace fieldscan::near
