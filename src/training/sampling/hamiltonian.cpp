#include "hamiltonian.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "../keep/keep.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::training {

namespace {

/// Lengths of the kicks in units of the step: at the ends, after every odd gradient, and after every even one.
struct Kicks {
  double end, odd, even;
};
Kicks kicks_of(Integrator integrator) {
  if (integrator == Integrator::leapfrog) return {.end = 0.5, .odd = 1, .even = 1};
  constexpr double b = 0.21178;
  return {.end = 2 * b, .odd = 2 - 4 * b, .even = 4 * b};
}

}  // namespace

HamiltonianChain::HamiltonianChain(Potential potential, const HamiltonianSettings& settings,
                                   const HamiltonianStreams& streams, Vector start, Energy exact)
    : potential_(std::move(potential)),
      exact_(std::move(exact)),
      settings_(settings),
      streams_(streams),
      position_(std::move(start)),
      slope_(position_.size()),
      trial_(position_.size()),
      trial_slope_(position_.size()),
      momentum_(position_.size()),
      turned_(position_.size()) {
  energy_ = potential_(position_, slope_);
  ++gradients_;
  if (exact_ && std::isfinite(energy_)) energy_ = exact_(position_);
  if (!std::isfinite(energy_))
    throw NumericalError("the potential of the posterior is not finite where the chain starts");
  find_first_step();
}

HamiltonianChain::HamiltonianChain(Potential potential, const HamiltonianSettings& settings,
                                   const HamiltonianStreams& streams, Index dimension, FlatReader& in, Energy exact)
    : potential_(std::move(potential)),
      exact_(std::move(exact)),
      settings_(settings),
      streams_(streams),
      trial_(dimension),
      trial_slope_(dimension),
      momentum_(dimension),
      turned_(dimension) {
  for (Vector* vector : {&position_, &slope_}) {
    get_matrix(in, *vector);
    if (vector->size() != dimension) throw MalformedMessage("a chain of another dimension");
  }
  for (double* number : {&energy_, &step_, &centre_, &log_average_, &shortfall_, &accepted_})
    *number = in.get<double>();
  for (std::int64_t* count : {&adapted_, &counted_, &gradients_}) *count = in.get<std::int64_t>();
  number_ = in.get<std::uint64_t>();
}

void HamiltonianChain::put(FlatWriter& out) const {
  for (const Vector* vector : {&position_, &slope_}) put_matrix(out, *vector);
  for (const double number : {energy_, step_, centre_, log_average_, shortfall_, accepted_}) out.put(number);
  for (const std::int64_t count : {adapted_, counted_, gradients_}) out.put(count);
  out.put(number_);
}

void HamiltonianChain::kick(double duration, const Vector& position, const Vector& slope) {
  if (settings_.drift == Drift::straight)
    momentum_ -= duration * slope;
  else
    momentum_ -= duration * (slope - position);
}

void HamiltonianChain::drift(double duration) {
  if (settings_.drift == Drift::straight) {
    trial_ += duration * momentum_;
    return;
  }
  const double cosine = std::cos(duration), sine = std::sin(duration);
  turned_ = cosine * trial_ + sine * momentum_;
  momentum_ = cosine * momentum_ - sine * trial_;
  trial_.swap(turned_);
}

/// Runs a trajectory from the position into `trial` and returns the probability to accept it.
double HamiltonianChain::probability(double step, int leapfrogs, const Stream& momentum, std::uint64_t number) {
  const auto size = static_cast<std::size_t>(momentum_.size());
  momentum.normals({momentum_.data(), size}, number * size);
  const double before = energy_ + 0.5 * momentum_.squaredNorm();
  const Kicks kicks = kicks_of(settings_.integrator);
  kick(kicks.end * step, position_, slope_);
  trial_ = position_;
  for (int k = 1; k <= leapfrogs; ++k) {
    drift(step);
    trial_energy_ = potential_(trial_, trial_slope_);
    ++gradients_;
    if (!std::isfinite(trial_energy_)) return 0;
    kick((k == leapfrogs ? kicks.end : k % 2 == 1 ? kicks.odd : kicks.even) * step, trial_, trial_slope_);
  }
  if (exact_) trial_energy_ = exact_(trial_);
  const double after = trial_energy_ + 0.5 * momentum_.squaredNorm();
  return after <= before ? 1 : after > before ? std::exp(before - after) : 0;  // NaN is refused
}

int HamiltonianChain::gradients_of(double step) const {
  const int wanted = static_cast<int>(
      std::clamp(std::round(settings_.longest / step), 1.0, static_cast<double>(settings_.most_leapfrog)));
  return settings_.integrator == Integrator::two_stage ? wanted + wanted % 2 : wanted;
}

/// Doubles or halves the step until one leapfrog step (two gradients of the two-stage integrator) is accepted with
/// probability one half.
void HamiltonianChain::find_first_step() {
  if (position_.size() == 0) return;
  const Stream momentum = streams_.momentum.at(1, 0);
  step_ = std::min(0.5, longest_step());
  constexpr int most = 40;
  const int shortest = settings_.integrator == Integrator::two_stage ? 2 : 1;
  const bool too_short = probability(step_, shortest, momentum, 0) > 0.5;
  for (int k = 1; k < most; ++k) {
    const double next = too_short ? 2 * step_ : step_ / 2;
    if (too_short && next > longest_step()) break;
    step_ = next;
    if ((probability(step_, shortest, momentum, static_cast<std::uint64_t>(k)) > 0.5) != too_short) break;
  }
  centre_ = std::log(2 * step_);
  log_average_ = std::log(step_);
}

void HamiltonianChain::adapt(double probability) {
  ++adapted_;
  const auto count = static_cast<double>(adapted_);
  const double weight = 1 / (count + 10);
  shortfall_ += weight * (settings_.target_acceptance - probability - shortfall_);
  const double log_step = std::min(centre_ - std::sqrt(count) / 0.05 * shortfall_, std::log(longest_step()));
  const double forget = std::pow(count, -0.75);
  log_average_ += forget * (log_step - log_average_);
  step_ = std::exp(log_step);
}

void HamiltonianChain::step(Phase phase) {
  if (phase == Phase::sampling && adapted_ > 0 && counted_ == 0) step_ = std::exp(log_average_);
  const double jitter = settings_.jitter * (2 * streams_.jitter.uniform(number_) - 1);
  const double accept = probability(step_ * (1 + jitter), gradients_of(step_), streams_.momentum, number_);
  if (streams_.acceptance.uniform(number_) < accept) {
    position_.swap(trial_);
    slope_.swap(trial_slope_);
    energy_ = trial_energy_;
  }
  ++number_;
  if (phase == Phase::burn_in) {
    adapt(accept);
  } else {
    accepted_ += accept;
    ++counted_;
  }
}

}  // namespace fieldscan::training
