#pragma once
#include <cmath>

/// Means over draws with their errors.
namespace fieldscan::testing {

struct Average {
  double sum = 0, square = 0;
  int count = 0;
  void add(double x) { sum += x, square += x * x, ++count; }
  double mean() const { return sum / count; }
  double error() const { return std::sqrt((square / count - mean() * mean()) / (count - 1)); }
  /// In standard errors, with a relative error of the theory beside them.
  double deviation(double predicted, double relative) const {
    return (mean() - predicted) / std::hypot(error(), relative * predicted);
  }
};

}  // namespace fieldscan::testing
