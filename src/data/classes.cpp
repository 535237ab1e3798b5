#include "fieldscan/data/classes.hpp"

#include <fmt/format.h>

#include <cmath>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/statistics.hpp"

namespace fieldscan::data {

namespace classes {
namespace {

constexpr Index nodes = 60;

/// Of the standard normal density.
solve::Rule hermite_rule() {
  return solve::rule_of_recurrence(Vector::LinSpaced(nodes - 1, 1, static_cast<double>(nodes - 1)).cwiseSqrt());
}

}  // namespace
}  // namespace classes

std::optional<Index> class_of(const VectorView& values) {
  if (values.size() == 1) return values[0] == 0 ? std::nullopt : std::optional<Index>(values[0] > 0 ? 1 : 0);
  Index largest = 0;
  values.maxCoeff(&largest);
  if ((values.array() == values[largest]).count() != 1) return std::nullopt;
  return largest;
}

Vector class_codes(const Matrix& label) {
  const Index outputs = label.cols();
  Vector codes = Vector::Zero(label.size());
  for (Index k = 0; k < label.rows(); ++k) {
    const std::optional<Index> own = class_of(label.row(k).transpose());
    if (!own)
      throw NumericalError(fmt::format(
          "label {} of {} has no class: {}", k + 1, label.rows(),
          outputs == 1 ? "it is 0, and classes are its two signs" : "its largest output is not the only one"));
    if (outputs == 1)
      codes[k] = *own == 1 ? 1 : -1;
    else
      codes[k * outputs + *own] = 1;
  }
  return codes;
}

Classes::Classes(const Vector& mean, const Vector& variance, Index outputs)
    : mean_(mean), variance_(variance), outputs_(outputs) {
  if (outputs > 1 && variance.size() > 0) rule_ = classes::hermite_rule();
}

Vector Classes::shares(Index k) const {
  const auto mean = mean_.segment(k * outputs_, outputs_);
  if (variance_.size() > 0) {
    const auto variance = variance_.segment(k * outputs_, outputs_);
    if (variance.minCoeff() > 0) return probabilities(mean, variance);
  }
  Vector out = Vector::Zero(count());
  if (const std::optional<Index> own = class_of(mean)) out[*own] = 1;
  return out;
}

Vector Classes::probabilities(const VectorView& mean, const VectorView& variance) const {
  if (outputs_ == 1) {
    const double distance = mean[0] / std::sqrt(variance[0]);
    return Vector{{normal_cdf(-distance), normal_cdf(distance)}};
  }
  const Vector root = variance.cwiseSqrt();
  Vector out = Vector::Zero(outputs_);
  for (Index c = 0; c < outputs_; ++c)
    for (Index k = 0; k < rule_.node.size(); ++k) {
      const double own = mean[c] + root[c] * rule_.node[k];
      double below = rule_.weight[k];
      for (Index other = 0; other < outputs_; ++other)
        if (other != c) below *= normal_cdf((own - mean[other]) / root[other]);
      out[c] += below;
    }
  return out;
}

double accuracy_of(const Classes& classes, const Matrix& target) {
  double right = 0;
  Index counted = 0;
  for (Index k = 0; k < target.rows(); ++k) {
    const std::optional<Index> own = class_of(target.row(k).transpose());
    if (!own) continue;
    ++counted;
    right += classes.shares(k)[*own];
  }
  return counted > 0 ? right / static_cast<double>(counted) : 0;
}

Matrix confusion_of(const Classes& classes, const Matrix& target) {
  Matrix shares = Matrix::Zero(classes.count(), classes.count());
  for (Index k = 0; k < target.rows(); ++k)
    if (const std::optional<Index> own = class_of(target.row(k).transpose()))
      shares.col(*own) += classes.shares(k) / static_cast<double>(target.rows());
  return shares;
}

}  // namespace fieldscan::data
