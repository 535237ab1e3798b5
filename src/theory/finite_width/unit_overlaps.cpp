#include "unit_overlaps.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>
#include <vector>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/solve/legendre.hpp"

namespace fieldscan::theory {

namespace {

constexpr double most_pieces = 2000;

/// The density at nodes of Gauss and Legendre in every bin, and in pieces of the bins' width beyond them, where
/// |m| ≤ reach: wider ones where there would be too many.
OverlapPoints on_bins(const std::function<double(double)>& density, double reach, const Bins& bins) {
  if (!std::isfinite(reach))
    throw NumericalError(
        "the overlaps of the weights are not finite: lower weight_variance or chi, or raise the ridge");
  const solve::LegendreRule rule = solve::legendre_rule(8);
  const double width = (bins.high - bins.low) / bins.count;
  std::vector<double> m, weight;
  const auto piece = [&](double low, double length) {
    for (Index k = 0; k < rule.node.size(); ++k) {
      const double at = low + 0.5 * length * (1 + rule.node[k]);
      m.push_back(at);
      weight.push_back(std::max(density(at), 0.0) * length / rule.scale[k]);
    }
  };
  for (int bin = 0; bin < bins.count; ++bin) piece(bins.low + bin * width, width);
  const double above = std::max(width, (reach - bins.high) / most_pieces);
  for (double low = bins.high; low < reach; low += above) piece(low, above);
  const double below = std::max(width, (reach + bins.low) / most_pieces);
  for (double high = bins.low; high > -reach; high -= below) piece(high - below, below);
  OverlapPoints out{Eigen::Map<const Vector>(m.data(), std::ssize(m)),
                    Eigen::Map<const Vector>(weight.data(), std::ssize(weight))};
  out.weight /= out.weight.sum();
  return out;
}

double cardinal_sine(double x) {
  const double angle = std::numbers::pi * x;
  return std::abs(angle) < 1e-8 ? 1.0 : std::sin(angle) / angle;
}

}  // namespace

OverlapPoints normal_overlaps(double variance, const Bins& bins) {
  const double deviation = std::sqrt(variance);
  return on_bins(
      [&](double m) { return std::exp(-0.5 * m * m / variance) / (deviation * std::sqrt(2 * std::numbers::pi)); },
      9 * deviation, bins);
}

OverlapPoints rule_overlaps(const Adaptation& adaptation, double length, const Bins& bins) {
  const Matrix& z = adaptation.population.z;
  std::map<double, double> line;  // equal coordinates are equal to the last bit
  for (Index m = 0; m < z.rows(); ++m) line[z(m, 0)] += adaptation.saddle.weight[m];
  double spacing = std::numeric_limits<double>::infinity();  // between modes there may be no nodes
  for (auto next = std::next(line.begin()), last = line.begin(); next != line.end(); last = next++)
    spacing = std::min(spacing, next->first - last->first);
  const auto density = [&](double overlap) {
    double sum = 0;
    for (const auto& [node, weight] : line) sum += weight * cardinal_sine((overlap / length - node) / spacing);
    return sum / (spacing * length);
  };
  return on_bins(density, length * line.rbegin()->first, bins);
}

OverlapPoints chain_overlaps(const Adaptation& adaptation, const Vector& direction) {
  return {adaptation.population.z * direction, adaptation.saddle.weight};
}

OverlapNumber moment_of(const OverlapPoints& points) {
  return {points.m.cwiseAbs2().dot(points.weight), points.m.cwiseAbs2()};
}

OverlapNumber share_of(const OverlapPoints& points, const Bins& bins, int bin) {
  const Vector inside = points.m.unaryExpr([&](double m) {
    const double place = std::floor((m - bins.low) / (bins.high - bins.low) * bins.count);
    return std::clamp(place, 0.0, bins.count - 1.0) == bin ? 1.0 : 0.0;
  });
  return {inside.dot(points.weight), inside};
}

OverlapNumber specialisation_of(const OverlapPoints& points, double units) {
  const Vector size = points.m.cwiseAbs();
  std::vector<Index> order(static_cast<std::size_t>(size.size()));
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](Index k) { return size[k]; });
  // ⟨max⟩ = ∫ (1 − F^N) dx; its derivative by a point's weight is −∫_{|m|}^∞ N F^{N−1} dx.
  double largest = size[order.back()], below = 0, above = 0;
  const double mean = size.dot(points.weight), others = units > 1 ? units - 1 : 1;
  std::vector<double> share(order.size());  // F from each point to the next
  for (std::size_t k = 0; k < order.size(); ++k) share[k] = below += points.weight[order[k]];
  Vector derivative(size.size());
  for (std::size_t k = order.size(); k-- > 0;) {
    if (k + 1 < order.size()) {
      const double step = size[order[k + 1]] - size[order[k]];
      largest -= step * std::pow(share[k], units);
      above += step * units * std::pow(share[k], units - 1);
    }
    derivative[order[k]] = -above;
  }
  if (!(units > 1)) return {largest, derivative};
  return {largest - (units * mean - largest) / others, (1 + 1 / others) * derivative - units / others * size};
}

}  // namespace fieldscan::theory
