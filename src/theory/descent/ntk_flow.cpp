#include "fieldscan/theory/descent/ntk_flow.hpp"

#include "../applicability.hpp"
#include "averaged_rows.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/descent/flow_average.hpp"
#include "flow_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<NtkFlow>);

const Card NtkFlow::card = {.formula =
                                "df/dt = −Θ(f − y) − κ(f − f₀): f̄(t) = A y, variance (K_** + A K Aᵀ − 2 A K_X*)/χ, A = "
                                "Θ_*X (1 − e^{−(Θ+κ)t})(Θ + κ)⁻¹",
                            .source =
                                "A. Jacot, F. Gabriel, C. Hongler, NeurIPS (2018); J. Lee et al., NeurIPS (2019); the "
                                "ridge: derived, checked against integration",
                            .regime =
                                "gradient descent at N → ∞ with χ fixed and η λ_max(Θ)/χ ≪ 2, in the ntk "
                                "parameterisation, the ridge pulling towards the initial parameters",
                            .effort =
                                "O(P³) once, then O(P²·test points) per time; averaged: levels of the spectrum × some "
                                "10⁴ per time, whatever P"};

Applicability NtkFlow::applicability(const Setting& setting) const {
  if (const Applicability descent = needs_linear_descent(setting); !descent.applies) return descent;
  return averaged ? needs_sphere_spectrum(setting) : needs_draw(setting);
}

NtkFlow::Inputs NtkFlow::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  Inputs out{.kernel = kernel_spec(network),
             .ridge = setting.ridge,
             .chi = network.chi,
             .train = network.train,
             .centred = network.centred,
             .times = setting.asked.times};
  if (averaged) take_averaged(out, setting);
  return out;
}

Cost NtkFlow::cost(const Setting& setting) const {
  const double times = static_cast<double>(setting.asked.times.size());
  if (!averaged) return flow_cost(setting, times);
  Cost average = average_cost(setting);
  average.seconds += 2e-3 * times;
  return average;
}

Result NtkFlow::predict(const Inputs& inputs, const data::Draw& draw) const {
  const Flow flow(flow_kernels(inputs.kernel, inputs.train, draw), draw.train.label, inputs.ridge);
  Result result;
  for (const double time : inputs.times)
    write_state(result, flow, flow.at(time), time, {inputs.chi, inputs.centred}, draw);
  if (!inputs.times.empty()) write_eigenvalues(result, flow, inputs.times.front());
  return result;
}

Result NtkFlow::predict(const Inputs& inputs) const {
  const AveragedProblem problem = averaged_problem(averaged_setting(inputs));
  Result result;
  write_averaged(result, problem, inputs.times, [&](const VectorView& power, double tail, double time) {
    return average_flow(problem.spectrum, power, tail, problem.setting.points, inputs.ridge, problem.noise_variance(),
                        time);
  });
  return result;
}

}  // namespace fieldscan::theory
