#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <vector>

#include "fieldscan/core/solve/fixed_point.hpp"
#include "fieldscan/theory/finite_width/renormalised_kernel.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "nested_kernel.hpp"
#include "scale_starts.hpp"

namespace fieldscan::theory {

namespace {

/// K_R and dK_R/d log q_l for l < L, on the training points; the last layer's is K_R itself.
struct TrainKernel {
  Matrix value;
  std::vector<Matrix> slope;
};

TrainKernel nested_kernel(const KernelSpec& spec, const MatrixView& x, const Vector& layer) {
  TrainKernel out{.value = nngp_kernel(with_scales(spec, layer), x), .slope = {}};
  for (Index l = 0; l + 1 < layer.size(); ++l) {
    Matrix slope = Matrix::Zero(x.rows(), x.rows());
    for (const auto& node : difference_nodes) {
      Vector moved = layer;
      moved[l] *= 1 + node.at * difference_step;
      slope += node.weight / difference_step * nngp_kernel(with_scales(spec, moved), x);
    }
    out.slope.push_back(std::move(slope));
  }
  return out;
}

/// Π_{l in A} (q_l − 1), with the factors of `without` left out.
double product_of(unsigned subset, const Vector& layer, unsigned without = 0) {
  double product = 1;
  for (Index l = 0; l + 1 < layer.size(); ++l)
    if ((subset & ~without) >> l & 1U) product *= layer[l] - 1;
  return product;
}

TrainKernel wishart_kernel(const std::vector<Problem>& terms, const Vector& layer) {
  const double last = layer[layer.size() - 1];
  const Index points = terms.front().train.rows();
  TrainKernel out{.value = Matrix::Zero(points, points), .slope = {}};
  for (unsigned a = 0; a < terms.size(); ++a) out.value += last * product_of(a, layer) * terms[a].train;
  for (Index l = 0; l + 1 < layer.size(); ++l) {
    const unsigned own = 1U << l;
    Matrix slope = Matrix::Zero(points, points);
    for (unsigned a = 0; a < terms.size(); ++a)
      if (a & own) slope += last * layer[l] * product_of(a, layer, own) * terms[a].train;
    out.slope.push_back(std::move(slope));
  }
  return out;
}

/// G = (K_R + κ)⁻¹ in full.
Matrix whole_inverse(const Inverse& inverse, Index points) {
  const auto* factor = std::get_if<Factor>(&inverse.form);
  return factor && !inverse.equal ? factor->inverse() : inverse.solve(Matrix::Identity(points, points));
}

/// The forces of the labels and of the noise on log q_l, and R.
struct Forces {
  Vector pull, trace;
  double energy = 0;
};
Forces forces_on(const TrainKernel& kernel, const data::Draw& draw, double ridge, double chi) {
  const Inverse inverse = invert(kernel.value, ridge, equal_rows(draw.train.x));
  const Vector y = data::one_output(draw.train.label), alpha = inverse.solve(Matrix(y));
  const Index points = y.size(), layers = std::ssize(kernel.slope) + 1;
  Forces out{.pull = Vector(layers), .trace = Vector(layers)};
  const double used = ridge + inverse.jitter;
  out.pull[layers - 1] = chi * alpha.dot(y - used * alpha);
  const Matrix g = layers > 1 ? whole_inverse(inverse, points) : Matrix();
  const double inverse_trace = layers > 1 ? g.trace() : inverse.diagonal().sum();
  out.trace[layers - 1] = static_cast<double>(inverse.rank) - used * inverse_trace;
  for (Index l = 0; l + 1 < layers; ++l) {
    const Matrix& slope = kernel.slope[static_cast<std::size_t>(l)];
    out.pull[l] = chi * alpha.dot(slope * alpha);
    out.trace[l] = g.cwiseProduct(slope).sum();
  }
  if (inverse.rank == points) out.energy = 0.5 * (chi * y.dot(alpha) + inverse.log_determinant());
  return out;
}

/// The equations of one draw, with what is known of K_R before the scales are.
struct LayerEquations {
  const KernelSpec& spec;
  const data::Draw& draw;
  double ridge, chi;
  Vector width;
  std::vector<Problem> terms;  ///< of `wishart`; none: the nested kernel

