#include "fieldscan/theory/online/online_ode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../rows.hpp"
#include "fieldscan/core/solve/ode.hpp"
#include "fieldscan/network/network.hpp"
#include "fieldscan/network/order_parameters.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/online/committee.hpp"
#include "landmarks.hpp"

namespace fieldscan::theory {

static_assert(Theory<OnlineOde>);

const Card OnlineOde::card = {
    .formula =
        "dR/dt = η v Σ e ⟨φ′uφ⟩, dQ/dt = η(v Σ e ⟨φ′uφ⟩ + transposed) + η² v v (Σ e e ⟨φ′φ′φφ⟩ + σ²⟨φ′φ′⟩), dv/dt = η_v "
        "Σ e ⟨φφ⟩; error ⟨(f − g)²⟩ = Σ e e ⟨φφ⟩, e = (−v, ṽ); plateau_length: specialisation at half of √T; "
        "stationary_error: of the state at rest next to the last one; critical_rate: the η at which it is left",
    .source =
        "D. Saad, S. Solla, Physical Review E 52 (1995); M. Biehl, H. Schwarze, J. Phys. A 28 (1995); S. Goldt et al., "
        "NeurIPS (2019); momentum and batches far shorter than d: derived",
    .regime =
        "d → ∞ with K and M fixed: one run leaves it by 1/√d, the mean by 1/d; batch and 1/(1 − β) ≪ d; a readout that "
        "is trained has to move slowly too: flagged where η σ_a² B/(Nχ(1 − β)) > 0.05; it is far smaller with χ ∝ d",
    .effort =
        "(N + M)⁴ integrals a step, some 50 ns each (ReLU: 20 µs), some hundred steps and more for long times; the "
        "state at rest and the critical rate of erf units some thousand more"};

namespace {

/// A loss above this multiple of the first one is diverged, as the trainers have it unless they are told otherwise.
constexpr double diverged_above = 1e4;
/// A readout that one step moves by more than this share does not follow averages: its fluctuations stay at any d.
constexpr double largest_readout_step = 0.05;

std::optional<CommitteeUnit> unit_of(const network::ActivationChoice& activation) {
  return std::visit(
      []<class T>(const T& phi) -> std::optional<CommitteeUnit> {
        if constexpr (std::is_constructible_v<CommitteeUnit, const T&>)
          return CommitteeUnit{phi};
        else
          return std::nullopt;
      },
      activation);
}

/// Where the readout is trained, and where the hidden layer is.
bool moves(const network::Spec& network, network::Trained other) { return network.train != other; }

Committee start_of(const network::Network& network, const Replica& replica) {
  const auto &first = network.tensors().front(), &readout = network.tensors().back();
  const Matrix weight =
      first.scale * Eigen::Map<const Matrix>(replica.theta.data() + first.offset, first.rows, first.cols);
  const double d = static_cast<double>(first.cols);
  const Matrix teacher = replica.draw.units.weight / std::sqrt(d);
  return {.own = weight * weight.transpose(),
          .cross = weight * teacher.transpose(),
          .amplitude = readout.scale * replica.theta.segment(readout.offset, readout.size()),
          .teacher = teacher * teacher.transpose(),
          .teacher_share = replica.draw.units.amplitude};
}

CommitteeRates rates_of(const OnlineOde::Inputs& in, NoiseTerm noise_term, double dimension) {
  const network::Spec& network = in.network;
  const double eta = in.rate / (1 - in.momentum), batch = in.batch;
  const double of_hidden = moves(network, network::Trained::readout) ? eta * network.weight_variance.at(0) : 0;
  const double of_readout = moves(network, network::Trained::hidden)
                                ? eta * network.readout_variance * dimension / (last_width(network) * network.chi)
                                : 0;
  return {.drift = batch * of_hidden,
          .noise = noise_term == NoiseTerm::kept ? batch * of_hidden * of_hidden : 0,
          .amplitude = batch * of_readout,
          .label_variance = in.noise * in.noise};
}

void write(Result& result, double time, const CommitteeUnit& unit, const Committee& state, Flag flag) {
  const Matrix overlaps = unit_overlaps(state);
  Writer writer(result, time, flag);
  writer.row(Observable::error_test, committee_error(unit, state));
  writer.row(Observable::specialisation, network::specialisation_of(overlaps));
  Array& array = result.arrays.emplace_back(network::order_parameters(overlaps, state.own));
  array.time = time;
}

/// Scalars of the whole course, at its last time.
void write_landmarks(Result& result, const CommitteeUnit& unit, const Committee& start, const CommitteeRates& rates,
                     double rate, const std::vector<double>& times, const Matrix& states, Flag flag) {
  Writer writer(result, times.back(), flag);
  if (const auto end = plateau_length(unit, start, rates, times, states)) writer.row(listed("plateau_length"), *end);
  const Committee last = committee_at(states.col(states.cols() - 1), start);
  const auto rest = stationary_state(unit, last, rates);
  if (!rest) return;
  writer.row(listed("stationary_error"), committee_error(unit, *rest));
  if (rates.noise == 0) return;
  if (const auto factor = critical_factor(unit, *rest, rates)) writer.row(listed("critical_rate"), *factor * rate);
}

/// Slopes that the solver takes, measured: many while units specialise, and as many as is stable where they rest. The
/// landmarks are among them.
double slopes_of(const OnlineOde::Inputs& in, double units) {
  const double time = in.times.back(), both = in.network.train == network::Trained::all ? 1.5 : 1,
               simple = std::holds_alternative<network::Linear>(in.network.activation) ? 0.6 : 1;
  return 50 + both * simple * (130 + 60 * units) * std::sqrt(time) + time + 7 * static_cast<double>(in.times.size());
}

/// One average over four pre-activations; of rectifiers an integral, shorter where some of them are one.
double integral_seconds(const network::ActivationChoice& activation, double units) {
  if (std::holds_alternative<network::Relu>(activation)) return 7.5e-6 * (1 - 1.44 / units);
  return std::holds_alternative<network::Linear>(activation) ? 1.5e-9 : 1.4e-8;
}

}  // namespace

Applicability OnlineOde::applicability(const Setting& setting) const {
  const network::Spec& network = setting.network;
  const bool own = learning_rate || momentum || batch;
  if (!setting.data.train_size.is(data::TrainSizeWord::online))
    return {false, "it describes fresh examples at every step, `train_size: online`"};
  if (is_alone(setting.dynamics)) {
    if (!learning_rate) return {false, "without training it has to be given its learning_rate"};
  } else if (own) {
    return {false, "its own learning_rate, momentum and batch are for `training: none`; here they are the trainer's"};
  } else if (!is_any<dynamics::Online>(setting.dynamics)) {
    return {false, "it describes steps on fresh examples at a fixed rate, and the trainer is " + setting.trainer};
  }
  if (network.parameterisation != network::Parameterisation::ntk)
    return {false,
            "its rates are those of the ntk parameterisation, not of " + std::string(word(network.parameterisation))};
  const auto* teacher = std::get_if<data::TeacherNetwork>(&setting.data.target);
  if (!teacher || teacher->depth != 1) return {false, "the target is not a teacher_network of one hidden layer"};
  if (network.depth != 1) return {false, "the network has more than one hidden layer"};
  if (network.bias_variance.at(0) > 0) return {false, "the network has biases"};
  if (network.centred) return {false, "the output at initialisation is subtracted"};
  if (!unit_of(network.activation)) return {false, "its integrals are known for erf, relu and linear units alone"};
  if (!(teacher->activation == network.activation))
    return {false, "student and teacher have different units; their mixed integrals are not known"};
  const auto* normal = std::get_if<data::Gaussian>(&setting.data.input);
  if (!std::holds_alternative<data::Sphere>(setting.data.input) &&
      !(normal && std::holds_alternative<data::IdentitySpectrum>(normal->spectrum)))
    return {false, "it needs normal inputs of covariance I, or inputs on the sphere"};
  if (std::ranges::none_of(setting.asked.times, [](double time) { return std::isfinite(time); }))
    return {false, "no time is asked for that is not the end of all times"};
  return {};
}

OnlineOde::Inputs OnlineOde::inputs(const Setting& setting) const {
  const auto* steps = std::get_if<dynamics::Online>(&setting.dynamics);
  Inputs out{.network = setting.network,
             .noise = setting.data.noise,
             .rate = learning_rate.value_or(steps ? steps->rate : 0),
             .momentum = momentum.value_or(steps ? steps->momentum : 0),
             .batch = batch.value_or(steps ? steps->batch : 1),
             .times = {}};
  std::ranges::copy_if(setting.asked.times, std::back_inserter(out.times),
                       [](double time) { return std::isfinite(time); });
  return out;
}

Cost OnlineOde::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  const double own = last_width(in.network), all = own + std::get<data::TeacherNetwork>(setting.data.target).width;
  const double integrals = own * (own + 1) / 2 * all * (all + 1) / 2;
  return {.seconds = slopes_of(in, own) * (3.5e-7 + integrals * integral_seconds(in.network.activation, all)),
          .bytes = 8 * (own * own + own * all) * (static_cast<double>(in.times.size()) + 20)};
}

