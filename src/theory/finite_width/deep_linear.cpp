#include "fieldscan/theory/finite_width/deep_linear.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "applies.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "hidden_kernels.hpp"
#include "scaled_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<DeepLinear>);

const Card DeepLinear::card = {
    .formula =
        "Q = Π q_l, q_l ~ χ²(N_l)/N_l, weighted by exp(−(χ/2) yᵀA⁻¹y − ½ log det A), A = QK + κI; f̄ = E_Q[Q k*ᵀA⁻¹y], "
        "variance E_Q[Q k** − Q² k*ᵀA⁻¹k*]/χ + Var_Q; saddle: N_l (q_l − 1) = χ yᵀA⁻¹QKA⁻¹y − tr A⁻¹QK",
    .source =
        "J. Zavatone-Veth, C. Pehlevan, NeurIPS (2021); B. Hanin, A. Zlokapa, PNAS (2023); saddle: Q. Li, H. "
        "Sompolinsky, PRX 11 031059 (2021); hidden kernels: J. Zavatone-Veth, A. Canatar, B. Ruben, C. Pehlevan, "
        "NeurIPS (2021), with χ and of one layer at finite width: derived",
    .regime =
        "linear units, one output: `exact` at every width, depth, χ and data; `saddle` to 1/N, 2–6% of the scale at N "
        "= 10; `mean_field` at χ ~ N where tr(GK)/N, its validity, is small. The variance of both is that at one Q, without "
        "what Q itself fluctuates: at χ ~ N a tenth to a quarter too small where labels are weak, which `exact` has. Hidden "
        "kernels of two and more layers to 1/N², where χ tᵀKt/N is small. Several outputs: `saddle` and `mean_field` over a "
        "matrix Q; `exact` would be an average over products of Wishart matrices, which is not done",
    .effort =
        "one eigendecomposition, the time of 2.5 P³ operations, and some 100 scales Q × P·test points; 2 P³ more for the "
        "kernel of each hidden layer"};

namespace {

/// What the method neglects, of relative order.
double validity_of(const DeepLinear& theory, const ScaledKernel& kernel, const ScaledPosterior& posterior,
                   const std::vector<double>& widths) {
  double inverse = 0;
  for (const double width : widths) inverse += 1 / width;
  const double narrowest = *std::ranges::min_element(widths);
  if (theory.method == ScaleMethod::saddle) return inverse;
  if (theory.method == ScaleMethod::mean_field) return posterior.trace / narrowest;
  const bool expanded = theory.hidden_kernel == HiddenKernel::with && widths.size() > 1;
  return expanded ? inverse * scale_forces(kernel, 1).pull : 0.0;
}

/// r_l: the kernel of infinite width of layer l over K.
double share_of_layer(const KernelSpec& spec, int layer) {
  double above = spec.readout_variance;
  for (int l = layer + 1; l < spec.depth; ++l) above *= spec.weight_variance.at(static_cast<std::size_t>(l));
  return 1 / above;
}

Array hidden_array(const KernelSpec& spec, const std::vector<Matrix>& kernels) {
  const Index points = kernels.front().rows();
  Array array{.observable = Observable::hidden_kernel,
              .shape = {static_cast<std::int64_t>(kernels.size()), points, points},
              .data = {}};
  for (std::size_t l = 0; l < kernels.size(); ++l) {
    const Matrix kernel = share_of_layer(spec, static_cast<int>(l)) * kernels[l];
    array.data.insert(array.data.end(), kernel.data(), kernel.data() + kernel.size());  // symmetric: columns are rows
  }
  return array;
}

struct ScaledAnswer {
  ScaledPosterior posterior;
  double log_evidence = 0;
  std::optional<double> residual = std::nullopt;          ///< of the saddle's equation, where it is used alone
  std::optional<double> start_difference = std::nullopt;  ///< how far its other roots are, where one is used alone
  std::vector<Matrix> hidden = {};                        ///< in units of r_l
};

ScaledAnswer of_one_output(const DeepLinear& theory, const ScaledKernel& kernel, const std::vector<double>& widths) {
  const bool mean_field = theory.method == ScaleMethod::mean_field;
  const ScaleSaddle saddle = scale_saddle(kernel, widths, mean_field ? TraceTerm::dropped : TraceTerm::kept);
  const ScaleMixture mixture =
      theory.method == ScaleMethod::exact ? scale_mixture(kernel, widths, saddle) : mixture_of(saddle, widths);
  ScaledAnswer out{.posterior = scaled_posterior(kernel, mixture), .log_evidence = mixture.log_evidence};
  if (theory.method != ScaleMethod::exact) out.residual = saddle.residual, out.start_difference = saddle.farthest;
  if (theory.hidden_kernel == HiddenKernel::without) return out;
  out.hidden = mean_field           ? hidden_kernels_mean_field(kernel, saddle)
               : widths.size() == 1 ? std::vector{hidden_kernel_exact(kernel, mixture, widths[0])}
                                    : hidden_kernels_first_order(kernel, widths);
  return out;
}

ScaledAnswer of_several(const DeepLinear& theory, const ScaledKernel& kernel, const std::vector<double>& widths) {
  const bool mean_field = theory.method == ScaleMethod::mean_field;
  const bool hidden = theory.hidden_kernel == HiddenKernel::with;
  const ScaleMatrix matrix = scale_matrix(kernel, widths, mean_field ? TraceTerm::dropped : TraceTerm::kept);
  return {.posterior = scaled_posterior(kernel, matrix),
          .log_evidence = leading_evidence(matrix, widths),
          .residual = matrix.residual,
          .hidden = hidden ? hidden_kernels_first_order(kernel, widths) : std::vector<Matrix>{}};
}

}  // namespace

