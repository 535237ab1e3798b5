#include "fieldscan/data/target/gegenbauer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "direction.hpp"
#include "fieldscan/data/domain.hpp"

namespace fieldscan::data {

double harmonics_count(int dimension, int level) {
  if (level == 0) return 1;
  if (dimension == 1) return level == 1 ? 1 : 0;
  if (dimension == 2) return 2;
  // C(l + d − 3, l − 1) as a product: whole at every step.
  double binomial = 1;
  for (int j = 1; j < level; ++j) binomial = binomial * (dimension - 2 + j) / j;
  return std::round(binomial * (2 * level + dimension - 2) / level);
}

Matrix gegenbauer_values(const VectorView& t, int dimension, int level) {
  assert(dimension >= 2 && "levels need two dimensions");
  Matrix p(t.size(), level + 1);
  p.col(0).setOnes();
  if (level >= 1) p.col(1) = t;
  const double d = dimension;
  for (int l = 1; l < level; ++l)
    for (Index n = 0; n < t.size(); ++n)
      p(n, l + 1) = std::fma((2 * l + d - 2) * t(n), p(n, l), -(l * p(n, l - 1))) / (l + d - 2);
  return p;
}

Values Gegenbauer::Function::operator()(const Examples& examples) const {
  const Vector norm2 = [&] {
    Vector sum = Vector::Zero(examples.x.rows());
    for (Index j = 0; j < examples.x.cols(); ++j)
      for (Index k = 0; k < sum.size(); ++k) sum(k) = std::fma(examples.x(k, j), examples.x(k, j), sum(k));
    return sum;
  }();
  Vector t = project(examples.x, direction);
  for (Index k = 0; k < t.size(); ++k) t(k) = std::clamp(t(k) / std::sqrt(norm2(k)), -1.0, 1.0);
  const Matrix p = gegenbauer_values(t, static_cast<int>(examples.x.cols()), amplitude.back().first);
  Values values{.total = Vector::Zero(t.size()), .modes = Matrix(t.size(), static_cast<Index>(amplitude.size()))};
  for (std::size_t k = 0; k < amplitude.size(); ++k) {
    values.modes.col(static_cast<Index>(k)) = amplitude[k].second * p.col(amplitude[k].first);
    values.total += values.modes.col(static_cast<Index>(k));
  }
  return values;
}

Gegenbauer::Function Gegenbauer::function(const Domain& domain, const TargetKey& key) const {
  Function result{.direction = random_direction(target_stream<Gegenbauer>(key, draw), domain.dimension),
                  .amplitude = {}};
  for (const auto& [level, power] : levels)
    if (power > 0) result.amplitude.emplace_back(level, std::sqrt(power * harmonics_count(domain.dimension, level)));
  return result;
}

std::vector<double> Gegenbauer::mode_numbers() const {
  std::vector<double> numbers;
  for (const auto& [level, power] : levels)
    if (power > 0) numbers.push_back(level);
  return numbers;
}

std::optional<std::string> Gegenbauer::problem() const {
  for (const auto& [level, power] : levels) {
    if (level < 0) return "a level of `levels` is negative; levels count from 0";
    if (level > 100) return "a level of `levels` is above 100";
    if (!(power >= 0)) return "a power of `levels` is negative; it is the mean square of the level";
  }
  if (mode_numbers().empty()) return "`levels` has no level with positive power (there is no target)";
  return std::nullopt;
}

}  // namespace fieldscan::data
