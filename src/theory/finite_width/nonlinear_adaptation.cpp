#include "nonlinear_adaptation.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "fieldscan/theory/finite_width/problem.hpp"

namespace fieldscan::theory {

namespace {

/// Coordinates of z in which the target's direction is the first axis.
Matrix frame_along(const Matrix& directions, Index dimension) {
  if (directions.rows() != 1) return Matrix::Identity(dimension, dimension);
  Matrix frame = Eigen::HouseholderQR<Matrix>(directions.transpose()).householderQ();
  if (frame.col(0).dot(directions.row(0)) < 0) frame.col(0) *= -1;
  return frame;
}

void write_features(const SaddleProblem& problem, const Adaptation& adaptation, const data::Draw& draw, Result& result,
                    Writer& writer) {
  const Matrix seen = adapted_kernel(problem, adaptation.population, adaptation.saddle), &basis = problem.basis;
  const Matrix kernel = basis.size() > 0 ? Matrix(basis * seen * basis.transpose()) : seen;
  const Matrix &label = draw.train.label, &feature = adaptation.population.feature;
  const double size = kernel.norm(), labels = label.squaredNorm(), value = alignment_of(kernel, label);
  Vector along = Vector::Zero(feature.rows());  // Σ over outputs of (φ·y)²
  for (const auto& one : problem.labels.colwise()) along += (feature * one).cwiseAbs2();
  Functional f = no_functional(adaptation);
  if (labels > 0 && size > 0)
    f.of_node = problem.readout * (along / (labels * size) -
                                   value / (size * size) * (feature * seen).cwiseProduct(feature).rowwise().sum());
  write_kernel(result, writer, kernel, problem.readout, {value, standard_error(problem, adaptation, f)},
               static_cast<double>(adaptation.population.chain));
}

/// The nodes, or where they do not do or are too many the chains, in coordinates of z that `frame` gives.
Adaptation adapt(const KernelAdaptation& theory, const KernelAdaptation::Inputs& inputs, const SaddleProblem& problem,
                 const Matrix& points, const Matrix& kernel, const Stream& stream) {
  const Matrix &basis = problem.basis, seen = basis.size() > 0 ? Matrix(basis.transpose() * kernel * basis) : kernel;
  const Matrix start = factor(seen, problem.ridge).solve(problem.labels);
  if (inputs.averages == NeuronAverages::rule) {
    auto by_rule = adapt_by_rule(inputs.kernel.activation, points, problem, start);
    if (by_rule.converged) return std::move(by_rule.value);
  }
  return adapt_by_chains(inputs.kernel.activation, points, problem, start, theory.samples, stream);
}

std::string remark(const Adaptation& adaptation, NeuronAverages wanted) {
  if (wanted == NeuronAverages::rule && adaptation.population.chain > 0)
    return "no rule of nodes resolves a neuron's weights here: averages are over chains, with their errors";
  if (adaptation.rule_error <= 1e-8) return "";
  return fmt::format("averages over a neuron's weights are exact to {:.1g}", adaptation.rule_error);
}

}  // namespace

double write_nonlinear(const KernelAdaptation& theory, const KernelAdaptation::Inputs& inputs, const data::Draw& draw,
                       const Matrix& kernel, const Stream& stream, Result& result, Writer& writer) {
  SaddleProblem problem{.labels = draw.train.label,
                        .ridge = inputs.ridge,
                        .strength = inputs.strength,
                        .readout = inputs.kernel.readout_variance};
  const auto points_count = static_cast<double>(kernel.rows());
  double left = 0;  // of the labels, in directions that no feature has
  if (auto span = few_features(kernel, inputs.ridge)) {
    problem.basis = std::move(span->vectors);
    problem.labels = problem.basis.transpose() * problem.labels;
    left = (problem.basis * problem.labels - draw.train.label).squaredNorm() / points_count;
  }
  const Matrix points = neuron_inputs(inputs.kernel, draw.train.x);
  const Matrix directions =
      inputs.bins > 0 ? neuron_directions(inputs.kernel, draw.directions) : Matrix(0, points.cols());
  const Matrix frame = frame_along(directions, points.cols());
  const Adaptation adaptation = adapt(theory, inputs, problem, points * frame, kernel, stream);
  const Matrix test = neuron_inputs(inputs.kernel, draw.test.x) * frame;
  AdaptedOutputs outputs = adapted_outputs(inputs.kernel.activation, problem, adaptation, test, draw, inputs.chi);
  const double seen = static_cast<double>(problem.labels.rows()) / points_count;
  outputs.error_train = {outputs.error_train.value * seen + left, outputs.error_train.standard_error * seen};
  write_outputs(result, writer, outputs, draw, inputs.chi);
  write_features(problem, adaptation, draw, result, writer);
  result.reason = remark(adaptation, inputs.averages);
  const double residual = adaptation.saddle.residual;
  if (inputs.bins == 0) return residual;
  const bool nodes = adaptation.population.chain == 0;
  const Vector direction = (directions * frame).row(0);
  const OverlapPoints overlaps =
      nodes ? rule_overlaps(adaptation, direction[0], bins_of(inputs)) : chain_overlaps(adaptation, direction);
  const double counted = static_cast<double>(adaptation.saddle.weight.size()) * adaptation.saddle.effective;
  const auto error_of = [&](const Vector& derivative) {
    if (nodes) return 0.0;
    Functional f = no_functional(adaptation);
    f.of_node = derivative;
    return standard_error(problem, adaptation, f);
  };
  write_overlaps(writer, overlaps, bins_of(inputs), units_of(inputs), {error_of, nodes ? 0 : 1 / counted});
  return residual;
}

}  // namespace fieldscan::theory
