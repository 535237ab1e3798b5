#include "fieldscan/theory/regression/ntk.hpp"

#include "theory/examples.hpp"

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<NtkRegression>() {
  return {{NtkRegression{}, descent()},
          {NtkRegression{}, small(dynamics::Alone{})},
          {NtkRegression{}, small(dynamics::Solved{})},
          {NtkRegression{}, two_outputs(descent())},
          {NtkRegression{.solver = Solver::conjugate_gradients}, descent()}};
}

template <>
std::vector<Counterexample> counterexamples<NtkRegression>() {
  return {{NtkRegression{}, sampler(), "describes gradient descent"},
          {NtkRegression{}, unlike(), "the trainer is"},
          {NtkRegression{}, small(dynamics::Flow{.anchor = dynamics::Anchor::zero}), "towards zero"},
          {NtkRegression{},
           with(descent(), [](Setting& s) { s.network.parameterisation = network::Parameterisation::mup; }), "mup"},
          {NtkRegression{.solver = Solver::conjugate_gradients}, with(descent(), [](Setting& s) { s.ridge = 0; }),
           "conjugate gradients need a ridge"},
          {NtkRegression{}, online(descent()), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws
