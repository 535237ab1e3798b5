#include "nested_kernel.hpp"

#include <optional>

#include "fieldscan/theory/finite_width/renormalised_kernel.hpp"

namespace fieldscan::theory {

KernelSpec with_scales(KernelSpec spec, const VectorView& layer) {
  std::vector<double> variance;
  for (int l = 0; l < spec.depth; ++l) {
    const double own = spec.weight_variance.at(static_cast<std::size_t>(l));
    variance.push_back(l == 0 ? own : own * layer[l - 1]);
  }
  spec.weight_variance = std::move(variance);
  spec.readout_variance *= layer[spec.depth - 1];
  return spec;
}

void add_to(Problem& a, double factor, const Problem& b) {
  a.train += factor * b.train;
  a.cross += factor * b.cross;
  a.diagonal += factor * b.diagonal;
}

namespace {

/// d_A of the nested kernel at the scales `layer`, the derivatives taken from layer `from` on.
Problem derivative(const KernelSpec& spec, const data::Draw& draw, unsigned subset, int from, Vector layer) {
  while (from < spec.depth - 1 && !(subset >> from & 1U)) ++from;
  if (from >= spec.depth - 1) return problem_of(with_scales(spec, layer), draw);
  std::optional<Problem> sum;
  for (const auto& node : difference_nodes) {
    layer[from] = 1 + node.at * difference_step;
    Problem part = derivative(spec, draw, subset, from + 1, layer);
    const double weight = node.weight / difference_step;
    if (sum) {
      add_to(*sum, weight, part);
    } else {
      part.train *= weight, part.cross *= weight, part.diagonal *= weight;
      sum = std::move(part);
    }
  }
  return *sum;
}

}  // namespace

std::vector<Problem> multilinear_terms(const KernelSpec& spec, const data::Draw& draw) {
  std::vector<Problem> terms;
  for (unsigned subset = 0; subset < 1U << (spec.depth - 1); ++subset)
    terms.push_back(derivative(spec, draw, subset, 0, Vector::Ones(spec.depth)));
  return terms;
}

}  // namespace fieldscan::theory
