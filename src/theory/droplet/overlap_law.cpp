#include "fieldscan/theory/droplet/overlap_law.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace fieldscan::theory {

namespace {

constexpr double faint_nats = 40;      ///< nats below the highest point that do not count
constexpr double nodes_per_width = 4;  ///< of the prior of m: the trapezoidal rule is then exact to rounding
constexpr double step_in_sigma = 0.5;  ///< of log ρ
/// Nats of the prior of ρ that are followed down: droplets shift ρ itself, at a cost that grows with d.
double depth_of(double dimension) { return std::max(70.0, dimension / 2); }

constexpr int faint_places = 64;  ///< between parts that are held

}  // namespace

Transverse transverse_rule(double dimension, double weight_variance) {
  if (dimension <= 1) return {.square = Vector::Zero(1), .log_weight = Vector::Zero(1)};
  const double k = (dimension - 1) / 2, step = step_in_sigma / std::sqrt(k);
  // In u = log(ρ/mode) the density is exp(k (u − e^u + 1)), up to a constant.
  const auto log_weight = [&](double u) { return k * (u - std::expm1(u)); };
  const double depth = depth_of(dimension);
  std::vector<double> places;
  for (double u = 0; log_weight(u) > -depth; u -= step) places.push_back(u);
  std::ranges::reverse(places);
  for (double u = step; log_weight(u) > -depth; u += step) places.push_back(u);
  const auto count = static_cast<Index>(places.size());
  Transverse out{.square = Vector(count), .log_weight = Vector(count)};
  for (Index j = 0; j < count; ++j) {
    const double u = places[static_cast<std::size_t>(j)];
    out.square[j] = weight_variance * (dimension - 1) / dimension * std::exp(u);
    out.log_weight[j] = log_weight(u);
  }
  out.log_weight.array() -= std::log(out.log_weight.array().exp().sum());
  return out;
}

OverlapLaw::OverlapLaw(SingleIndex problem, Vector multipliers)
    : problem_(std::move(problem)),
      multipliers_(std::move(multipliers)),
      transverse_(transverse_rule(problem_.dimension, problem_.weight_variance)),
      spacing_(overlap_width(problem_) / nodes_per_width),
      held_(overlap_support(problem_, multipliers_)) {
  place_nodes();
  const Index count = places_.size();
  log_density_.resize(count);
  for (Index i = 0; i < count; ++i) log_density_[i] = unnormalised(places_[i]);
  const double top = log_density_.maxCoeff();
  Vector weight = 2 * (log_density_.array() - top).exp();
  weight[0] /= 2;
  log_norm_ = top + std::log(spacing_ * weight.sum());
  log_density_.array() -= log_norm_;
  moment_ = weight.dot(places_.cwiseAbs2()) / weight.sum();
}

void OverlapLaw::place_nodes() {
  std::vector<double> places;
  Index next = 0;  // node
  for (const auto& [low, high] : held_) {
    const auto first = std::max(next, static_cast<Index>(low / spacing_)),
               last = static_cast<Index>(high / spacing_) + 1;
    const double from = places.empty() ? 0 : places.back(), gap = static_cast<double>(first) * spacing_ - from;
    for (int k = places.empty() ? 0 : 1; first > next && k < faint_places; ++k)
      places.push_back(from + gap * k / faint_places);
    for (Index i = first; i <= last; ++i) places.push_back(static_cast<double>(i) * spacing_);
    next = last + 1;
  }
  places_ = Eigen::Map<const Vector>(places.data(), std::ssize(places));
}

double OverlapLaw::unnormalised(double m) const {
  constexpr Index most = 40;  // coefficients go to order 64
  double projection[most];
  const Index modes = std::min(multipliers_.size(), most);
  double highest = -std::numeric_limits<double>::infinity(), sum = 0;
  for (Index j = 0; j < transverse_.square.size(); ++j) {
    hermite_projections(m, m * m + transverse_.square[j], problem_.scale, modes, projection);
    double field = 0;
    for (Index k = 0; k < modes; ++k) field += multipliers_[k] * projection[k];
    field *= problem_.points;
    const double exponent = transverse_.log_weight[j] + problem_.richness / 2 * field * field;
    if (exponent > highest) {
      sum = sum * std::exp(highest - exponent) + 1;
      highest = exponent;
    } else {
      sum += std::exp(exponent - highest);
    }
  }
  return highest + std::log(sum) - problem_.dimension * m * m / (2 * problem_.weight_variance);
}

double OverlapLaw::log_density(double m) const { return unnormalised(m) - log_norm_; }

double OverlapLaw::mass_above(double low, double high) const {
  double sum = 0;
  for (const auto& [held_low, held_high] : held_) {
    const double from = std::max(low, held_low), to = std::min(high, held_high);
    if (!(from < to)) continue;
    const auto panels = static_cast<int>(std::ceil((to - from) / (nodes_per_width * spacing_)));
    const double width = (to - from) / panels;
    for (int i = 0; i < panels; ++i)
      sum += boost::math::quadrature::gauss<double, 10>::integrate([&](double m) { return std::exp(log_density(m)); },
                                                                   from + i * width, from + (i + 1) * width);
  }
  return sum;
}

double OverlapLaw::mass(double low, double high) const {
  if (!(low < high)) return 0;
  if (low >= 0) return mass_above(low, high);
  if (high <= 0) return mass_above(-high, -low);
  return mass_above(0, -low) + mass_above(0, high);
}

double OverlapLaw::beyond(double m) const { return 2 * mass_above(m, std::numeric_limits<double>::infinity()); }

namespace {

/// A maximum of the law (sign 1) or a minimum (−1) next to a node.
double extreme_near(const OverlapLaw& law, Index node, double sign) {
  return boost::math::tools::brent_find_minima([&](double m) { return -sign * law.log_density(m); },
                                               law.places()[node - 1], law.places()[node + 1], 26)
      .first;
}

}  // namespace

OverlapShape shape_of(const OverlapLaw& law) {
  const Vector& p = law.at_places();
  const double lowest = p.maxCoeff() - faint_nats;
  std::vector<Index> maxima;
  OverlapShape shape{.central = p[0] > p[1]};
  if (shape.central) maxima.push_back(0);
  for (Index i = 1; i + 1 < p.size(); ++i)
    if (p[i] > p[i - 1] && p[i] >= p[i + 1] && p[i] > lowest) maxima.push_back(i);
  const auto higher = [&](Index a, Index b) { return p[a] < p[b]; };
  if (maxima.size() >= 2) {
    const Index outer = *std::ranges::max_element(maxima.begin() + 1, maxima.end(), higher);
    Index edge = maxima[0];
    for (Index i = maxima[0]; i < outer; ++i)
      if (p[i] < p[edge]) edge = i;
    shape.outer = extreme_near(law, outer, 1);
    shape.edge = extreme_near(law, edge, -1);
  } else if (maxima.size() == 1 && !shape.central) {
    shape.outer = extreme_near(law, maxima[0], 1);
  }
  return shape;
}

}  // namespace fieldscan::theory
