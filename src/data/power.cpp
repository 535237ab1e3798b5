#include <cmath>

#include "fieldscan/data/draw.hpp"
#include "target/level_power.hpp"

namespace fieldscan::data {
namespace {

using Powers = std::optional<std::map<int, double>>;

Powers powers(const Linear& target, const InputChoice& input) {
  // On the sphere a linear function is level 1 whatever its direction.
  if (!is_isotropic(input)) return std::nullopt;
  return std::map<int, double>{{1, target.norm * target.norm}};
}

Powers powers(const Gegenbauer& target, const InputChoice& input) {
  if (!std::holds_alternative<Sphere>(input)) return std::nullopt;
  std::map<int, double> levels;
  for (const auto& [level, power] : target.levels)
    if (power > 0) levels[level] = power;
  return levels;
}

Powers powers(const Hermite& target, const InputChoice& input) {
  const auto* sphere = std::get_if<Sphere>(&input);
  if (!sphere) return std::nullopt;
  auto levels = hermite_level_power(target.coefficients, sphere->dim);
  double total = 0;
  for (const auto& [level, power] : levels) total += power;
  if (target.normalise)
    for (auto& [level, power] : levels) power /= total;
  return levels;
}

template <class T>
Powers powers(const T&, const InputChoice&) {
  return std::nullopt;
}

Powers powers(const Several& targets, const InputChoice& input) {
  std::map<int, double> sum;
  for (const PartChoice& part : targets.of) {
    const Powers own = std::visit([&](const auto& target) { return powers(target, input); }, part);
    if (!own) return std::nullopt;
    for (const auto& [level, power] : *own) sum[level] += power;
  }
  return sum;
}

}  // namespace

std::optional<std::map<int, double>> power_per_level(const Spec& spec) {
  return std::visit([&](const auto& target) { return powers(target, spec.input); }, spec.target);
}

}  // namespace fieldscan::data
