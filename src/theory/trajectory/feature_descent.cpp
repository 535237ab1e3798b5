#include "fieldscan/theory/trajectory/feature_descent.hpp"

#include <algorithm>
#include <array>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <utility>

#include "fieldscan/core/solve/solved.hpp"

namespace fieldscan::theory {

namespace features_in_time {

namespace {

using Complex = std::complex<double>;

constexpr double digits_of_circle =
    10.7;                          ///< r^points: what wraps around, and the square root of what rounding grows by
constexpr double close = 0.02;     ///< |x − x′| max λ/(1 + λ x) below which pairs are expanded …
constexpr std::size_t orders = 8;  ///< … to 2⁻⁴⁵

/// Of sums Σ_k w_k/((1 + λ_k x)(1 + λ_k x′)) for the four weights.
enum Sum { first, second, target, target_first };
using Sums = std::array<Complex, 4>;
using Expansion = std::array<Sums, orders>;

class Modes {
 public:
  Modes(const Spectrum& spectrum, const VectorView& power) : eigenvalue_(spectrum.eigenvalue.array()) {
    weights_[first] = spectrum.degeneracy.array() * eigenvalue_;
    weights_[second] = weights_[first] * eigenvalue_;
    weights_[target] = power.array();
    weights_[target_first] = power.array() * eigenvalue_;
  }
  /// Σ w/(1 + λ x).
  Sums single(Complex x) const {
    const Eigen::ArrayXcd filter = 1 / (1 + x * eigenvalue_.cast<Complex>());
    Sums out;
    for (std::size_t s = 0; s < out.size(); ++s) out[s] = (weights_[s].cast<Complex>() * filter).sum();
    return out;
  }
  /// Of pairs nearby, Σ w/((1 + λ x)(1 + λ (x + δ))): the coefficients of δ^j; and max |λ/(1 + λ x)|.
  std::pair<Expansion, double> expansion(Complex x) const {
    const Eigen::ArrayXcd filter = 1 / (1 + x * eigenvalue_.cast<Complex>());
    const Eigen::ArrayXcd ratio = -eigenvalue_.cast<Complex>() * filter;
    Eigen::ArrayXcd term = filter * filter;
    Expansion out;
    for (Sums& order : out) {
      for (std::size_t s = 0; s < order.size(); ++s) order[s] = (weights_[s].cast<Complex>() * term).sum();
      term *= ratio;
    }
    return {out, ratio.abs().maxCoeff()};
  }
  /// m and dm/dx.
  std::pair<Complex, Complex> learned(Complex x) const {
    const Eigen::ArrayXcd filter = 1 / (1 + x * eigenvalue_.cast<Complex>());
    const Eigen::ArrayXcd weighted = weights_[first].cast<Complex>() * filter;
    return {(weighted * x).sum(), (weighted * filter).sum()};
  }

