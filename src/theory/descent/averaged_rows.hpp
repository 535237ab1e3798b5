#pragma once
#include <functional>
#include <map>
#include <vector>

#include "../applicability.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/average/effective_ridge.hpp"
#include "fieldscan/theory/descent/flow_average.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// What the theories of linearised descent, as flow or in steps, have in common where they are averaged over data.
namespace fieldscan::theory {

/// The average needs the spectrum that `learning_curve` has for the sphere.
Applicability needs_sphere_spectrum(const Setting& setting);

/// What the average depends on, beside times and steps.
struct AveragedSetting {
  KernelSpec kernel;
  double ridge = 0, chi = 1;
  network::Trained train = network::Trained::all;
  bool centred = false;
  int dim = 0;
  double points = 0, noise = 0;
  std::map<int, double> power;  ///< of the target, per level
};
template <class Inputs>
AveragedSetting averaged_setting(const Inputs& in) {
  return {.kernel = in.kernel,
          .ridge = in.ridge,
          .chi = in.chi,
          .train = in.train,
          .centred = in.centred,
          .dim = in.dim,
          .points = static_cast<double>(in.train_size),
          .noise = in.noise,
          .power = in.power};
}
/// The fields of a theory's inputs that its average has beside those of a draw.
template <class Inputs>
void take_averaged(Inputs& in, const Setting& setting) {
  if (in.centred) in.chi = 1;  // no initial variance: χ plays no part
  in.dim = data::dimension_of(setting.data.input);
  in.train_size = data::train_points(setting.data);
  in.noise = setting.data.noise;
  in.power = data::power_per_level(setting.data).value();
}

/// The tangent kernel's levels, and what the mean and one network have to learn.
struct AveragedProblem {
  AveragedSetting setting;
  Spectrum spectrum;
  Vector power;             ///< of the target
  Vector initial;           ///< of f₀, which a network has to unlearn
  double initial_tail = 0;  ///< its part beyond the levels
  double noise_variance() const { return setting.noise * setting.noise; }
};
AveragedProblem averaged_problem(const AveragedSetting& setting);

/// Rows at all times, and the eigenvalues of the levels at the first one. `average(power, hidden power, time)`.
using AverageAt = std::function<FlowAverage(const VectorView&, double, double)>;
void write_averaged(Result& result, const AveragedProblem& problem, const std::vector<double>& times,
                    const AverageAt& average);

}  // namespace fieldscan::theory
