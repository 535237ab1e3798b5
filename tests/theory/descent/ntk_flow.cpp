#include "fieldscan/theory/descent/ntk_flow.hpp"

#include "theory/examples.hpp"

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<NtkFlow>() {
  return {{NtkFlow{}, descent()}, {NtkFlow{}, small(dynamics::Flow{})}, {NtkFlow{.averaged = true}, descent()}};
}

template <>
std::vector<Counterexample> counterexamples<NtkFlow>() {
  const auto normal = [](Setting& s) { s.data.input = data::Gaussian{.dim = 6}; };
  return {{NtkFlow{}, sampler(), "describes gradient descent"},
          {NtkFlow{}, small(dynamics::Solved{}), "the trainer is"},
          {NtkFlow{}, small(dynamics::Flow{.anchor = dynamics::Anchor::zero}), "towards zero"},
          {NtkFlow{}, online(descent()), "fresh examples"},
          {NtkFlow{.averaged = true}, with(descent(), normal), "normal inputs"}};
}

}  // namespace fieldscan::theory::laws
