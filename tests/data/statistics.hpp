#pragma once
#include <cmath>

#include "fieldscan/core/matrix.hpp"

/// Means with their standard errors, for tests with fixed seeds.
namespace test {

struct Mean {
  double value = 0, error = 0;
  /// Distance from the expectation in standard errors.
  double z(double expected) const { return (value - expected) / error; }
};

inline Mean mean(const fieldscan::Vector& x) {
  const double m = x.mean(), n = static_cast<double>(x.size());
  return {m, std::sqrt((x.array() - m).square().sum() / (n - 1) / n)};
}

}  // namespace test
