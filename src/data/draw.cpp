#include "fieldscan/data/draw.hpp"

#include "sample.hpp"
#include "sources.hpp"

namespace fieldscan::data {

Draw make_draw(const Spec& spec, const std::shared_ptr<const Pool>& pool, std::uint64_t seed, std::int64_t draw) {
  const Domain domain{
      .input = spec.input, .dimension = pool ? pool->dimension : dimension_of(spec.input), .pool = pool};
  const TargetFunction function = make_function(spec.target, domain, {.seed = seed, .draw = draw});
  Sources sources = make_sources(spec, domain, function, seed, draw);
  Draw result{.train = make_sample(function, std::move(sources.train), sources.train_label),
              .test = make_sample(function, std::move(sources.test)),
              .validation = make_sample(function, std::move(sources.validation)),
              .mode_numbers = mode_numbers(spec.target, spec.input),
              .directions = directions(function, domain.dimension),
              .units = hidden_units(function)};
  const Stream noise(seed, Purpose::label_noise, "", static_cast<std::uint64_t>(draw), 0);
  add_noise(result.train, spec.noise, noise.at(static_cast<std::uint32_t>(Part::train), 0));
  add_noise(result.validation, spec.noise, noise.at(static_cast<std::uint32_t>(Part::validation), 0));
  return result;
}

Draw make_draw(const Spec& spec, std::uint64_t seed, std::int64_t draw) {
  return make_draw(spec, load_pool(spec), seed, draw);
}

std::shared_ptr<const Pool> load_pool(const Spec& spec) {
  const auto* file = std::get_if<File>(&spec.input);
  return file ? load_pool(*file, spec.test_from) : nullptr;
}

}  // namespace fieldscan::data