Result OnlineOde::predict(const Inputs& inputs, const Replica& replica) const {
  const int dimension = static_cast<int>(replica.draw.units.weight.cols());
  const Committee start = start_of(network::Network(inputs.network, dimension), replica);
  const CommitteeUnit unit = *unit_of(inputs.network.activation);
  const CommitteeRates rates = rates_of(inputs, noise_term, dimension);
  const double largest = diverged_above * committee_error(unit, start);
  std::vector<double> times = {0};
  for (const double time : inputs.times)
    if (time > times.back()) times.push_back(time);
  const auto solved = solve::integrate(
      [&](const VectorView& x, double, Eigen::Ref<Vector> slope) {
        const Committee state = committee_at(x, start);
        if (!(committee_error(unit, state) <= largest)) {
          slope.setConstant(std::numeric_limits<double>::quiet_NaN());  // ends there
          return;
        }
        const CommitteeSlope change = committee_slope(unit, state, rates);
        slope = order_vector(change.own, change.cross, change.amplitude);
      },
      order_vector(start.own, start.cross, start.amplitude), times, {.relative = 1e-9, .absolute = 1e-11});
  const Flag flag = rates.amplitude <= largest_readout_step * dimension ? Flag::none : Flag::outside_validity;
  Result result;
  for (Index k = 0; k < solved.value.cols(); ++k)
    if (const double time = times[static_cast<std::size_t>(k)]; time > 0 || inputs.times.front() == 0)
      write(result, time, unit, committee_at(solved.value.col(k), start), flag);
  network::order_units(result.arrays);
  if (solved.converged) {
    write_landmarks(result, unit, start, rates, inputs.rate, times, solved.value, flag);
    Writer(result, times.back(), flag).row(listed("solver_error"), solved.error);
  }
  if (!solved.converged && !std::isfinite(solved.residual)) {
    result.outcome = Outcome::diverged;
    result.reason = "the error is above 10⁴ times that of the start: the rate is too large";
  } else if (!solved.converged) {
    solve::give_up("online learning in time", solved.residual, solved.steps);
  }
  return result;
}

}  // namespace fieldscan::theory
