#include "fieldscan/data/target/linear.hpp"

#include "direction.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/data/domain.hpp"

namespace fieldscan::data {

Values Linear::Function::operator()(const Examples& examples) const {
  Values values{.total = project(examples.x, weight), .modes = {}};
  values.modes = values.total;
  return values;
}

Linear::Function Linear::function(const Domain& domain, const TargetKey& key) const {
  const Stream stream = target_stream<Linear>(key, draw);
  const int d = domain.dimension;
  if (std::holds_alternative<PowerLawSpectrum>(spectrum)) {
    // p_i = spectrum/d has sum 1; mode i of the covariance contributes weight_i² λ_i = norm² p_i.
    Vector weight = (spectrum_values(spectrum, d) / d).cwiseSqrt() * norm;
    if (const auto* gaussian = std::get_if<Gaussian>(&domain.input))
      weight.array() /= gaussian->variances().array().sqrt();
    for (int i = 0; i < d; ++i)
      if (stream.uniform(static_cast<std::uint64_t>(i)) < 0.5) weight(i) = -weight(i);
    return {weight};
  }
  const Vector w = random_direction(stream, d);
  const double moment = second_moment_along(domain, w);
  if (!(moment > 0)) throw NumericalError("target linear: the inputs have no variance along the target's direction");
  return {w * (norm / std::sqrt(moment))};
}

}  // namespace fieldscan::data
