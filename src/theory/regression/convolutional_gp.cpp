#include "fieldscan/theory/regression/convolutional_gp.hpp"

#include <fmt/format.h>

#include "../applicability.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "regression_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<ConvolutionalGp>);

const Card ConvolutionalGp::card = {.formula =
                                        "Kˡ⁺¹_st = σ_w²/Q Σ_β ⟨φφ⟩(Kˡ)_{s+β,t+β} + σ_b²; flatten: K = σ_a²/S Σ_s "
                                        "⟨φφ⟩_ss, pooling: σ_a²/S² Σ_st ⟨φφ⟩_st; f̄ = K_*X (K + κI)⁻¹ y",
                                    .source =
                                        "R. Novak et al., ICLR (2019); A. Garriga-Alonso, L. Aitchison, C. Rasmussen, "
                                        "ICLR (2019); S. Arora et al., NeurIPS (2019)",
                                    .regime =
                                        "channels → ∞ with χ fixed; nngp: the posterior, tangent: gradient descent, t "
                                        "→ ∞, the ridge pulling towards the initial parameters",
                                    .effort =
                                        "P² S time for flatten, P² S² for pooling (S positions); P² numbers and the "
                                        "tiles of one core in memory; P³ for the factorisation"};

namespace {

double bytes_of(const ConvolutionalGp::Inputs& inputs, double points, double test) {
  return convolutional_bytes(inputs.architecture, points + test) + (inputs.kernel == KernelKind::nngp
                                                                        ? regression_bytes(points, test, inputs.ridge)
                                                                        : descent_bytes(points, test, inputs.ridge));
}

/// Of the point's own convolutional network: that it is trained as the kernels take for granted.
Applicability needs_own_network(const Setting& setting, bool posterior) {
  if (auto problem = layers_problem(setting.network)) return {false, *problem};
  if (setting.network.train != network::Trained::all)
    return {false, std::string(posterior ? "a part of the parameters is frozen" : "not all parameters are trained")};
  return posterior ? needs_posterior(setting) : needs_linear_descent(setting);
}

}  // namespace

ConvolutionalSpec ConvolutionalGp::architecture_at(const Setting& setting) const {
  const bool own = is_convolutional(setting.network.architecture) && architecture == ConvolutionalSpec{};
  return own ? convolutional_spec(setting.network) : architecture;
}

Applicability ConvolutionalGp::applicability(const Setting& setting) const {
  const KernelKind own = kernel_of(kernel, setting);
  const bool posterior = own == KernelKind::nngp;
  if (!is_alone(setting.dynamics) && !(posterior ? is_sampling(setting.dynamics) : is_descending(setting.dynamics)))
    return {false, std::string(posterior ? "its kernel nngp describes the posterior"
                                         : "its kernel tangent describes gradient descent") +
                       ", and the trainer is " + setting.trainer};
  if (posterior && is_centred(setting)) return {false, "the output at initialisation is subtracted"};
  if (!posterior && anchor_of(setting.dynamics) == dynamics::Anchor::zero && setting.ridge > 0)
    return {false, "the ridge pulls towards zero, not towards the initial parameters"};
  const ConvolutionalSpec spec = architecture_at(setting);
  if (const auto problem = shape_problem(spec, data::input_dimension(setting.data))) return {false, *problem};
  if (is_convolutional(setting.network.architecture) && architecture == ConvolutionalSpec{})
    if (const Applicability a = needs_own_network(setting, posterior); !a.applies) return a;
  return needs_draw(setting);
}

ConvolutionalGp::Inputs ConvolutionalGp::inputs(const Setting& setting) const {
  const KernelKind own = kernel_of(kernel, setting);
  const bool centred = own == KernelKind::tangent && is_centred(setting);
  return {.architecture = resolved(architecture_at(setting), data::input_dimension(setting.data)),
          .kernel = own,
          .ridge = setting.ridge,
          .chi = centred ? 1 : setting.network.chi,
          .centred = centred};
}

Cost ConvolutionalGp::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  const Inputs in = inputs(setting);
  const bool descends = in.kernel == KernelKind::tangent && estimates == Estimates::all;
  return draw_cost(setting, {.seconds_per_pair = seconds_per_image_pair(in.architecture, in.kernel),
                             .cubes = cubes_of_regression(in.ridge) + (descends ? 4 : cubes_of_estimates(estimates)),
                             .bytes = bytes_of(in, points, test)});
}

Result ConvolutionalGp::predict(const Inputs& inputs, const data::Draw& draw, KeptKernels* kept) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  const ConvolutionalSpec& spec = inputs.architecture;
  require_memory(bytes_of(inputs, static_cast<double>(x.rows()), static_cast<double>(test.rows())),
                 fmt::format("regression on {} points", x.rows()));
  const std::string text = canonical_text("convolutional", spec) + std::string(word(inputs.kernel));
  constexpr auto nngp = KernelKind::nngp;
  const auto cross = shared_kernel(kept, "convolutional cross", text,
                                   [&] { return convolutional_kernel(spec, inputs.kernel, x, test); });
  const Inverse inverse = invert(
      own_kernel(kept, "convolutional kernel", text, [&] { return convolutional_kernel(spec, inputs.kernel, x); }),
      inputs.ridge, equal_rows(x));
  if (inputs.kernel == nngp)
    return posterior_rows(inverse, *cross, convolutional_diagonal(spec, nngp, test), draw, inputs.chi, estimates);
  std::optional<InitialKernel> initial;
  if (!inputs.centred)
    initial = InitialKernel{
        .columns = [&](Index first,
                       Index count) { return convolutional_kernel(spec, nngp, x, x.middleRows(first, count)); },
        .cross = *shared_kernel(kept, "convolutional initial", text,
                                [&] { return convolutional_kernel(spec, nngp, x, test); }),
        .diagonal = convolutional_diagonal(spec, nngp, test),
        .chi = inputs.chi};
  return descent_rows(inverse, *cross, draw, initial, estimates);
}

}  // namespace fieldscan::theory
