#include <cmath>
#include <limits>
#include <numbers>

#include "fieldscan/core/solve/fixed_point.hpp"
#include "fieldscan/theory/finite_width/renormalised_kernel.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "nested_kernel.hpp"

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
  out.trace[layers - 1] = static_cast<double>(inverse.rank) - used * inverse.diagonal().sum();
  const Matrix g = inverse.solve(Matrix::Identity(points, points));
  for (Index l = 0; l + 1 < layers; ++l) {
    const Matrix& slope = kernel.slope[static_cast<std::size_t>(l)];
    out.pull[l] = chi * alpha.dot(slope * alpha);
    out.trace[l] = g.cwiseProduct(slope).sum();
  }
  if (inverse.rank == points) out.energy = 0.5 * (chi * y.dot(alpha) + inverse.log_determinant());
  return out;
}

}  // namespace

RenormalisedKernel renormalised_deep(const KernelSpec& spec, const data::Draw& draw, double ridge, double chi,
                                     const std::vector<double>& widths, Closure closure,
                                     const std::vector<double>& start) {
  const Vector width = Eigen::Map<const Vector>(widths.data(), spec.depth);
  const bool wishart = closure == Closure::wishart;
  const std::vector<Problem> terms = wishart ? multilinear_terms(spec, draw) : std::vector<Problem>{};
  const auto kernel_at = [&](const Vector& layer) {
    return wishart ? wishart_kernel(terms, layer) : nested_kernel(spec, draw.train.x, layer);
  };
  // N_l (q_l − 1) = pull_l − trace_l: Newton's step with the part of the slope that is never negative.
  const auto map = [&](const Vector& log_layer) -> Vector {
    const Vector layer = log_layer.array().exp();
    const Forces f = forces_on(kernel_at(layer), draw, ridge, chi);
    const Vector off = width.cwiseProduct((layer.array() - 1).matrix()) - f.pull + f.trace;
    return log_layer - off.cwiseQuotient(width.cwiseProduct(layer) + f.pull.cwiseAbs());
  };
  const Vector from = Eigen::Map<const Vector>(start.data(), spec.depth).array().log();
  const auto solved = solve::fixed_point(map, from, {.tolerance = 1e-10, .steps = 200});
  const Vector layer = solve::found(solved, "the scales of the layers").array().exp();
  RenormalisedKernel out{.problem = {}, .scale = layer[spec.depth - 1], .layer = layer, .residual = solved.residual};
  if (wishart) {
    out.problem = terms.front();
    for (unsigned a = 1; a < terms.size(); ++a) add_to(out.problem, product_of(a, layer), terms[a]);
    add_to(out.problem, out.scale - 1, Problem(out.problem));
  } else {
    out.problem = problem_of(with_scales(spec, layer), draw);
  }
  out.action = forces_on({.value = out.problem.train, .slope = {}}, draw, ridge, chi).energy +
               width.dot((layer.array() - layer.array().log()).matrix()) / 2;
  return out;
}

}  // namespace fieldscan::theory
