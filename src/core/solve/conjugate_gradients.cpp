#include "fieldscan/core/solve/conjugate_gradients.hpp"

#include <algorithm>

namespace fieldscan::solve {

namespace conjugate {
namespace {

/// The largest ‖r‖/‖b‖ over columns with b ≠ 0; NaN where any is.
double relative(const Matrix& left, const Eigen::ArrayXd& size) {
  const Eigen::ArrayXd of_columns = left.colwise().norm().transpose();
  const Eigen::ArrayXd ratio = (size > 0).select(of_columns / size.max(1e-300), of_columns);
  return ratio.size() > 0 ? ratio.maxCoeff<Eigen::PropagateNaN>() : 0.0;
}

}  // namespace
}  // namespace conjugate

Solved<Matrix> conjugate_gradients(const OnColumns& apply, const OnColumns& nearly_solve, const MatrixView& right,
                                   double tolerance, int most_steps) {
  const Eigen::ArrayXd size = right.colwise().norm().transpose();
  Solved<Matrix> out{.value = Matrix::Zero(right.rows(), right.cols())};
  Matrix left = right;
  out.residual = conjugate::relative(left, size);
  while (out.residual > tolerance && out.steps < most_steps) {
    const double before = out.residual;
    Matrix z = nearly_solve(left), p = z;
    Eigen::ArrayXd form = left.cwiseProduct(z).colwise().sum().transpose();
    while (conjugate::relative(left, size) > tolerance && out.steps < most_steps) {
      const Matrix image = apply(p);
      ++out.steps;
      const Eigen::ArrayXd curvature = p.cwiseProduct(image).colwise().sum().transpose();
      // A column that is done stays.
      const Eigen::ArrayXd length = (curvature > 0).select(form / curvature.max(1e-300), 0.0);
      out.value += p * length.matrix().asDiagonal();
      left -= image * length.matrix().asDiagonal();
      z = nearly_solve(left);
      const Eigen::ArrayXd next = left.cwiseProduct(z).colwise().sum().transpose();
      p = z + p * (form > 0).select(next / form.max(1e-300), 0.0).matrix().asDiagonal();
      form = next;
    }
    left = right - apply(out.value);
    ++out.steps;
    out.residual = conjugate::relative(left, size);
    if (!(out.residual < before)) break;  // rounding allows no more
  }
  out.converged = out.residual <= tolerance;
  return out;
}

}  // namespace fieldscan::solve
