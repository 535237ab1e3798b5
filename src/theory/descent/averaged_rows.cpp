#include "averaged_rows.hpp"

#include <algorithm>
#include <cmath>

#include "../rows.hpp"
#include "fieldscan/theory/average/learning_curve.hpp"
#include "fieldscan/theory/average/spectrum_sphere.hpp"

namespace fieldscan::theory {

namespace averaged_in_time {

namespace {

constexpr Index levels_written = 50;

/// Whether a training error is what the smallest eigenvalues of single data sets make it: small, and still falling.
bool at_edge(double error_train, const AveragedProblem& problem, const DataAverage& end) {
  const double start = problem.power.sum() + problem.initial.sum() + problem.initial_tail + problem.noise_variance();
  return error_train < 0.01 * start && std::abs(error_train - end.error_train) > 0.1 * error_train;
}

}  // namespace

}  // namespace averaged_in_time

Applicability needs_sphere_spectrum(const Setting& setting) {
  if (data::output_count(setting.data) > 1) return {false, "averaged over data in time it is derived for one output"};
  Setting descent = setting;
  descent.dynamics = dynamics::Flow{};
  if (const Applicability known = LearningCurve{}.applicability(descent); !known.applies) return known;
  const auto* gaussian = std::get_if<data::Gaussian>(&setting.data.input);
  if (std::holds_alternative<data::Sphere>(setting.data.input) || (gaussian && gaussian->isotropic())) return {};
  return {false, "the average in time is known for inputs on the sphere"};
}

AveragedProblem averaged_problem(const AveragedSetting& in) {
  const Index target_levels = in.power.empty() ? 1 : in.power.rbegin()->first + 1;
  AveragedProblem out{.setting = in,
                      .spectrum = sphere_spectrum(in.kernel, KernelKind::tangent, in.train, in.dim, in.points, in.ridge,
                                                  std::max<Index>(target_levels, 2)),
                      .power = {},
                      .initial = {}};
  const Index levels = out.spectrum.eigenvalue.size();
  out.power = out.initial = Vector::Zero(levels);
  for (const auto& [level, value] : in.power) out.power[level] = value;
  if (in.centred) return out;
  const Spectrum prior = first_levels(
      sphere_spectrum(in.kernel, KernelKind::nngp, network::Trained::all, in.dim, in.points, in.ridge, levels), levels);
  out.initial = prior.eigenvalue.cwiseProduct(prior.degeneracy) / in.chi;
  out.initial_tail = prior.tail / in.chi;
  return out;
}

void write_averaged(Result& result, const AveragedProblem& problem, const std::vector<double>& times,
                    const AverageAt& average) {
  const AveragedSetting& in = problem.setting;
  const Vector both = problem.power + problem.initial;
  const DataAverage end =
      average_over_data(problem.spectrum, both, problem.initial_tail, in.points, in.ridge, problem.noise_variance());
  for (const double time : times) {
    const FlowAverage mean = average(problem.power, 0, time);
    const FlowAverage one = in.centred ? mean : average(both, problem.initial_tail, time);
    // At time t descent regularises like a ridge of about 1/t.
    const double reach = in.ridge + (std::isinf(time) ? 0 : 1 / std::max(time, 1e-300));
    const double overfitting = std::isfinite(reach) ? average_over_data(problem.spectrum, problem.power, 0, in.points,
                                                                        reach, problem.noise_variance())
                                                          .overfitting
                                                    : 0;
    Writer writer(result, time, in.points * (1 - overfitting) >= 20 ? Flag::none : Flag::outside_validity);
    writer.row(Observable::error_test, one.error_test);
    writer.row(Observable::error_mean_predictor, mean.error_test);
    result.rows.push_back(
        {.observable = Observable::error_train,
         .time = time,
         .value = one.error_train,
         .flag = averaged_in_time::at_edge(one.error_train, problem, end) ? Flag::outside_validity : writer.flag()});
    for (const auto& [level, value] : in.power)
      if (value > 0) writer.row(Observable::learnability, mean.learnability[level], level);
    writer.residual(std::max(mean.residual, one.residual));
  }
  if (times.empty()) return;
  Writer first(result, times.front());
  for (Index l = 0; l < std::min(averaged_in_time::levels_written, problem.spectrum.eigenvalue.size()); ++l)
    first.row(Observable::eigenvalue, problem.spectrum.eigenvalue[l], static_cast<double>(l));
}

}  // namespace fieldscan::theory