 private:
  Eigen::ArrayXd eigenvalue_;
  std::array<Eigen::ArrayXd, 4> weights_;
};

Complex theta(const FeatureDescent& d, Complex z) {
  return d.step * d.points * z / ((1.0 - z) * (1.0 - d.momentum * z) + d.step * d.ridge * z);
}

/// P of 1 − m/P: fresh points are never learned by heart.
double points_seen_again(const FeatureDescent& d) {
  return d.examples == Examples::same ? d.points : std::numeric_limits<double>::infinity();
}

/// x at z, from a neighbour's by Newton's method. The residual becomes the last step, relative, where that is larger.
Complex solve_at(const Modes& modes, const FeatureDescent& d, Complex z, Complex x, double& residual) {
  constexpr int most = 60;
  const Complex source = theta(d, z);
  const double again = points_seen_again(d);
  double change = 0;
  for (int k = 0; k < most; ++k) {
    const auto [m, slope] = modes.learned(x);
    const Complex by_points = 1.0 - m / again, by_features = 1.0 - m / d.features;
    const Complex off = x - source * by_points * by_features;
    const Complex derivative = 1.0 + source * slope * (by_features / again + by_points / d.features);
    x -= off / derivative;
    change = std::abs(off / derivative) / std::abs(x);
    if (change <= 1e-14) break;
  }
  residual = std::max(residual, change);
  if (change <= 1e-11) return x;
  solve::give_up("descent over random features", change, most);
}

/// A point of the circle: z, and what belongs to it.
struct Point {
  Complex theta, unit, x, r1, r3;  ///< unit: 1/(1 − z)
  Sums sums;                       ///< Σ w/(1 + λ x)
};
/// What pairs of a point with those nearby need. Apart from it, since all points are gone through for each.
struct Near {
  Expansion series;
  double reach = 0;  ///< max |λ/(1 + λ x)|
};

/// Points of a circle: all of them, and what is near for the half from z = r to z = −r; the others are conjugates.
struct Circle {
  std::vector<Point> point;
  std::vector<Near> near;
  double residual = 0;  ///< of x, relative, the largest
};
Point conjugate(const Point& p) {
  Point out{std::conj(p.theta), std::conj(p.unit), std::conj(p.x), std::conj(p.r1), std::conj(p.r3), {}};
  for (std::size_t s = 0; s < out.sums.size(); ++s) out.sums[s] = std::conj(p.sums[s]);
  return out;
}
Circle circle_of(const Modes& modes, const FeatureDescent& d, Index points, double radius) {
  const auto all = static_cast<std::size_t>(points);
  Circle out{.point = std::vector<Point>(all), .near = std::vector<Near>(all / 2 + 1)};
  Complex x = theta(d, -radius / 64);
  for (int k = 1; k <= 64; ++k) x = solve_at(modes, d, -radius * k / 64, x, out.residual);
  for (std::size_t k = out.near.size(); k-- > 0;) {
    const Complex z = std::polar(radius, 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(points));
    x = solve_at(modes, d, z, x, out.residual);
    const Complex m = modes.learned(x).first;
    const auto [series, reach] = modes.expansion(x);
    out.near[k] = {series, reach};
    out.point[k] = {theta(d, z),          1.0 / (1.0 - z), x, 1.0 - m / points_seen_again(d),
                    1.0 - m / d.features, modes.single(x)};
    if (k > 0 && k < all / 2) out.point[all - k] = conjugate(out.point[k]);
  }
  return out;
}

/// Σ w HH: by divided differences, HH = (x H(x) − x′ H(x′))/(x − x′), where these do not cancel.
Sums pair_sums(const Point& a, const Near& near, const Point& b) {
  const Complex difference = a.x - b.x;
  if (std::abs(difference) * near.reach < close) {
    Sums sum = near.series.back();
    for (std::size_t j = orders - 1; j-- > 0;)
      for (std::size_t s = 0; s < sum.size(); ++s) sum[s] = near.series[j][s] - difference * sum[s];
    return sum;
  }
  const Complex inverse = 1.0 / difference, x = a.x * inverse, other = b.x * inverse;
  Sums out;
  for (std::size_t s = 0; s < out.size(); ++s) out[s] = x * a.sums[s] - other * b.sums[s];
  return out;
}

/// C₀ and C₁ of a pair.
std::pair<Complex, Complex> errors_of(const Sums& sum, const FeatureDescent& d, const Point& a, const Point& b) {
  const Complex unit = a.unit * b.unit, theta = a.theta * b.theta, r11 = a.r1 * b.r1, r33 = a.r3 * b.r3;
  const Complex noise = d.noise_variance * unit;
  const Complex a11 = 1.0 - r11 * theta * sum[second] * r33 / d.points, a12 = -r11 * theta * sum[first] / d.features;
  const Complex a21 = -r33 * sum[first] / d.points, a22 = 1.0 - r33 * r11 * theta * sum[second] / d.features;
  const Complex b1 = r11 * (sum[target] * unit + noise), b2 = r33 * r11 * sum[target_first] * unit;
  const Complex train = (b1 * a22 - a12 * b2) / (a11 * a22 - a12 * a21);
  return {train / r11 - noise, train};
}

/// Of fresh points: C₀ without their noise, and that of a unit of it at the first step.
std::pair<Complex, Complex> fresh_errors_of(const Sums& sum, const FeatureDescent& d, const Point& a, const Point& b) {
  const Complex unit = a.unit * b.unit, theta = a.theta * b.theta, r33 = a.r3 * b.r3;
  const Complex again = r33 / (1.0 - r33 * theta * sum[second] / d.features);
  const Complex of_target = again * sum[target_first] * unit, of_noise = again * sum[first] / d.points;
  return {sum[target] * unit + theta * sum[first] * of_target / d.features,
          theta * (sum[first] * of_noise / d.features + sum[second] * r33 / d.points)};
}

/// ℒ(t) = ℒ₀(t) + Σ_{s<t} k(t − s)(ℒ(s) + σ²) at all steps.
Vector with_fresh_noise(const Vector& without, const Vector& answer, double noise_variance) {
  Vector loss = without;
  for (Index t = 1; t < loss.size(); ++t)
    for (Index s = 0; s < t; ++s) loss[t] += answer[t - s] * (loss[s] + noise_variance);
  return loss;
}

/// Numbers of equal orders by their sums over pairs.
struct InTime {
  Eigen::ArrayXcd sums;
  double radius;
  double at(std::int64_t t) const {
    const Index points = sums.size();
    const auto count = static_cast<double>(points);
    Complex out = 0;
    for (Index m = 0; m < points; ++m) {
      const double turns = static_cast<double>((m * static_cast<Index>(t)) % points) / count;
      out += sums[m] * std::polar(1.0, -2 * std::numbers::pi * turns);
    }
    const double grown = std::pow(radius, -2 * static_cast<double>(t)) / (count * count);
    return out.real() * grown;
  }
};

}  // namespace

}  // namespace features_in_time

std::vector<FeatureDescentErrors> average_descent(const Spectrum& spectrum, const VectorView& power,
                                                  const FeatureDescent& descent, const std::vector<std::int64_t>& at) {
  using namespace features_in_time;
  std::vector<FeatureDescentErrors> out;
  if (at.empty()) return out;
  const Modes modes(spectrum, power);
  const Index points = 4 * (static_cast<Index>(at.back()) + 1);
  const double radius = std::pow(10.0, -digits_of_circle / static_cast<double>(points));
  const Circle circle = circle_of(modes, descent, points, radius);
  // Coefficients of equal orders: the sum over pairs of one sum of angles, then one transform.
  const bool fresh = descent.examples == Examples::fresh;
  InTime test{Eigen::ArrayXcd::Zero(points), radius}, train = test;
  for (Index k = 0; k <= points / 2; ++k) {
    const double weight = k == 0 || k == points / 2 ? 1 : 2;
    for (Index l = 0; l < points; ++l) {
      const Point &a = circle.point[static_cast<std::size_t>(k)], &b = circle.point[static_cast<std::size_t>(l)];
      const Sums sums = pair_sums(a, circle.near[static_cast<std::size_t>(k)], b);
      const auto [first_one, second_one] =
          fresh ? fresh_errors_of(sums, descent, a, b) : errors_of(sums, descent, a, b);
      test.sums[(k + l) % points] += weight * first_one;
      train.sums[(k + l) % points] += weight * second_one;
    }
  }
  Vector loss;
  if (fresh) {
    Vector without(at.back() + 1), answer(at.back() + 1);
    for (Index t = 0; t < without.size(); ++t) without[t] = test.at(t), answer[t] = train.at(t);
    loss = with_fresh_noise(without, answer, descent.noise_variance);
  }
  for (const std::int64_t t : at)
    out.push_back(fresh ? FeatureDescentErrors{loss[t], loss[t] + descent.noise_variance, circle.residual}
                        : FeatureDescentErrors{test.at(t), train.at(t), circle.residual});
  return out;
}

double feature_instability(const Spectrum& spectrum, const FeatureDescent& d) {
  // On −1/λ₁ < x < 0 the source that leads to x has a maximum: the edge of the spectrum, λ_max = P/maximum.
  const double top = spectrum.eigenvalue.maxCoeff();
  const auto minus_source = [&](double share) {
    const double x = share / top;
    const double m =
        (spectrum.degeneracy.array() * spectrum.eigenvalue.array() * x / (1 - spectrum.eigenvalue.array() * x)).sum();
    return -x / ((1 + m / features_in_time::points_seen_again(d)) * (1 + m / d.features));
  };
  const auto [share, least] = boost::math::tools::brent_find_minima(minus_source, 0.0, 1.0 - 1e-12, 40);
  return d.step * (d.points / -least + d.ridge) / (2 * (1 + d.momentum));
}

}  // namespace fieldscan::theory
