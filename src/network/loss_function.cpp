#include "fieldscan/network/loss_function.hpp"

#include <cassert>
#include <cmath>

#include "fieldscan/network/summed_loss.hpp"

namespace fieldscan::network {
namespace {

/// log(1 + exp(z)), which neither overflows nor cancels.
double softplus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

/// 1/(1 + exp(−z)).
double logistic(double z) {
  const double small = std::exp(-std::abs(z));
  return (z >= 0 ? 1 : small) / (1 + small);
}

}  // namespace

double cross_entropy(const VectorView& outputs, const VectorView& classes, Index count, Eigen::Ref<Vector> slope) {
  assert(classes.size() == outputs.size() && slope.size() == outputs.size() && "one number per point and output");
  double sum = 0;
  if (count == 1) {
    for (Index k = 0; k < outputs.size(); ++k) {
      const double sign = classes[k], margin = sign * outputs[k];
      sum += softplus(-margin);
      slope[k] = -sign * logistic(-margin);
    }
    return sum;
  }
  for (Index first = 0; first < outputs.size(); first += count) {
    const auto f = outputs.segment(first, count);
    const auto own = classes.segment(first, count);
    auto p = slope.segment(first, count);
    const double largest = f.maxCoeff();
    p = (f.array() - largest).exp();
    const double total = p.sum();
    sum += std::log(total) + largest - own.dot(f);
    p = p / total - own;
  }
  return sum;
}

Vector class_probabilities(const VectorView& outputs) {
  if (outputs.size() == 1) return Vector{{logistic(-outputs[0]), logistic(outputs[0])}};
  Vector p = (outputs.array() - outputs.maxCoeff()).exp();
  return p / p.sum();
}

double largest_curvature(LossFunction loss, Index outputs) {
  if (loss == LossFunction::square) return 1;
  return outputs == 1 ? 0.25 : 0.5;
}

double summed_loss(const Comparison& with, const VectorView& outputs, Index count, Eigen::Ref<Vector> slope) {
  const bool shifted = with.offset.size() > 0;
  if (with.loss == LossFunction::square) {
    slope = outputs - with.label;
    if (shifted) slope -= with.offset;
    return 0.5 * slope.squaredNorm();
  }
  if (shifted) return cross_entropy(Vector(outputs - with.offset), with.label, count, slope);
  return cross_entropy(outputs, with.label, count, slope);
}

}  // namespace fieldscan::network
