#include "quadrature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/solve/legendre.hpp"
#include "pair_table.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

constexpr std::size_t per_panel = 12;   ///< nodes
constexpr double resolved = 1.5;        ///< of the argument of φ: what one panel from zero spans
constexpr double most_variance = 1e20;  ///< beyond it the panels that double from zero are too many

/// Nodes and weights over [low, high].
struct Nodes {
  std::vector<double> x, weight;
};

struct Panel {
  std::array<double, per_panel> node, weight;  ///< on [−1, 1]
};

Panel legendre_panel() {
  Panel out{};
  const solve::LegendreRule rule = solve::legendre_rule(static_cast<Index>(per_panel));
  for (std::size_t k = 0; k < per_panel; ++k) {
    out.node[k] = rule.node(static_cast<Index>(k));
    out.weight[k] = 2 / rule.scale(static_cast<Index>(k));
  }
  return out;
}

const Panel panel = legendre_panel();

void append(Nodes& nodes, double low, double high) {
  const double half = (high - low) / 2;
  for (std::size_t k = 0; k < per_panel; ++k) {
    nodes.x.push_back((low + high) / 2 + half * panel.node[k]);
    nodes.weight.push_back(half * panel.weight[k]);
  }
}

/// Ends of the panels of the radius, up to where exp(−r²/2) is at rounding: finer towards zero the larger the variance.
std::vector<double> radial_ends(double deviation) {
  constexpr std::array coarse{1.5, 3.0, 4.5, 6.5, 8.6};
  std::vector<double> ends{0};
  for (double r = coarse[0] / std::max(1.0, deviation); r < 0.7 * coarse[0]; r *= 2) ends.push_back(r);
  ends.insert(ends.end(), coarse.begin(), coarse.end());
  return ends;
}

/// Panels of the sector [0, length], doubling from both ends: the first ones resolve φ there.
Nodes sector(double length, double from_low, double from_high) {
  std::vector<double> ends{0}, upper;
  for (double s = from_low; s < 0.375 * length; s *= 2) ends.push_back(s);
  for (double s = from_high; s < 0.375 * length; s *= 2) upper.push_back(length - s);
  if (length > std::min(from_low, from_high)) ends.push_back(length / 2);
  ends.insert(ends.end(), upper.rbegin(), upper.rend());
  ends.push_back(length);
  Nodes nodes;
  for (std::size_t k = 0; k + 1 < ends.size(); ++k) append(nodes, ends[k], ends[k + 1]);
  return nodes;
}

/// φ and φ′ at all products radius · direction · sign.
struct Values {
  std::vector<double> value, derivative;

  void fill(const ValueAndDerivative& phi, const std::vector<double>& radius, const std::vector<double>& direction,
            double sign) {
    value.resize(radius.size() * direction.size());
    derivative.resize(value.size());
    std::size_t k = 0;
    for (const double r : radius)
      for (const double d : direction) value[k++] = sign * r * d;
    phi(value, value, derivative);
  }
};

/// The pair: standard deviations, and the angle between the two.
struct Pair {
  double u, v, angle;
};

/// What the sector of one sign of u v, and its image under (u, v) → (−u, −v), add for the radii of one panel:
/// u = √a r sin s, v = ±√b r sin(length − s).
void add_sector(GaussianAverage& total, const ValueAndDerivative& phi, const Pair& pair, const Nodes& radii,
                double most, double sign) {
  const double length = sign < 0 ? pair.angle : std::numbers::pi - pair.angle;
  if (!(length > 0)) return;
  const double everywhere = 2 * std::numbers::pi;
  const auto first = [&](double deviation) { return deviation > 0 ? resolved / (deviation * most) : everywhere; };
  // u vanishes at the low end and so far beyond the high one, v at the high one and so far below the low one.
  const double beyond = std::numbers::pi - length, at_u = first(pair.u), at_v = first(pair.v);
  const Nodes angles = sector(length, std::min(at_u, std::max(at_v, beyond)), std::min(at_v, std::max(at_u, beyond)));
  std::vector<double> u(angles.x.size()), v(angles.x.size());
  for (std::size_t j = 0; j < u.size(); ++j) {
    u[j] = pair.u * std::sin(angles.x[j]);
    v[j] = sign * pair.v * std::sin(length - angles.x[j]);
  }
  Values of_u, of_v;
  for (const double side : {1.0, -1.0}) {
    of_u.fill(phi, radii.x, u, side);
    of_v.fill(phi, radii.x, v, side);
    for (std::size_t i = 0, k = 0; i < radii.x.size(); ++i) {
      GaussianAverage ring;
      for (std::size_t j = 0; j < u.size(); ++j, ++k) {
        ring.value += angles.weight[j] * of_u.value[k] * of_v.value[k];
        ring.derivative += angles.weight[j] * of_u.derivative[k] * of_v.derivative[k];
      }
      total.value += radii.weight[i] * ring.value;
      total.derivative += radii.weight[i] * ring.derivative;
    }
  }
}

}  // namespace

double quadrature_seconds(double variance, Norms norms) {
  const double one = 1e-4 * (1 + 0.26 * std::max(0.0, std::log2(variance)));
  return norms == Norms::equal && variance <= 200 ? std::min(1.5e-6 * std::pow(variance, 0.75), one) : one;
}

GaussianAverage quadrature_average(const ValueAndDerivative& phi, double a, double b, double c) {
  // Both variances in units of the larger, so that the determinant does not overflow.
  const double largest = std::max(a, b), unit = largest > 0 ? 1 / largest : 0;
  if (!(largest <= most_variance))
    throw NumericalError(fmt::format(
        "the Gaussian average of an activation without closed forms is integrated up to variances of {:g}, and here a "
        "pre-activation has {:g}: lower weight_variance, bias_variance or depth",
        most_variance, largest));
  const double determinant = vector_math::determinant(unit * a, unit * b, unit * c);
  const Pair pair{std::sqrt(a), std::sqrt(b), std::atan2(std::sqrt(determinant), unit * c)};
  const std::vector<double> ends = radial_ends(std::max(pair.u, pair.v));
  GaussianAverage total;
  for (std::size_t k = 0; k + 1 < ends.size(); ++k) {
    Nodes radii;
    append(radii, ends[k], ends[k + 1]);
    for (std::size_t i = 0; i < radii.x.size(); ++i)
      radii.weight[i] *= radii.x[i] * std::exp(-radii.x[i] * radii.x[i] / 2) / (2 * std::numbers::pi);
    for (const double sign : {-1.0, 1.0}) add_sector(total, phi, pair, radii, ends[k + 1], sign);
  }
  return total;
}

void quadrature_averages(const ValueAndDerivative& phi, std::span<const double> a, std::span<const double> b,
                         std::span<const double> c, std::span<double> out, std::span<double> derivative) {
  assert(b.size() == a.size() && c.size() == a.size() && out.size() == a.size() && derivative.size() == a.size() &&
         "one length");
  if (a.empty()) return;
  const PairTable table{
      .at = [&, variance = a[0]](double product) { return quadrature_average(phi, variance, variance, product); },
      .tolerance = 3e-14};
  if (fill_from_table(table, a, b, c, out, derivative)) return;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const GaussianAverage at = quadrature_average(phi, a[k], b[k], c[k]);
    out[k] = at.value;
    derivative[k] = at.derivative;
  }
}

}  // namespace fieldscan::network
