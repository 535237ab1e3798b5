#include "fieldscan/theory/finite_width/width_expansion.hpp"

#include <fmt/format.h>

#include <cmath>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/solved.hpp"
#include "layer_terms.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index most_nodes = 4000000, nodes_at_a_time = 4096;
constexpr double rule_tolerance =
    1e-7;  ///< of the largest number, between two rules: the error of the finer one is its power 1.4 or 2

Index rank_of_weights(const KernelSpec& spec, Index dimension) {
  return dimension + (spec.bias_variance.at(0) > 0 ? 1 : 0);
}

bool is_smooth(const network::ActivationChoice& activation) {
  return !network::any_part_is<network::Relu, network::LeakyRelu, network::ReluSquared>(activation);
}

double product_size(const ProductRule& rule, Index rank) {
  return std::pow(static_cast<double>(rule.node.size()), static_cast<double>(rank));
}

/// Both terms of the one layer by a product rule.
LayerExpansion by_rule(const WideRegression& base, const KernelSpec& spec, const UnitLaw& law,
                       const ProductRule& rule) {
  const Index all = static_cast<Index>(product_size(rule, law.train.cols()));
  LayerExpansion out{
      .constant = Matrix::Zero(base.mean.size(), 1), .per_chi = Matrix::Zero(base.mean.size(), 1), .kernel = {}};
  for (Index first = 0; first < all; first += nodes_at_a_time) {
    const Units units = product_units(spec.activation, law, rule, first, std::min(nodes_at_a_time, all - first));
    const Terms terms = last_layer_terms(base, spec.readout_variance, units);
    out.constant += terms.constant;
    out.per_chi += terms.per_chi;
  }
  return out;
}

/// Rules of smaller and smaller steps, until two agree.
LayerExpansion by_finer_rules(const WideRegression& base, const KernelSpec& spec, const UnitLaw& law) {
  if (const int degree = degree_of(spec.activation); degree > 0)
    return by_rule(base, spec, law, gauss_rule(2 * degree + 1));
  double step = 0.5, change = 0;
  LayerExpansion before = by_rule(base, spec, law, equal_steps(step));
  for (int k = 1;; ++k) {
    step /= std::sqrt(2.0);
    const ProductRule rule = equal_steps(step);
    if (product_size(rule, law.train.cols()) > static_cast<double>(most_nodes))
      solve::give_up("a product rule for the weights of one unit (`averages: sampled` draws them instead)", change, k);
    LayerExpansion after = by_rule(base, spec, law, rule);
    const double size = std::max(after.constant.cwiseAbs().maxCoeff(), after.per_chi.cwiseAbs().maxCoeff());
    if (!(size > 0)) return after;  // no labels, or nothing to see
    change = std::max((after.constant - before.constant).cwiseAbs().maxCoeff(),
                      (after.per_chi - before.per_chi).cwiseAbs().maxCoeff()) /
             size;
    if (change <= rule_tolerance) return after;
    before = std::move(after);
  }
}

/// Block after block of units.
template <class TermsOf>
LayerExpansion by_samples(const WideRegression& base, const KernelSpec& spec, const UnitLaw& law,
                          const UnitAverages& averages, const Stream& stream, int layer, TermsOf&& terms_of) {
  const Index each = 2 * ((averages.samples + 2 * averages.blocks - 1) / (2 * averages.blocks));
  const Mirror mirror = mirror_of(spec.activation);
  LayerExpansion out{.constant = Matrix(base.mean.size(), averages.blocks),
                     .per_chi = Matrix(base.mean.size(), averages.blocks),
                     .kernel = Matrix::Zero(base.kernel.rows(), base.kernel.cols())};
  for (Index b = 0; b < averages.blocks; ++b) {
    const Stream own = stream.at(static_cast<std::uint32_t>(layer), static_cast<std::uint32_t>(b));
    const Terms terms = terms_of(sample_units(spec.activation, mirror, law, own, each));
    out.constant.col(b) = terms.constant;
    out.per_chi.col(b) = terms.per_chi;
    if (terms.kernel.size() > 0) out.kernel += terms.kernel / static_cast<double>(averages.blocks);
  }
  return out;
}

/// The kernel of a layer's pre-activations.
LayerKernels kernels_of(const Regressed& problem, int layer) {
  const KernelSpec& spec = problem.kernel;
  if (layer == 0) {
    const double scale = spec.weight_variance.at(0) / static_cast<double>(problem.x.cols()),
                 bias = spec.bias_variance.at(0);
    const auto plus = [&](auto product) { return (scale * product).array() + bias; };
    return {.train = plus(Matrix(problem.x * problem.x.transpose())),
            .cross = plus(Matrix(problem.x * problem.test.transpose())),
            .test = plus(Vector(problem.test.rowwise().squaredNorm()))};
  }
  const KernelSpec part = up_to(spec, layer);
  const double bias = layer < spec.depth ? spec.bias_variance.at(layer) : 0.0;
  return {.train = nngp_kernel(part, problem.x).array() + bias,
          .cross = nngp_kernel(part, problem.x, problem.test).array() + bias,
          .test = kernel_diagonal(part, problem.test).nngp.array() + bias};
}

}  // namespace

bool has_product_rule(const KernelSpec& spec, Index dimension) {
  if (spec.depth > 1) return false;
  const Index rank = rank_of_weights(spec, dimension);
  if (const int degree = degree_of(spec.activation); degree > 0)
    return std::pow(2.0 * degree + 1, static_cast<double>(rank)) <= static_cast<double>(most_nodes) / 4;
  return rank <= 3 && is_smooth(spec.activation);
}

Matrix WidthExpansion::blocks(const PerLayer<int>& width, double chi) const {
  Matrix sum = Matrix::Zero(layers.front().constant.rows(), layers.front().constant.cols());
  for (std::size_t l = 0; l < layers.size(); ++l)
    sum += (layers[l].constant + chi * layers[l].per_chi) / static_cast<double>(width.at(static_cast<int>(l)));
  return sum;
}

WidthExpansion width_expansion(const Regressed& problem, const UnitAverages& averages, const Stream& stream) {
  const KernelSpec& spec = problem.kernel;
  const WideRegression base = regression_of(kernels_of(problem, spec.depth), problem.labels, problem.ridge);
  WidthExpansion out{.mean = base.mean, .layers = {}, .signal = base.signal, .trace = base.trace};
  for (int l = 0; l < spec.depth; ++l) {
    const LayerKernels own = kernels_of(problem, l);
    const UnitLaw law = l == 0 ? first_law(spec, problem.x, problem.test) : law_of(own.train, own.cross, own.test);
    if (averages.samples == 0)
      out.layers.push_back(by_finer_rules(base, spec, law));
    else if (l + 1 == spec.depth)
      out.layers.push_back(by_samples(base, spec, law, averages, stream, l, [&](const Units& units) {
        return last_layer_terms(base, spec.readout_variance, units);
      }));
    else {
      const InnerLayer inner = inner_layer(spec, l, kernels_of(problem, l + 1), base);
      out.layers.push_back(by_samples(base, spec, law, averages, stream, l,
                                      [&](const Units& units) { return inner_layer_terms(base, inner, units); }));
    }
  }
  return out;
}

}  // namespace fieldscan::theory
