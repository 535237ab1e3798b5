#include "fieldscan/core/solve/quadrature.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::solve {

namespace {

using std::numbers::pi;

/// Counts evaluations, and remembers whether all were finite.
struct Watch {
  const std::function<double(double)>& f;
  int evaluations = 0;
  bool finite = true;

  double operator()(double x) {
    const double value = f(x);
    ++evaluations;
    finite = finite && std::isfinite(value);
    return std::isfinite(value) ? value : 0;  // the sum goes on, for nothing
  }
};

Solved<double> judged(double value, double error, double size, const Watch& watch, double relative) {
  Solved<double> out{.value = value, .residual = error, .steps = watch.evaluations};
  if (!watch.finite) out.residual = std::numeric_limits<double>::quiet_NaN();
  out.converged = std::isfinite(value) && out.residual <= relative * size;
  return out;
}

}  // namespace

Solved<double> integral(const std::function<double(double)>& f, double low, double high,
                        const QuadratureLimits& limits) {
  if (low == high) return {.converged = true};
  Watch watch{f};
  const auto watched = [&](double x) { return watch(x); };
  double error = 0, size = 0;
  const double value = boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
      watched, low, high, limits.halvings, limits.relative, &error, &size);
  // The estimate can not fall below rounding.
  return judged(value, error, size, watch, std::max(limits.relative, 1e-14));
}

Solved<double> integral_singular_ends(const std::function<double(double)>& f, double low, double high,
                                      const QuadratureLimits& limits) {
  if (low == high) return {.converged = true};
  Watch watch{f};
  const auto watched = [&](double x) { return watch(x); };
  double error = 0, size = 0;
  boost::math::quadrature::tanh_sinh<double> rule(limits.halvings);
  const double value = rule.integrate(watched, low, high, limits.relative, &error, &size);
  return judged(value, error, size, watch, std::max(limits.relative, 1e-14));
}

Rule rule_of_recurrence(const VectorView& b) {
  const Index count = b.size() + 1;
  Matrix jacobi = Matrix::Zero(count, count);
  for (Index k = 1; k < count; ++k) jacobi(k, k - 1) = jacobi(k - 1, k) = b[k - 1];
  const Eigenpairs pairs = eigenpairs(jacobi);
  return {pairs.values, pairs.vectors.row(0).cwiseAbs2()};
}

std::vector<ContourNode> inverse_laplace_contour(double time) {
  using Complex = std::complex<double>;
  constexpr int count = 24;  // error about e^{−1.36·24} = 1e-14
  std::vector<ContourNode> nodes;
  for (int j = 0; j < count / 2; ++j) {
    const double angle = (2 * j + 1) * pi / count;
    const double sine = std::sin(0.6407 * angle), cotangent = std::cos(0.6407 * angle) / sine;
    const Complex u(count * (0.5017 * angle * cotangent - 0.6122), count * 0.2645 * angle);
    const Complex slope(0.5017 * (cotangent - 0.6407 * angle / (sine * sine)), 0.2645);
    // The product fuses as written, so that its last bits do not depend on what surrounds it.
    const Complex e = std::exp(u);
    const Complex weight(std::fma(slope.real(), e.real(), -(slope.imag() * e.imag())),
                         std::fma(slope.imag(), e.real(), slope.real() * e.imag()));
    nodes.push_back({u / time, weight / (Complex(0, 1) * time)});
  }
  return nodes;
}

}  // namespace fieldscan::solve
