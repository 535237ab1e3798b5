#include "fieldscan/data/target/random.hpp"

namespace fieldscan::data {

Values Random::Function::operator()(const Examples& examples) const {
  Values result{.total = Vector(examples.x.rows()), .modes = Matrix(examples.x.rows(), 0)};
  for (Index k = 0; k < result.total.size(); ++k) {
    const std::uint64_t id = examples.id[static_cast<std::size_t>(k)];
    result.total(k) = values == RandomValues::normal ? stream.normal(id) : stream.uniform(id) < 0.5 ? -1 : 1;
  }
  return result;
}

Random::Function Random::function(const Domain&, const TargetKey& key) const {
  return {.values = values, .stream = target_stream<Random>(key, Redraw::seed)};
}

}  // namespace fieldscan::data
