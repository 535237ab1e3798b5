#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "fieldscan/network/activation/list.hpp"

/// Gaussian averages by brute force, independent of the closed forms: polar coordinates u = √a r cos φ, v = √b r cos(φ
/// − θ) and composite Gauss–Legendre panels whose edges are the lines u = 0 and v = 0, where an activation may have a
/// kink.
namespace fieldscan::network::testing {

struct Nodes {
  std::vector<double> x, weight;
};

/// Gauss–Legendre rule on [low, high], appended.
inline void append_panel(Nodes& nodes, double low, double high, int n) {
  for (int k = 1; k <= n; ++k) {
    double x = std::cos(std::numbers::pi * (k - 0.25) / (n + 0.5)), slope = 1;
    for (int step = 0; step < 100; ++step) {
      double p = 1, below = 0;
      for (int l = 1; l <= n; ++l) {
        const double next = ((2 * l - 1) * x * p - (l - 1) * below) / l;
        below = p;
        p = next;
      }
      slope = n * (x * p - below) / (x * x - 1);
      const double change = p / slope;
      x -= change;
      if (std::abs(change) < 1e-16) break;
    }
    nodes.x.push_back((low + high) / 2 + (high - low) / 2 * x);
    nodes.weight.push_back((high - low) / ((1 - x * x) * slope * slope));
  }
}

inline GaussianAverage polar_average(const ActivationChoice& activation, double a, double b, double c) {
  const double pi = std::numbers::pi;
  const double theta = std::acos(std::clamp(c / std::sqrt(a * b), -1.0, 1.0));
  Nodes radius, angle;
  for (int panel = 0; panel < 10; ++panel) append_panel(radius, panel, panel + 1.0, 16);
  std::vector<double> edges{-pi / 2, theta - pi / 2, pi / 2, theta + pi / 2, 1.5 * pi};
  std::sort(edges.begin(), edges.end());
  for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
    const double length = edges[e + 1] - edges[e];
    for (int part = 0; part < 4 && length > 0; ++part)
      append_panel(angle, edges[e] + length * part / 4, edges[e] + length * (part + 1) / 4, 16);
  }
  std::vector<double> u(angle.x.size()), v(u.size()), slope_u(u.size()), slope_v(u.size());
  GaussianAverage total;
  for (std::size_t i = 0; i < radius.x.size(); ++i) {
    const double r = radius.x[i];
    for (std::size_t j = 0; j < u.size(); ++j) {
      u[j] = std::sqrt(a) * r * std::cos(angle.x[j]);
      v[j] = std::sqrt(b) * r * std::cos(angle.x[j] - theta);
    }
    value_and_derivative(activation, u, u, slope_u);
    value_and_derivative(activation, v, v, slope_v);
    const double weight = radius.weight[i] * r * std::exp(-r * r / 2) / (2 * pi);
    for (std::size_t j = 0; j < u.size(); ++j) {
      total.value += weight * angle.weight[j] * u[j] * v[j];
      total.derivative += weight * angle.weight[j] * slope_u[j] * slope_v[j];
    }
  }
  return total;
}

}  // namespace fieldscan::network::testing