Applicability DeepLinear::applicability(const Setting& setting) const {
  const auto& network = setting.network;
  if (!std::holds_alternative<network::Linear>(network.activation))
    return {false, fmt::format("it is about linear units, and the activation is {}", kind_of(network.activation))};
  for (int l = 1; l < network.depth; ++l)
    if (network.bias_variance.at(static_cast<std::size_t>(l)) > 0)
      return {false, "layers above the first have biases: the kernel is then no multiple of one kernel"};
  return needs_learned_layers(setting);
}

DeepLinear::Inputs DeepLinear::inputs(const Setting& setting) const {
  return {.kernel = kernel_spec(setting.network),
          .width = setting.network.width,
          .ridge = setting.ridge,
          .chi = setting.network.chi};
}

Cost DeepLinear::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  const double depth = setting.network.depth, kernels = hidden_kernel == HiddenKernel::with ? depth : 0.0;
  // Products with K_X*: into the eigenvectors, and one column for every scale, of which there are some 100.
  const double scales = method == ScaleMethod::exact ? 100 : 1;
  Cost cost =
      draw_cost(setting, 2.5 + 2 * kernels, 1, scaled_kernel_bytes(points, test) + 16 * kernels * points * points);
  cost.seconds += 2e-4 + 8000 * points * 2e-9 + scales * points * (20e-9 + 2 * test / flops_per_second);
  return cost;
}

Result DeepLinear::predict(const Inputs& inputs, const data::Draw& draw) const {
  const auto points = static_cast<double>(draw.train.x.rows()), test = static_cast<double>(draw.test.x.rows());
  require_memory(scaled_kernel_bytes(points, test), fmt::format("the eigenvectors of {} points", points));
  const std::vector<double> widths = widths_of(inputs.width, inputs.kernel.depth);
  const ScaledKernel kernel =
      scaled_kernel(problem_of(inputs.kernel, draw), draw.train.label, inputs.ridge, inputs.chi);
  const auto outputs = kernel.label.cols();
  if (method == ScaleMethod::exact)
    require_one_output(draw, "the average over a matrix of scales is not done: `saddle` or `mean_field`");
  if (method == ScaleMethod::mean_field && hidden_kernel == HiddenKernel::with)
    require_one_output(draw, "hidden kernels at χ ~ N are derived for one: `saddle`, or without hidden kernels");
  const ScaledAnswer found = outputs == 1 ? of_one_output(*this, kernel, widths) : of_several(*this, kernel, widths);
  const ScaledPosterior& posterior = found.posterior;
  Result result;
  Writer writer(result, equilibrium);
  write_posterior(writer, posterior, draw);
  write_evidence(writer, kernel, found.log_evidence);
  const double excess = posterior.pull - (method == ScaleMethod::mean_field ? 0 : posterior.trace);
  for (std::size_t l = 0; l <= widths.size(); ++l)
    writer.row(Observable::norm_excess, excess, static_cast<double>(l) + 1);
  writer.row(Observable::kernel_scale, 1 + excess / static_cast<double>(outputs) / widths.back());
  writer.row(Observable::validity, validity_of(*this, kernel, posterior, widths));
  if (found.residual) writer.residual(*found.residual);
  writer.start_difference(found.start_difference);
  if (!found.hidden.empty()) result.arrays.push_back(hidden_array(inputs.kernel, found.hidden));
  return result;
}

}  // namespace fieldscan::theory
