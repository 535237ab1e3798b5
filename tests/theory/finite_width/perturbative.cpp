#include "fieldscan/theory/finite_width/perturbative.hpp"

#include "theory/examples.hpp"

namespace fieldscan::theory::laws {

namespace {

Setting in_plane(Setting setting) {
  setting.data.input = data::Sphere{.dim = 2};
  setting.data.target = data::Linear{};
  return setting;
}

}  // namespace

template <>
std::vector<Example> examples<Perturbative>() {
  const Setting deep = with(sampler(), [](Setting& s) { s.network.depth = 2; });
  return {
      {Perturbative{.samples = 30000}, sampler()},
      {Perturbative{.samples = 20000}, deep},
      {Perturbative{}, in_plane(sampler())},
      {Perturbative{.samples = 30000}, with(sampler(), [](Setting& s) { s.network.activation = network::Relu{}; })}};
}

template <>
std::vector<Counterexample> counterexamples<Perturbative>() {
  return {{Perturbative{}, descent(), "describes the posterior"},
          {Perturbative{}, unlike(), "the trainer is"},
          {Perturbative{}, with(sampler(), [](Setting& s) { s.network.train = network::Trained::readout; }),
           "keep their initial values"},
          {Perturbative{}, with(sampler(), [](Setting& s) { s.ridge = 0; }), "beside the ridge, which is zero"},
          {Perturbative{}, with(sampler(), [](Setting& s) { s.network.depth = 4; }), "beyond 3 hidden layers"},
          {Perturbative{}, online(sampler()), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws
