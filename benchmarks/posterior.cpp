// CPU seconds for the mean predictor of a posterior to 1%: benchmark_posterior [length, 1 is the figures' own].
// An erf network, N = P = 100, d = 50, κ = 0.1, at χ = 1 and χ = N: collapsed Hamiltonian Monte Carlo against
// unadjusted Langevin dynamics. The error is the rms over test points relative to the rms of the mean predictor.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "../src/training/sampling/hamiltonian.hpp"
#include "../src/training/sampling/langevin_step.hpp"
#include "../src/training/sampling/posterior.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/statistics.hpp"
#include "timing.hpp"

using namespace fieldscan;
using namespace fieldscan::training;

namespace {

constexpr double ridge = 0.1, wanted = 0.01;
constexpr int width = 100, points = 100, dimension = 50;

struct Setting {
  network::Spec network;
  data::Spec data;
  data::Draw draw;
  network::Network net;
  Integrator integrator;  ///< of the collapsed sampler
  int most_leapfrog;
  Problem problem(std::int64_t chain, Precision precision) const {
    return {.network = network,
            .data_spec = data,
            .data = draw,
            .ridge = ridge,
            .seed = 3,
            .draw = 0,
            .initialisation = chain,
            .precision = precision};
  }
};

Setting make_setting(double chi) {
  const network::Spec network{.depth = 1, .width = width, .activation = network::Erf{}, .chi = chi};
  data::Spec data;
  data.input = data::Gaussian{.dim = dimension};
  data.target = data::Hermite{.coefficients = {0, 1, 0, -0.3}};
  data.train_size = points;
  data.test_size = 100;
  return {network,
          data,
          data::make_draw(data, 3, 0),
          network::Network(network, dimension),
          chi == 1 ? Integrator::leapfrog : Integrator::two_stage,
          chi == 1 ? 10 : 12};
}

Stream stream(Purpose purpose, std::int64_t chain) {
  return {5, purpose, "benchmark", 0, static_cast<std::uint64_t>(chain)};
}

/// What a chain found, and what it cost.
struct Found {
  Vector mean;                       ///< of f on the test set
  double error = 0;                  ///< relative rms error of the mean, from the effective sample sizes
  double train = 0, spread = 0;      ///< Σ (f − y)² over the training set and its standard error
  double burn_in = 0, sampling = 0;  ///< seconds
  /// Seconds of sampling to the wanted error.
  double needed() const { return sampling * error * error / (wanted * wanted); }
};

/// outputs [samples × test points] and Σ (f − y)² [samples] to what they tell.
Found summarise(const Matrix& outputs, const Vector& train) {
  Found found{.mean = outputs.colwise().mean().transpose(), .train = train.mean()};
  const auto variance_of_mean = [](const Vector& series) {
    return (series.array() - series.mean()).square().mean() / diagnose(series).ess;
  };
  double square = 0;
  for (Index k = 0; k < outputs.cols(); ++k) square += variance_of_mean(outputs.col(k));
  found.error = std::sqrt(square) / found.mean.norm();
  found.spread = std::sqrt(variance_of_mean(train));
  return found;
}

double train_square(const Setting& setting, const Output& output) {
  return (output.mean - data::one_output(setting.draw.train.label)).squaredNorm() + output.variance.sum();
}

/// Hamiltonian Monte Carlo with the readout integrated out, its kicks in a precision, and the last network with a drawn
/// readout.
Found collapsed(const Setting& setting, Precision precision, std::int64_t number, int burn_in, int samples,
                Vector* last = nullptr) {
  const Problem problem = setting.problem(number, precision);
  Posterior posterior(problem, setting.net, Readout::integrated, Start::prior);
  const double start = benchmark::thread_seconds();
  HamiltonianChain chain(
      [&](const Vector& z, Vector& gradient) { return posterior.potential(z, gradient); },
      {.drift = Drift::rotation,
       .integrator = setting.integrator,
       .most_leapfrog = setting.most_leapfrog,
       .target_acceptance = 0.65},
      {stream(Purpose::momentum, number), stream(Purpose::acceptance, number), stream(Purpose::step_jitter, number)},
      posterior.start(),
      precision == Precision::single ? Energy([&](const Vector& z) { return posterior.energy(z); }) : Energy());
  for (int k = 0; k < burn_in; ++k) chain.step(Phase::burn_in);
  const double burnt = benchmark::thread_seconds();
  Matrix outputs(samples, setting.draw.test.x.rows());
  Vector train(samples);
  double aside = 0;
  for (int k = 0; k < samples; ++k) {
    chain.step(Phase::sampling);
    posterior.look_at(chain.position());
    outputs.row(k) = posterior.output(setting.draw.test.x).mean.transpose();
    const double before = benchmark::thread_seconds();
    train[k] = train_square(setting, posterior.train_output());  // no part of the predictor
    aside += benchmark::thread_seconds() - before;
  }
  const double end = benchmark::thread_seconds();
  if (last != nullptr) *last = posterior.parameters(stream(Purpose::chain_start, number));
  Found found = summarise(outputs, train);
  found.burn_in = burnt - start;
  found.sampling = end - burnt - aside;
  return found;
}

/// Unadjusted Langevin dynamics from a sample of the posterior, so that it needs no burn-in; empty mean where it
/// diverges.
Found langevin(const Setting& setting, Precision precision, const Vector& from, double step, int samples) {
  constexpr int thin = 20;
  const Problem problem = setting.problem(0, precision);
  Posterior posterior(problem, setting.net, Readout::sampled, Start::prior);
  const Stream noise = stream(Purpose::langevin_noise, 0);
  Vector z = from, slope(z.size());
  Matrix outputs(samples, setting.draw.test.x.rows());
  Vector train(samples);
  double seconds = 0;
  std::uint64_t number = 0;
  for (int k = 0; k < samples; ++k) {
    const double start = benchmark::thread_seconds();
    for (int part = 0; part < thin; ++part) {
      if (!(posterior.potential(z, slope) < 1e8)) return {};
      langevin_step(step, slope, noise, number, precision, z);
      number += static_cast<std::uint64_t>(z.size());
    }
    seconds += benchmark::thread_seconds() - start;
    posterior.look_at(z);
    outputs.row(k) = posterior.output(setting.draw.test.x).mean.transpose();
    train[k] = train_square(setting, posterior.train_output());
  }
  Found found = summarise(outputs, train);
  found.sampling = seconds;
  return found;
}

/// Chains just long enough for the wanted error, against a long one: seconds of one of them.
double measure_collapsed(const Setting& setting, Precision precision, const Found& reference, int samples,
                         double length) {
  constexpr int chains = 16, burn_in = 30;
  const int needed = std::max(8, static_cast<int>(samples * std::pow(reference.error / wanted, 2)));
  double square = 0, seconds = 0;
  const int count = std::max(2, static_cast<int>(chains * length));
  for (int k = 1; k <= count; ++k) {
    const Found found = collapsed(setting, precision, k, burn_in, needed);
    square += (found.mean - reference.mean).squaredNorm() / reference.mean.squaredNorm() / count;
    seconds += (found.burn_in + found.sampling) / count;
  }
  fmt::print("collapsed, kicks in {}: {} trajectories after {}; {:.2f} s; error measured over {} chains {:.2f}%\n",
             word(precision), needed, burn_in, seconds, count,
             100 * std::sqrt(square - reference.error * reference.error));
  return seconds;
}

/// Largest eigenvalue of the Hessian of U = |θ|²/2 + (χ/2κ) Σ (f − y)².
double stiffest_mode(const Setting& setting, const Vector& theta) {
  const data::Sample& train = setting.draw.train;
  return 1 + setting.network.chi / ridge * hessian_top(setting.net, theta, train.x, data::one_output(train.label));
}

void compare(double chi, double length) {
  const Setting setting = make_setting(chi);
  const int samples = std::max(400, static_cast<int>(4000 * length));
  Vector theta;
  const Found reference = collapsed(setting, Precision::double_, 0, 200, samples, &theta);
  fmt::print("\nchi = {}: rms of the mean predictor {:.4f}, reference to {:.2f}%\n", chi,
             reference.mean.norm() / std::sqrt(static_cast<double>(reference.mean.size())), 100 * reference.error);
  const double in_double = measure_collapsed(setting, Precision::double_, reference, samples, length),
               in_single = measure_collapsed(setting, Precision::single, reference, samples, length),
               seconds = std::min(in_double, in_single);

  // A mode U = k z²/2 gets the variance 1/(k (1 − εk/2)): wrong by less than 1% in every mode where ε k_max <
  // 2·0.01/1.01.
  const double stiffest = stiffest_mode(setting, theta);
  fmt::print("langevin: stiffest mode k = {:.1f}\n", stiffest);
  fmt::print("  step*k  bias of the training error  of the mean predictor  seconds to 1%  factor\n");
  double work = 0, slope = 0, weight = 0;  // seconds · step, and the training error's bias per step
  int used = 0;
  for (const double share : {1.0, 0.5, 0.25, 0.12}) {
    const double step = share / stiffest;
    const Found found =
        langevin(setting, Precision::double_, theta, step, std::max(200, static_cast<int>(3000 * length)));
    if (found.mean.size() == 0) {
      fmt::print("  {:.2f}    diverges\n", share);
      continue;
    }
    const double square = (found.mean - reference.mean).squaredNorm() / reference.mean.squaredNorm();
    const double noise = found.error * found.error + reference.error * reference.error;
    const double bias = found.train / reference.train - 1,
                 error = std::hypot(found.spread, reference.spread) / reference.train;
    fmt::print("  {:.2f}    {:.1f} +- {:.1f}%    {:.2f}% where noise alone gives {:.2f}%    {:.1f}  {:.1f}\n", share,
               100 * bias, 100 * error, 100 * std::sqrt(square), 100 * std::sqrt(noise), found.needed(),
               found.needed() / seconds);
    work += found.needed() * step;
    ++used;
    slope += bias * step / (error * error);
    weight += step * step / (error * error);
  }
  if (used == 0) return;
  work /= used;
  const double every = 2 * wanted / (1 + wanted) / stiffest, train = wanted * weight / slope;
  fmt::print("bias below 1% in every mode, step*k = {:.3f}: {:.0f} s, factor {:.0f}\n", every * stiffest, work / every,
             work / every / seconds);
  fmt::print("bias of the training error 1%, step*k = {:.2f}: {:.0f} s, factor {:.0f}\n", train * stiffest,
             work / train, work / train / seconds);
}

}  // namespace

int main(int argc, char** argv) {
  set_linear_algebra_threads(1);
  const double length = argc > 1 ? std::atof(argv[1]) : 1;
  for (const double chi : {1.0, static_cast<double>(width)}) compare(chi, length);
}