  TrainKernel kernel(const Vector& layer) const {
    return terms.empty() ? nested_kernel(spec, draw.train.x, layer) : wishart_kernel(terms, layer);
  }
  /// N_l (q_l − 1) = pull_l − trace_l: Newton's step with the part of the slope that is never negative.
  Vector next(const Vector& log_layer) const {
    const Vector layer = log_layer.array().exp();
    const Forces f = forces_on(kernel(layer), draw, ridge, chi);
    const Vector off = width.cwiseProduct((layer.array() - 1).matrix()) - f.pull + f.trace;
    return log_layer - off.cwiseQuotient(width.cwiseProduct(layer) + f.pull.cwiseAbs());
  }
  double action(const Vector& layer) const {
    const TrainKernel at{.value = terms.empty() ? nngp_kernel(with_scales(spec, layer), draw.train.x)
                                                : wishart_kernel(terms, layer).value,
                         .slope = {}};
    return forces_on(at, draw, ridge, chi).energy + width.dot((layer.array() - layer.array().log()).matrix()) / 2;
  }
};

/// What is left of the equations where they are solved as far as rounding allows: a derivative of K by differences is
/// rounded, and beside a small ridge αᵀ(dK)α and tr G dK make much of it where rows are equal or opposite.
double rounding_left(const LayerEquations& equations, const Vector& layer) {
  constexpr double least_trusted = 1e-5;
  const double slope = 4 * std::numeric_limits<double>::epsilon() / difference_step;
  const TrainKernel at = equations.kernel(layer);
  const Inverse inverse = invert(at.value, equations.ridge, equal_rows(equations.draw.train.x));
  const Matrix alpha = inverse.solve(Matrix(equations.draw.train.label));
  const double forces = at.value.trace() * (equations.chi * alpha.squaredNorm() + inverse.diagonal().sum());
  return std::min(least_trusted, slope * forces / equations.width.minCoeff());
}

/// K_R on training and test points.
Problem renormalised_problem(const LayerEquations& equations, const Vector& layer) {
  if (equations.terms.empty()) return problem_of(with_scales(equations.spec, layer), equations.draw);
  Problem out = equations.terms.front();
  for (unsigned a = 1; a < equations.terms.size(); ++a) add_to(out, product_of(a, layer), equations.terms[a]);
  add_to(out, layer[layer.size() - 1] - 1, Problem(out));
  return out;
}

}  // namespace

RenormalisedKernel renormalised_deep(const KernelSpec& spec, const data::Draw& draw, const ScaledKernel& kernel,
                                     const std::vector<double>& widths, Closure closure) {
  const bool wishart = closure == Closure::wishart;
  const LayerEquations equations{.spec = spec,
                                 .draw = draw,
                                 .ridge = kernel.ridge,
                                 .chi = kernel.chi,
                                 .width = Eigen::Map<const Vector>(widths.data(), spec.depth),
                                 .terms = wishart ? multilinear_terms(spec, draw) : std::vector<Problem>{}};
  const TrainKernel at_prior = equations.kernel(Vector::Ones(spec.depth));
  std::optional<RenormalisedKernel> best;
  std::vector<Vector> found;
  solve::Solved<Vector> last;
  const std::vector<Vector> starts = scale_starts(diagonal_kernel(kernel, at_prior.slope), equations.width);
  for (const Vector& start : starts) {
    last = solve::fixed_point([&](const Vector& log_layer) { return equations.next(log_layer); }, start.array().log(),
                              {.tolerance = 1e-10, .steps = 200});
    const Vector layer = last.value.array().exp();
    if (!last.converged && !(last.residual <= rounding_left(equations, layer))) continue;
    found.push_back(layer);
    const double action = equations.action(layer);
    if (best && !(action < best->action)) continue;
    best = RenormalisedKernel{
        .problem = {}, .scale = layer[spec.depth - 1], .layer = layer, .action = action, .residual = last.residual};
  }
  if (!best)
    throw solve::NotConverged(
        fmt::format("the scales of the layers were not found: after {} evaluations {:.3g} is left of their equations; "
                    "raise width or ridge, or use the closure vanilla",
                    last.steps, last.residual));
  best->start_difference = 0;
  for (const Vector& layer : found)
    best->start_difference =
        std::max(*best->start_difference, (layer.array() / best->layer.array() - 1).abs().maxCoeff());
  best->problem = renormalised_problem(equations, best->layer);
  return *std::move(best);
}

}  // namespace fieldscan::theory
