#include "fieldscan/theory/regression/convolutional_gp.hpp"

#include <fmt/format.h>

#include "../applicability.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "regression_rows.hpp"

namespace fieldscan::theory {

Applicability ConvolutionalGp::applicability(const Setting& setting) const {
  const KernelKind own = kernel_of(kernel, setting);
  const bool posterior = own == KernelKind::nngp;
  if (!is_alone(setting.dynamics) && !(posterior ? is_sampling(setting.dynamics) : is_descending(setting.dynamics)))
    return {false, std::string(posterior ? "its kernel nngp describes the posterior"
                                         : "its kernel tangent describes gradient descent") +
                       ", and the trainer is " + setting.trainer};
  if (posterior && setting.network.centred) return {false, "the output at initialisation is subtracted"};
  if (!posterior && anchor_of(setting.dynamics) == dynamics::Anchor::zero && setting.ridge > 0)
    return {false, "the ridge pulls towards zero, not towards the initial parameters"};
  if (const auto problem = shape_problem(architecture, data::input_dimension(setting.data))) return {false, *problem};
  return needs_draw(setting);
}

ConvolutionalGp::Inputs ConvolutionalGp::inputs(const Setting& setting) const {
  const KernelKind own = kernel_of(kernel, setting);
  const bool centred = own == KernelKind::tangent && setting.network.centred;
  return {.architecture = resolved(architecture, data::input_dimension(setting.data)),
          .kernel = own,
          .ridge = setting.ridge,
          .chi = centred ? 1 : setting.network.chi,
          .centred = centred};
}

Result ConvolutionalGp::predict(const Inputs& inputs, const data::Draw& draw) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  const ConvolutionalSpec& spec = inputs.architecture;
  require_memory(bytes(static_cast<double>(x.rows()), static_cast<double>(test.rows()), static_cast<double>(x.cols()),
                       inputs.ridge),
                 fmt::format("regression on {} points", x.rows()));
  constexpr auto nngp = KernelKind::nngp;
  if (inputs.kernel == nngp)
    return posterior_rows(convolutional_kernel(spec, nngp, x), convolutional_kernel(spec, nngp, x, test),
                          convolutional_diagonal(spec, nngp, test), draw, inputs.ridge, inputs.chi);
  std::optional<InitialKernel> initial;
  if (!inputs.centred)
    initial = InitialKernel{
        .columns = [&](Index first,
                       Index count) { return convolutional_kernel(spec, nngp, x, x.middleRows(first, count)); },
        .cross = convolutional_kernel(spec, nngp, x, test),
        .diagonal = convolutional_diagonal(spec, nngp, test),
        .chi = inputs.chi};
  return descent_rows(convolutional_kernel(spec, KernelKind::tangent, x),
                      convolutional_kernel(spec, KernelKind::tangent, x, test), draw, inputs.ridge, initial);
}

double ConvolutionalGp::bytes(double points, double test_points, double dimension, double ridge) const {
  const double beside = convolutional_bytes(resolved(architecture, static_cast<int>(dimension)), points + test_points);
  return beside + (kernel == KernelChoice::nngp ? regression_bytes(points, test_points, ridge)
                                                : descent_bytes(points, test_points, ridge));
}

double ConvolutionalGp::seconds_per_pair(double dimension, KernelKind own) const {
  const ConvolutionalSpec spec = resolved(architecture, static_cast<int>(dimension));
  const double filter = spec.height == 1 ? spec.filter : spec.filter * spec.filter;
  // Averages and sums over filters; gradient descent forms Θ and then, for its variance, K of all pairs.
  const double seconds = averages_per_pair(spec) *
                         (seconds_per_average(spec.activation, spec.weight_variance, Norms::different) + 1e-9 * filter);
  return own == KernelKind::nngp ? seconds : 4 * seconds;
}

}  // namespace fieldscan::theory
