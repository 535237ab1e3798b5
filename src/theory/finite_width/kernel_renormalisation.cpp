#include "fieldscan/theory/finite_width/kernel_renormalisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "applies.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "gaussian_units.hpp"
#include "scaled_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<KernelRenormalisation>);

const Card KernelRenormalisation::card = {
    .formula =
        "K → QK, N(Q − 1) = χ yᵀA⁻¹QKA⁻¹y − tr A⁻¹QK, A = QK + κI; f̄ = Q k*ᵀA⁻¹y, variance (Q k** − Q² k*ᵀA⁻¹k*)/χ; "
        "units with a mean: Q(K − M) + M/(1 + s); depth: Πq_l K, q_L k(… q_1 k(S)), or that to first order in each q_l − "
        "1",
    .source =
        "R. Pacelli, S. Ariosto, M. Pastore, F. Ginelli, M. Gherardi, P. Rotondo, Nature Machine Intelligence 5 1497 "
        "(2023); `wishart`: public code of deepbays, with a heuristic derivation; χ and ridge: derived",
    .regime =
        "χ of order 1, P ~ N ~ d and targets of a few times d directions of the kernel: 1–5%. No improvement where P ≫ d, "
        "as with a target of one direction, at χ ~ N least of all (kernel_adaptation): `validity` is P tr K²/(tr K)² − 1, "
        "P/d for generic inputs, and numbers are flagged where it is above 2, or where less than half of what the labels "
        "see of a unit is linear in its pre-activation, unless the network is as good as infinitely wide. At χ ~ N the "
        "saddle's variance lacks what Q fluctuates (10% of it and more), which `student_t` has. Deep closures "
        "remove some 60% of the distance from infinite width, at three layers `vanilla` most, and its variance is best. "
        "Several outputs: odd units with one matrix Q, `vanilla` at any depth; for `student_t`, `nested`, `wishart` and "
        "units with a mean nobody has derived them",
    .effort =
        "one eigendecomposition, the time of 2.5 P³ operations (units with a mean: 6 P³); `nested` and `wishart` beside it "
        "some 10 inverses of P³, with 4 L kernels each or 5^(L−1) at the start"};

namespace {

constexpr int most_wishart_layers = 8;
/// Beyond these sampled networks are no nearer to it than to infinite width, unless they are that.
constexpr double most_crowding = 2, least_linear_share = 0.5, least_strength = 0.05;

enum class Kind { one_scale, with_mean, deep };

/// Whether one scale multiplies K; otherwise which kernel is renormalised.
Kind kind_of_kernel(const KernelRenormalisation& theory, int depth, bool odd) {
  if (!odd) return Kind::with_mean;
  return depth == 1 || theory.closure == Closure::vanilla ? Kind::one_scale : Kind::deep;
}

double bytes_of(Kind form, Closure closure, int depth, double points, double test) {
  const double scaled = scaled_kernel_bytes(points, test);
  if (form != Kind::deep) return scaled;
  const double terms = closure == Closure::wishart ? std::pow(2.0, depth - 1) : 0;
  return scaled + 8 * (terms * (points * points + points * test) + (depth + 4) * points * points);
}

/// A posterior, with what is left of the equation of its scale, and how far its other roots are.
struct SolvedPosterior {
  ScaledPosterior posterior;
  std::optional<double> residual = std::nullopt;  ///< none of an average over all scales
  std::optional<double> start_difference = std::nullopt;
};

/// With one scale: of one output a number or all that are possible, of several a matrix.
SolvedPosterior posterior_of(Renormalisation method, const ScaledKernel& kernel, const std::vector<double>& widths) {
  if (kernel.label.cols() > 1 && method == Renormalisation::saddle) {
    const ScaleMatrix matrix = scale_matrix(kernel, widths, TraceTerm::kept);
    return {scaled_posterior(kernel, matrix), matrix.residual};
  }
  const ScaleSaddle saddle = scale_saddle(kernel, widths, TraceTerm::kept);
  if (method == Renormalisation::student_t) return {scaled_posterior(kernel, scale_mixture(kernel, widths, saddle))};
  return {scaled_posterior(kernel, mixture_of(saddle, widths)), saddle.residual, saddle.farthest};
}

/// tr Q/C.
double mean_scale(const ScaledKernel& kernel, const std::vector<double>& widths) {
  if (kernel.label.cols() == 1) return scale_saddle(kernel, widths, TraceTerm::kept).scale;
  return scale_matrix(kernel, widths, TraceTerm::kept).value.mean();
}

/// Rows of a Gaussian process with the kernel K_R.
void write_regression(Writer& writer, RenormalisedKernel kernel, const data::Draw& draw, double ridge, double chi) {
  const auto points = static_cast<double>(draw.train.x.rows());
  const Regression r = regression(std::move(kernel.problem.train), ridge, draw.train.label, kernel.problem.cross,
                                  kernel.problem.diagonal, equal_rows(draw.train.x));
  const double error_mean = writer.predictor(r.mean, draw), variance = r.variance.mean() / chi;
  writer.row(Observable::variance_posterior, variance);
  writer.row(Observable::error_test, error_mean + variance);
  writer.row(Observable::error_train, r.residual.squaredNorm() / points + r.variance_train / chi);
  writer.row(Observable::kernel_scale, kernel.scale);
}

}  // namespace

