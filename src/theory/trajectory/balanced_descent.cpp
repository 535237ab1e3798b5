#include "fieldscan/theory/trajectory/balanced_descent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../applicability.hpp"
#include "../given_steps.hpp"
#include "../rows.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/trajectory/balanced_chain.hpp"

namespace fieldscan::theory {

static_assert(Theory<BalancedDescent>);

const Card BalancedDescent::card = {
    .formula =
        "f = S p₁ … p_L ω·x, ω ← ω − η ∂ℒ/∂ω, p_l ← p_l − η ∂ℒ/∂p_l; of white inputs du/dt = D S^{2/D} u^{2 − 2/D} (s − u)",
    .source =
        "A. Saxe, J. McClelland, S. Ganguli, ICLR (2014); S. Arora, N. Cohen, E. Hazan, ICML (2018); steps, momentum, "
        "ridge and any inputs: derived",
    .regime =
        "linear networks that start balanced with layers of rank one, gradient_descent at a fixed rate; by itself without "
        "a rate the flow: exact at any width, depth and number of points",
    .effort = "2 P d multiplications a step; of the flow some hundred steps and more for long plateaus"};

namespace balanced {

namespace {

/// A loss above this multiple of the first one is diverged, as the trainers have it unless they are told otherwise.
constexpr double diverged_above = 1e4;

constexpr std::string_view of_flow =
    "with `learning_rate: auto` the steps are as long as the kernel was allowed some time ago, and here it grows: give "
    "a rate";

OwnSteps own(const BalancedDescent& theory) { return {theory.learning_rate, theory.momentum}; }

BalancedProblem problem_of(const BalancedDescent::Inputs& in, const network::Network& network, const data::Draw& draw) {
  BalancedProblem out{.x = draw.train.x,
                      .label = data::one_output(draw.train.label),
                      .scale = 1,
                      .rates = Vector(std::ssize(network.tensors())),
                      .pull = in.ridge / in.network.chi,
                      .anchor = in.anchor};
  for (std::size_t k = 0; k < network.tensors().size(); ++k) {
    out.scale *= network.tensors()[k].scale;
    out.rates[static_cast<Index>(k)] = network.tensors()[k].rate_factor;
  }
  return out;
}

void write(Result& result, double time, const Vector& train_residual, const Vector& test, const data::Draw& draw) {
  Writer writer(result, time);
  writer.row(Observable::error_train, train_residual.squaredNorm() / static_cast<double>(train_residual.size()));
  const auto target = data::one_output(draw.test.target);
  writer.row(Observable::error_test, (test - target).squaredNorm() / static_cast<double>(test.size()));
  for (const auto& [component, share] : data::component_shares(draw, test))
    writer.row(Observable::learnability, share, component);
}

}  // namespace

}  // namespace balanced

Applicability BalancedDescent::applicability(const Setting& setting) const {
  if (setting.network.initial.hidden.law != network::HiddenLaw::balanced)
    return {false, "the network does not start balanced (network.initial.hidden)"};
  if (is_alone(setting.dynamics)) {
    if (momentum && !learning_rate) return {false, "its momentum needs a learning_rate; without both it is the flow"};
  } else if (Applicability steps = needs_given_steps(setting, balanced::own(*this), balanced::of_flow);
             !steps.applies) {
    return steps;
  }
  if (Applicability times = needs_finite_time(setting); !times.applies) return times;
  return needs_draw(setting);
}

BalancedDescent::Inputs BalancedDescent::inputs(const Setting& setting) const {
  const GivenSteps steps = given_steps(setting, balanced::own(*this));
  return {.network = setting.network,
          .ridge = setting.ridge,
          .anchor = setting.ridge > 0 ? anchor_of(setting.dynamics) : dynamics::Anchor::initial,
          .step = steps.size,
          .momentum = steps.momentum,
          .times = finite_times(setting, steps)};
}

Cost BalancedDescent::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  const double points = data::train_points(setting.data), dim = data::input_dimension(setting.data);
  // Of the flow so many slopes as the solver takes until it rests.
  constexpr double rests_at = 300;
  const double steps =
      in.step > 0 ? in.times.back() * (1 - in.momentum) / in.step : 7 * (100 + std::min(in.times.back(), rests_at));
  const double test = data::test_points(setting.data) * static_cast<double>(in.times.size());
  return {.seconds = 1e-5 + steps * (1e-6 + 1e-9 * points * dim) + 1e-9 * test * dim, .bytes = 16 * points * dim};
}

Result BalancedDescent::predict(const Inputs& inputs, const Replica& replica) const {
  const data::Draw& draw = replica.draw;
  const network::Network network(inputs.network, static_cast<int>(draw.train.x.cols()));
  const BalancedChain start = chain_of(network, replica.theta);
  BalancedProblem problem = balanced::problem_of(inputs, network, draw);
  const Vector at_start = weights_of(problem, start);
  const bool centred = inputs.network.centred;
  const double first = (problem.label - (centred ? 0.0 : 1.0) * problem.x * at_start).squaredNorm() / 2;
  const double largest = balanced::diverged_above * std::max(first, problem.label.squaredNorm() / 2);
  if (centred) problem.label += problem.x * at_start;
  const bool flows = inputs.step == 0;
  const ChainFlow flow = flows ? flow_of_chain(problem, start, inputs.network.chi, inputs.times) : ChainFlow{};
  const Matrix weights = flows ? flow.weights
                               : descend_chain(problem, start, inputs.step * inputs.network.chi, inputs.momentum,
                                               steps_at(inputs.times, inputs.step / (1 - inputs.momentum)), largest);
  Result result;
  for (Index k = 0; k < weights.cols(); ++k) {
    const Vector seen = centred ? Vector(weights.col(k) - at_start) : Vector(weights.col(k));
    balanced::write(result, inputs.times[static_cast<std::size_t>(k)], problem.label - problem.x * weights.col(k),
                    draw.test.x * seen, draw);
  }
  if (flows) Writer(result, inputs.times.back()).row(listed("solver_error"), flow.error);
  if (weights.cols() < std::ssize(inputs.times)) {
    result.outcome = Outcome::diverged;
    result.reason = "the loss is above 10⁴ times that of the start: the rate is too large";
  }
  return result;
}

}  // namespace fieldscan::theory
