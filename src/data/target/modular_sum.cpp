#include "fieldscan/data/target/modular_sum.hpp"

#include <cmath>
#include <numbers>

#include "fieldscan/data/domain.hpp"

namespace fieldscan::data {

namespace modular {
namespace {

/// The components of frequency k at all differences a + b − c modulo p [p].
Vector wave(int modulus, double frequency) {
  const bool single = frequency == 0 || 2 * frequency == modulus;  // no −k beside k
  Vector out(modulus);
  for (int n = 0; n < modulus; ++n)
    out[n] = (single ? 1.0 : 2.0) / modulus *
             std::cos(2 * std::numbers::pi * std::fmod(frequency * n, static_cast<double>(modulus)) / modulus);
  return out;
}

}  // namespace
}  // namespace modular

Values ModularSum::Function::operator()(const Examples& examples) const {
  const Index count = examples.x.rows(), modulus = pairs.modulus, components = static_cast<Index>(frequencies.size());
  Values values{.total = Matrix::Constant(count, modulus, -shift),
                .modes = Matrix(components > 0 ? count * modulus : count, components)};
  Matrix waves(modulus, components);
  for (Index k = 0; k < components; ++k)
    waves.col(k) = modular::wave(pairs.modulus, frequencies[static_cast<std::size_t>(k)]);
  for (Index point = 0; point < count; ++point) {
    const Pair pair = pair_of(pairs, examples.x.row(point).transpose());
    const Index sum = (pair.a + pair.b) % modulus;
    values.total(point, sum) += 1;
    for (Index c = 0; c < modulus && components > 0; ++c)
      values.modes.row(point * modulus + c) = waves.row((sum - c + modulus) % modulus);
  }
  return values;
}

ModularSum::Function ModularSum::function(const Domain& domain, const TargetKey&) const {
  const auto& of = std::get<ModularPairs>(domain.input);
  return {.pairs = of, .shift = centred ? 1 / static_cast<double>(of.modulus) : 0.0, .frequencies = mode_numbers(of)};
}

std::vector<double> ModularSum::mode_numbers(const ModularPairs& pairs) const {
  std::vector<double> frequencies;
  if (basis == SumBasis::none) return frequencies;
  for (int k = centred ? 1 : 0; 2 * k <= pairs.modulus; ++k) frequencies.push_back(k);
  return frequencies;
}

}  // namespace fieldscan::data