Applicability KernelRenormalisation::applicability(const Setting& setting) const {
  const auto& network = setting.network;
  const bool odd = is_odd(network.activation);
  if (!odd && network.depth > 1)
    return {false, fmt::format("units {} have a mean, and no closure for several layers of such is known",
                               kind_of(network.activation))};
  if (method == Renormalisation::student_t && kind_of_kernel(*this, network.depth, odd) != Kind::one_scale)
    return {false, "`student_t` averages over one scale: odd units, and of several layers the closure vanilla"};
  const bool expanded = closure == Closure::wishart && kind_of_kernel(*this, network.depth, odd) == Kind::deep;
  if (expanded && network.depth > most_wishart_layers)
    return {false,
            fmt::format("the closure wishart of {} layers is a sum over 2^{} kernels, from 5^{} evaluations, and "
                        "up to {} layers are taken: vanilla and nested have no such limit",
                        network.depth, network.depth - 1, network.depth - 1, most_wishart_layers)};
  return needs_learned_layers(setting);
}

KernelRenormalisation::Inputs KernelRenormalisation::inputs(const Setting& setting) const {
  return {.kernel = kernel_spec(setting.network),
          .width = setting.network.width,
          .ridge = setting.ridge,
          .chi = setting.network.chi};
}

Cost KernelRenormalisation::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  const int depth = setting.network.depth;
  const Kind form = kind_of_kernel(*this, depth, is_odd(setting.network.activation));
  const double scales = method == Renormalisation::student_t ? 100 : 1;
  const double bytes = bytes_of(form, closure, depth, points, test);
  Cost cost = draw_cost(setting, form == Kind::with_mean ? 6 : 2.5, 1, bytes);
  cost.seconds += 2e-4 + 8000 * points * 2e-9 + scales * points * (20e-9 + 2 * test / flops_per_second);
  if (form != Kind::deep) return cost;
  const double pair =
      seconds_per_pair(kernel_spec(setting.network), data::input_dimension(setting.data), norms_of(setting.data));
  constexpr double steps = 10;
  const double terms = std::pow(5.0, depth - 1), pairs = points * points / 2, cubes = points * points * points;
  const double kernels =
      closure == Closure::wishart ? terms * (pairs + points * test) : steps * (1 + 4.0 * (depth - 1)) * pairs;
  cost.seconds += kernels * pair + (steps + 2.0 * (depth - 1)) * cubes / flops_per_second;
  return cost;
}

Result KernelRenormalisation::predict(const Inputs& inputs, const data::Draw& draw) const {
  const auto points = static_cast<double>(draw.train.x.rows()), test = static_cast<double>(draw.test.x.rows());
  require_memory(bytes_of(kind_of_kernel(*this, inputs.kernel.depth, is_odd(inputs.kernel.activation)), closure,
                          inputs.kernel.depth, points, test),
                 fmt::format("renormalised kernels of {} points", points));
  const int depth = inputs.kernel.depth;
  const std::vector<double> widths = widths_of(inputs.width, depth);
  const Kind form = kind_of_kernel(*this, depth, is_odd(inputs.kernel.activation));
  const ScaledKernel kernel =
      scaled_kernel(problem_of(inputs.kernel, draw), draw.train.label, inputs.ridge, inputs.chi);
  if (method == Renormalisation::student_t)
    require_one_output(draw, "the average over a matrix of scales is not done: `saddle`");
  if (form != Kind::one_scale)
    require_one_output(draw, form == Kind::deep
                                 ? "the scales of its layers are not derived for several: closure vanilla"
                                 : "units with a mean have two scales, which are not derived for several");
  const double narrowest = *std::ranges::min_element(widths);
  const ScaleForces forces = scale_forces(kernel, 1);
  const GaussianUnits units = gaussian_units(inputs.kernel, draw.train.x, kernel, mean_scale(kernel, widths));
  const bool wide = forces.pull + forces.trace <= least_strength * narrowest;
  const bool gaussian = std::holds_alternative<network::Linear>(inputs.kernel.activation);
  const bool linear = form == Kind::with_mean || units.linear_share >= least_linear_share;
  const bool holds = wide || gaussian || (linear && units.crowding <= most_crowding);
  Result result;
  Writer writer(result, equilibrium, holds ? Flag::none : Flag::outside_validity);
  std::optional<double> residual, start_difference;
  if (form == Kind::one_scale) {
    const auto [posterior, left, other_roots] = posterior_of(method, kernel, widths);
    residual = left, start_difference = other_roots;
    write_posterior(writer, posterior, draw);
    const double outputs = static_cast<double>(kernel.label.cols());
    writer.row(Observable::kernel_scale, 1 + (posterior.pull - posterior.trace) / outputs / widths.back());
  } else {
    const ScaleSaddle saddle = scale_saddle(kernel, widths, TraceTerm::kept);
    RenormalisedKernel found =
        form == Kind::with_mean
            ? renormalised_with_mean(inputs.kernel, draw, inputs.ridge, inputs.chi, widths[0], saddle.scale)
            : renormalised_deep(inputs.kernel, draw, kernel, widths, closure);
    residual = found.residual, start_difference = found.start_difference;
    write_regression(writer, std::move(found), draw, inputs.ridge, inputs.chi);
  }
  writer.row(Observable::validity, units.crowding);
  if (residual) writer.residual(*residual);
  writer.start_difference(start_difference);
  return result;
}

}  // namespace fieldscan::theory
