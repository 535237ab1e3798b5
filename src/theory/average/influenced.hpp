#pragma once
#include <Eigen/Dense>
#include <cmath>

/// Numbers that follow from a sample of rows, with what each row does to them.
namespace fieldscan::theory {

/// A number and its derivative with respect to the weight of every row in the sample. Weights that are drawn anew (a
/// bootstrap of the rows) have variance 1 each: the standard error is the norm of the influences about their mean.
/// Source: B. Efron, "Nonparametric standard errors and confidence intervals", Canadian Journal of Statistics 9 (1981),
/// the infinitesimal jackknife.
struct Influenced {
  double value = 0;
  Eigen::ArrayXd influence;  ///< [rows]

  /// Of a sample of the rows of a finite set, of which this share was not drawn.
  double standard_error(double share_left) const {
    return std::sqrt(share_left * (influence - influence.mean()).square().sum());
  }
};

inline Influenced operator+(const Influenced& a, const Influenced& b) {
  return {a.value + b.value, a.influence + b.influence};
}
inline Influenced operator+(const Influenced& a, double b) { return {a.value + b, a.influence}; }
inline Influenced operator*(const Influenced& a, double b) { return {a.value * b, a.influence * b}; }
inline Influenced operator*(double a, const Influenced& b) { return b * a; }
inline Influenced operator-(const Influenced& a) { return a * -1.0; }
inline Influenced operator-(const Influenced& a, const Influenced& b) { return a + -b; }
inline Influenced operator-(const Influenced& a, double b) { return a + -b; }
inline Influenced operator-(double a, const Influenced& b) { return -b + a; }
inline Influenced operator*(const Influenced& a, const Influenced& b) {
  return {a.value * b.value, a.influence * b.value + b.influence * a.value};
}
inline Influenced operator/(const Influenced& a, const Influenced& b) {
  return {a.value / b.value, (a.influence - b.influence * (a.value / b.value)) / b.value};
}
inline Influenced operator/(const Influenced& a, double b) { return {a.value / b, a.influence / b}; }
inline Influenced operator/(double a, const Influenced& b) {
  return {a / b.value, b.influence * (-a / b.value / b.value)};
}
inline Influenced log(const Influenced& a) { return {std::log(a.value), a.influence / a.value}; }

}  // namespace fieldscan::theory
