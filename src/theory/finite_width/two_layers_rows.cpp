#include "two_layers_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "../sampled_predictor.hpp"
#include "adaptation_rows.hpp"
#include "applies.hpp"
#include "fieldscan/core/solve/solved.hpp"
#include "neuron.hpp"
#include "neuron_chains.hpp"
#include "two_layers_outputs.hpp"

namespace fieldscan::theory {

namespace two_layer_rows {
namespace {

constexpr double annealing_per_signal = 10;  ///< steps of b
constexpr int least_annealing = 20, most_annealing = 200;

/// A number of every population.
struct Estimates {
  Vector of;

  double mean() const { return of.mean(); }
  double error() const {
    const auto n = static_cast<double>(of.size());
    return std::sqrt((of.array() - of.mean()).square().sum() / (n - 1) / n);
  }
};

TwoLayerProblem problem_at(const DeepAdaptation::Inputs& inputs, const data::Draw& draw, double signal) {
  const Matrix kernel = nngp_kernel(inputs.kernel, draw.train.x);
  const double last = inputs.width.at(1), steps = least_annealing + annealing_per_signal * signal;
  return {.spec = inputs.kernel,
          .inputs = neuron_inputs(inputs.kernel, draw.train.x),
          .label = draw.train.label.col(0),
          .start = factor(kernel, inputs.ridge).solve(Vector(draw.train.label.col(0))),
          .ridge = inputs.ridge,
          .strength = inputs.chi * inputs.kernel.readout_variance / last,
          .ratio = last / inputs.width.at(0),
          .annealing = static_cast<int>(std::min<double>(steps, most_annealing))};
}

/// What is kept of the populations.
struct Populations {
  Matrix mean;  ///< f̄ [P* × populations]
  Estimates variance, error_train, variance_train, alignment;
  std::vector<OverlapPoints> overlaps;  ///< of the first layer's units, where the target has one direction
  double residual = 0;                  ///< the largest
};

Populations populations_of(const TwoLayerProblem& problem, const Matrix& test, const Vector& direction, Index chains,
                           const Stream& stream) {
  const auto none = [] { return Estimates{Vector(DeepAdaptation::estimates)}; };
  Populations out{Matrix(test.rows(), DeepAdaptation::estimates), none(), none(), none(), none(), {}, 0};
  for (Index k = 0; k < DeepAdaptation::estimates; ++k) {
    const TwoLayers state = adapt_two_layers(problem, chains, stream, static_cast<std::uint32_t>(6 * k));
    const TwoLayerEquations at = equations_of(problem, state);
    const TwoLayerOutputs outputs = two_layer_outputs(problem, state, at, test);
    out.residual = std::max(out.residual, state.residual);
    out.mean.col(k) = outputs.mean;
    out.variance.of[k] = outputs.variance.mean();
    out.error_train.of[k] = outputs.error_train;
    out.variance_train.of[k] = outputs.variance_train;
    out.alignment.of[k] = alignment_of(at.kernel, problem.label);
    if (direction.size() == 0) continue;
    const Index samples = state.first.rows();
    out.overlaps.push_back({state.first * direction, Vector::Constant(samples, 1 / static_cast<double>(samples))});
  }
  return out;
}

/// Populations that went different ways, or a variance that is none: a number of them would be wrong.
void require_agreement(const Populations& all, const Estimates& error_test, int samples) {
  const bool sound = all.mean.allFinite() && all.variance.mean() > 0 && error_test.mean() > 0 &&
                     all.variance.error() <= all.variance.mean() && error_test.error() <= error_test.mean();
  if (!sound)
    throw solve::NotConverged(fmt::format(
        "two sampled layers: the {} populations do not agree: error_test {:.3g} ± {:.3g}, χ variance {:.3g} ± {:.3g}; raise "
        "`samples` (there are {}) or the ridge",
        DeepAdaptation::estimates, error_test.mean(), error_test.error(), all.variance.mean(), all.variance.error(),
        samples));
}

template <class Number>
Estimates over(const std::vector<OverlapPoints>& populations, const Number& number) {
  Estimates out{Vector(std::ssize(populations))};
  std::ranges::transform(populations, out.of.begin(), number);
  return out;
}

void write_unit_overlaps(Writer& writer, const std::vector<OverlapPoints>& populations, const Bins& bins,
                         double units) {
  const auto row = [&](Observable observable, const Estimates& e, double coordinate, double least) {
    writer.row(observable, e.mean(), coordinate, std::max(e.error(), least));
  };
  row(Observable::overlap_moment, over(populations, [](const auto& p) { return moment_of(p).value; }), 0, 0);
  row(Observable::specialisation, over(populations, [&](const auto& p) { return specialisation_of(p, units).value; }),
      0, 0);
  const double one = 1 / static_cast<double>(DeepAdaptation::estimates * populations.front().m.size());
  for (int bin = 0; bin < bins.count; ++bin)
    row(Observable::overlap_histogram, over(populations, [&](const auto& p) { return share_of(p, bins, bin).value; }),
        bins.centre(bin), one);
}

}  // namespace
}  // namespace two_layer_rows

double write_two_layers(const DeepAdaptation& theory, const DeepAdaptation::Inputs& inputs, const data::Draw& draw,
                        double signal, const Stream& stream, Result& result, Writer& writer) {
  using namespace two_layer_rows;
  require_one_output(draw, "the answer of two sampled layers to several outputs is not derived");
  const TwoLayerProblem problem = problem_at(inputs, draw, signal);
  const Vector direction =
      inputs.bins > 0 ? Vector(neuron_directions(inputs.kernel, draw.directions).row(0)) : Vector();
  const Populations all = populations_of(problem, neuron_inputs(inputs.kernel, draw.test.x), direction,
                                         theory.samples / (DeepAdaptation::estimates * samples_per_chain), stream);
  const double chi = inputs.chi;
  write_sampled_predictor(result, writer.flag(), all.mean, draw);
  const Vector mean = all.mean.rowwise().mean(), target = draw.test.target.col(0);
  const double bias = (mean - target).squaredNorm() / static_cast<double>(target.size());
  const Vector along =
      2 / static_cast<double>(target.size()) * ((all.mean.colwise() - mean).transpose() * (mean - target));
  const Estimates test{bias + (along + all.variance.of / chi).array()},
      train{all.error_train.of + all.variance_train.of / chi};
  require_agreement(all, test, theory.samples);
  writer.row(Observable::variance_posterior, all.variance.mean() / chi, 0, all.variance.error() / chi);
  writer.row(Observable::error_test, test.mean(), 0, test.error());
  writer.row(Observable::error_train, train.mean(), 0, train.error());
  writer.row(Observable::alignment, all.alignment.mean(), 0, all.alignment.error());
  if (inputs.bins > 0)
    write_unit_overlaps(writer, all.overlaps, {.count = inputs.bins, .low = inputs.bins_low, .high = inputs.bins_high},
                        inputs.width.at(0));
  return all.residual;
}

}  // namespace fieldscan::theory
