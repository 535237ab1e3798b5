#include "fieldscan/core/digits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace fieldscan {

namespace {

constexpr double all_digits = 16, few_digits = 6;
constexpr Index most_probes = 8;

Index probe(Index k, Index count, Index size) { return k * size / count; }

}  // namespace

double digits_left(const SolvedSystem& system, const MatrixView& left, const VectorView& right,
                   const VectorView& numbers) {
  const double size = numbers.norm();
  if (!(size > 0)) return all_digits;
  const double change = std::numeric_limits<double>::epsilon() * std::sqrt(static_cast<double>(system.size)) *
                            std::abs(system.mean_diagonal) +
                        system.jitter;
  const double error = change * left.norm() * right.norm();
  if (!(error / size < 1)) return 0;
  return std::min(all_digits, -std::log10(error / size));
}

Matrix some_columns(const MatrixView& all) {
  const Index count = std::min(most_probes, all.cols());
  Matrix some(all.rows(), count);
  for (Index k = 0; k < count; ++k) some.col(k) = all.col(probe(k, count, all.cols()));
  return some;
}

Vector some_elements(const VectorView& all) {
  const Index count = std::min(most_probes, all.size());
  Vector some(count);
  for (Index k = 0; k < count; ++k) some[k] = all[probe(k, count, all.size())];
  return some;
}

std::string digits_remark(double digits, double condition) {
  if (digits >= few_digits) return "";
  return fmt::format(
      "about {:.0f} digits of the predictor are left (condition number some 1e{:.0f}): a larger ridge has more",
      std::floor(digits), std::floor(std::log10(std::max(1.0, condition))));
}

}  // namespace fieldscan
