#include "fieldscan/data/target/modular_sum.hpp"

#include "fieldscan/data/domain.hpp"

namespace fieldscan::data {

Values ModularSum::Function::operator()(const Examples& examples) const {
  const Index count = examples.x.rows(), modulus = pairs.modulus;
  Values values{.total = Matrix::Constant(count, modulus, -shift), .modes = Matrix(count, 0)};
  for (Index k = 0; k < count; ++k) {
    const Pair pair = pair_of(pairs, examples.x.row(k).transpose());
    values.total(k, (pair.a + pair.b) % modulus) += 1;
  }
  return values;
}

ModularSum::Function ModularSum::function(const Domain& domain, const TargetKey&) const {
  const auto& pairs = std::get<ModularPairs>(domain.input);
  return {.pairs = pairs, .shift = centred ? 1 / static_cast<double>(pairs.modulus) : 0.0};
}

}  // namespace fieldscan::data
