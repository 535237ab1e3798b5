#include "fieldscan/theory/descent/ntk_flow.hpp"

#include <algorithm>
#include <cmath>

#include "../applicability.hpp"
#include "../rows.hpp"
#include "fieldscan/theory/average/effective_ridge.hpp"
#include "fieldscan/theory/average/learning_curve.hpp"
#include "fieldscan/theory/average/spectrum_sphere.hpp"
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

namespace {

constexpr Index levels_written = 50;

/// The average needs the spectrum that `learning_curve` has for the sphere.
Applicability needs_sphere_spectrum(const Setting& setting) {
  Setting descent = setting;
  descent.dynamics = dynamics::Flow{};
  if (const Applicability known = LearningCurve{}.applicability(descent); !known.applies) return known;
  const auto* gaussian = std::get_if<data::Gaussian>(&setting.data.input);
  if (std::holds_alternative<data::Sphere>(setting.data.input) || (gaussian && gaussian->isotropic())) return {};
  return {false, "the average in time is known for inputs on the sphere"};
}

/// What the theory averages over data: the tangent kernel's levels, and what the mean and one network have to learn.
struct Averaged {
  Spectrum spectrum;
  Vector power;         ///< of the target
  Vector initial;       ///< of f₀, which a network has to unlearn
  double initial_tail;  ///< its part beyond the levels
};

Averaged averaged_problem(const NtkFlow::Inputs& in) {
  const Index target_levels = in.power.empty() ? 1 : in.power.rbegin()->first + 1;
  Averaged out{.spectrum = sphere_spectrum(in.kernel, KernelKind::tangent, in.train, in.dim, in.train_size, in.ridge,
                                           std::max<Index>(target_levels, 2)),
               .power = {},
               .initial = {},
               .initial_tail = 0};
  const Index levels = out.spectrum.eigenvalue.size();
  out.power = out.initial = Vector::Zero(levels);
  for (const auto& [level, value] : in.power) out.power[level] = value;
  if (in.centred) return out;
  const Spectrum prior = first_levels(
      sphere_spectrum(in.kernel, KernelKind::nngp, network::Trained::all, in.dim, in.train_size, in.ridge, levels),
      levels);
  out.initial = prior.eigenvalue.cwiseProduct(prior.degeneracy) / in.chi;
  out.initial_tail = prior.tail / in.chi;
  return out;
}

/// Whether a training error is what the smallest eigenvalues of single data sets make it: small, and still falling.
bool at_edge(double error_train, const Averaged& problem, const FlowAverage& end, double noise_variance) {
  const double start = problem.power.sum() + problem.initial.sum() + problem.initial_tail + noise_variance;
  return error_train < 0.01 * start && std::abs(error_train - end.error_train) > 0.1 * error_train;
}

}  // namespace

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
  if (!averaged) return out;
  if (network.centred) out.chi = 1;  // no initial variance: χ plays no part
  out.dim = data::dimension_of(setting.data.input);
  out.train_size = data::train_points(setting.data);
  out.noise = setting.data.noise;
  out.power = data::power_per_level(setting.data).value();
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
  const double points = inputs.train_size, noise_variance = inputs.noise * inputs.noise;
  const Averaged problem = averaged_problem(inputs);
  const FlowAverage end = average_flow(problem.spectrum, problem.power + problem.initial, problem.initial_tail, points,
                                       inputs.ridge, noise_variance, equilibrium);
  Result result;
  for (const double time : inputs.times) {
    const FlowAverage mean =
        average_flow(problem.spectrum, problem.power, 0, points, inputs.ridge, noise_variance, time);
    const FlowAverage one = inputs.centred
                                ? mean
                                : average_flow(problem.spectrum, problem.power + problem.initial, problem.initial_tail,
                                               points, inputs.ridge, noise_variance, time);
    // At time t the flow regularises like a ridge of about 1/t.
    const double reach = inputs.ridge + (std::isinf(time) ? 0 : 1 / std::max(time, 1e-300));
    const double overfitting =
        std::isfinite(reach)
            ? average_over_data(problem.spectrum, problem.power, 0, points, reach, noise_variance).overfitting
            : 0;
    Writer writer(result, time, points * (1 - overfitting) >= 20 ? Flag::none : Flag::outside_validity);
    writer.row(Observable::error_test, one.error_test);
    writer.row(Observable::error_mean_predictor, mean.error_test);
    result.rows.push_back(
        {.observable = Observable::error_train,
         .time = time,
         .value = one.error_train,
         .flag = at_edge(one.error_train, problem, end, noise_variance) ? Flag::outside_validity : writer.flag()});
    for (const auto& [level, value] : inputs.power)
      if (value > 0) writer.row(Observable::learnability, mean.learnability[level], level);
  }
  if (inputs.times.empty()) return result;
  Writer first(result, inputs.times.front());
  for (Index l = 0; l < std::min(levels_written, problem.spectrum.eigenvalue.size()); ++l)
    first.row(Observable::eigenvalue, problem.spectrum.eigenvalue[l], static_cast<double>(l));
  return result;
}

}  // namespace fieldscan::theory
