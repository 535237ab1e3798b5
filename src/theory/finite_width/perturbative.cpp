#include "fieldscan/theory/finite_width/perturbative.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../sampled_predictor.hpp"
#include "applies.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"

namespace fieldscan::theory {

static_assert(Theory<Perturbative>);
static_assert(Sampled<Perturbative>);

const Card Perturbative::card = {
    .formula =
        "f̄ = k*ᵀα + f₁/N, f₁ = σ_a⁴ {−(3/2)⟨r s g⟩ + ⟨rφᵀ⟩G⟨φs⟩ + ½⟨rs⟩⟨g⟩ + (χ/2)(⟨r s³⟩ − ⟨rs⟩⟨s²⟩)}, G = (K + κI)⁻¹, "
        "α = G y, r = φ* − k*ᵀGφ, s = φᵀα, g = φᵀGφ, averages over one unit; deeper networks have such a term of every layer",
    .source =
        "G. Naveh, O. Ben David, H. Sompolinsky, Z. Ringel, Predicting the outputs of finite deep neural networks trained with noisy "
        "gradients, Physical Review E 104 (2021); S. Yaida, MSML (2020); D. Roberts, S. Yaida, B. Hanin, The Principles of Deep "
        "Learning Theory (2022); contraction unit by unit: derived",
    .regime =
        "samplers with χ tr αᵀKα/N ≲ 0.5 and tr(GK)/N ≲ 0.3, where the error falls as 1/N²; for strong labels, as at χ ~ N, "
        "it is worse than infinite width; rectifiers, whose kernels fluctuate more, need wider networks, and numbers are flagged "
        "too where the correction exceeds 0.3 of the predictor",
    .effort =
        "samples × (P² + P·test points) for the last layer, twenty times that for every one below it; a million units, P = 100 "
        "and 1000 test points: some ten seconds, and two minutes for every layer more"};

namespace {

constexpr double largest_signal = 0.5, largest_trace = 0.3, largest_correction = 0.3;
constexpr int deepest = 3;
constexpr Index blocks = 512;

PerLayer<int> collapsed_width(const network::Spec& spec) {
  const auto& all = spec.width.values;
  if (std::ranges::all_of(all, [&](int n) { return n == all.front(); })) return all.front();
  return spec.width;
}

/// Units or nodes that are looked at in every layer.
double units_of(const Perturbative::Inputs& inputs, double dimension) {
  if (inputs.samples > 0) return inputs.samples;
  if (std::holds_alternative<network::Linear>(inputs.kernel.activation)) return std::pow(3.0, dimension);
  return std::pow(110.0, dimension);
}

double bytes_of(double points, double test, double depth, double samples) {
  const double each = std::max(samples / blocks, 4096.0);
  return 8 *
         (points * (12 + 10 * (depth - 1)) * (points + test) + 6 * each * (points + test) + 2 * depth * blocks * test);
}

}  // namespace

Applicability Perturbative::applicability(const Setting& setting) const {
  if (const Applicability learns = needs_learned_layers(setting); !learns.applies) return learns;
  if (!(setting.ridge > 0)) return {false, "it expands the kernel's fluctuations beside the ridge, which is zero"};
  if (setting.network.depth > deepest)
    return {false, fmt::format("beyond {} hidden layers it was not compared with networks", deepest)};
  return {};
}

Perturbative::Inputs Perturbative::inputs(const Setting& setting) const {
  const KernelSpec kernel = kernel_spec(setting.network);
  const bool rule = averages == Averages::automatic && has_product_rule(kernel, data::input_dimension(setting.data));
  return {.kernel = kernel,
          .width = collapsed_width(setting.network),
          .ridge = setting.ridge,
          .chi = setting.network.chi,
          .samples = rule ? 0 : samples};
}

bool Perturbative::sampled(const Inputs& inputs) const { return inputs.samples > 0; }

Cost Perturbative::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  const double points = data::train_points(setting.data), test = data::test_points(setting.data),
               depth = in.kernel.depth, dimension = data::input_dimension(setting.data);
  Cost cost = draw_cost(setting, 8, 4, bytes_of(points, test, depth, in.samples));
  const double products = 2 * points * points + depth * 2 * std::min(dimension, points) * (points + test) +
                          (depth - 1) * points * (20 * (points + test));
  cost.seconds += units_of(in, dimension) * (depth * (points + test) * 3e-9 + products / flops_per_second);
  return cost;
}

Result Perturbative::predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  require_memory(
      bytes_of(static_cast<double>(x.rows()), static_cast<double>(test.rows()), inputs.kernel.depth, inputs.samples),
      fmt::format("an expansion in 1/N on {} points", x.rows()));
  const MatrixView labels = draw.train.label;
  const WidthExpansion expansion = width_expansion({inputs.kernel, inputs.ridge, x, labels, test},
                                                   {.samples = inputs.samples, .blocks = blocks}, stream);
  double inverse_widths = 0;
  for (int l = 0; l < inputs.kernel.depth; ++l) inverse_widths += 1.0 / inputs.width.at(l);
  const double signal = inputs.chi * expansion.signal * inverse_widths, trace = expansion.trace * inverse_widths;
  const Matrix correction = expansion.blocks(inputs.width, inputs.chi);
  const bool small = correction.rowwise().mean().norm() <= largest_correction * expansion.mean.norm();
  const Flag flag = small && signal <= largest_signal && trace <= largest_trace ? Flag::none : Flag::outside_validity;
  Result result;
  if (sampled(inputs))
    write_sampled_predictor(result, flag, correction.colwise() + expansion.mean.reshaped(), draw);
  else
    Writer(result, equilibrium, flag)
        .predictor(expansion.mean + correction.reshaped(expansion.mean.rows(), expansion.mean.cols()), draw);
  Writer(result, equilibrium, flag).row(Observable::validity, signal + trace);
  return result;
}

}  // namespace fieldscan::theory
