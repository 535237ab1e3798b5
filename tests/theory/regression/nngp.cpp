#include "fieldscan/theory/regression/nngp.hpp"

#include "theory/examples.hpp"

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<Nngp>() {
  return {{Nngp{}, sampler()},
          {Nngp{}, small(dynamics::Alone{})},
          {Nngp{}, two_outputs(sampler())},
          {Nngp{.solver = Solver::conjugate_gradients}, two_outputs(sampler())}};
}

template <>
std::vector<Counterexample> counterexamples<Nngp>() {
  return {{Nngp{}, descent(), "describes the posterior"},
          {Nngp{}, unlike(), "the trainer is"},
          {Nngp{}, with(sampler(), [](Setting& s) { s.network.train = network::Trained::hidden; }), "frozen"},
          {Nngp{}, with(sampler(), [](Setting& s) { s.network.centred = true; }), "subtracted"},
          {Nngp{.solver = Solver::conjugate_gradients}, with(sampler(), [](Setting& s) { s.ridge = 0; }),
           "conjugate gradients need a ridge"},
          {Nngp{}, online(sampler()), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws
