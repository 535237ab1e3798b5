#include "fieldscan/training/hmc.hpp"

#include "chain.hpp"
#include "hamiltonian.hpp"
#include "replica.hpp"

namespace fieldscan::training {

namespace {

struct Run {
  HamiltonianSettings settings;
  ChainUntil until;
  std::int64_t burn_in = 0;  ///< trajectories
  std::int64_t samples = 0, thin = 1;
};

/// One batch of samples.
ChainRecord sample(HamiltonianChain& chain, Posterior& posterior, std::int64_t thin, ChainRecord record) {
  while (!record.full()) {
    for (std::int64_t part = 0; part < thin; ++part) chain.step(Phase::sampling);
    record.add(posterior, chain.position());
  }
  return record;
}

/// Runs one chain; `step_size` turns the leapfrog step into what the trainer calls its step.
template <class StepSize>
Result run_chain(const Problem& problem, const ObservePlan& plan, Readout readout, Start start, const Run& run,
                 StepSize step_size) {
  const network::Network network(problem.network, static_cast<int>(problem.data.train.x.cols()));
  Posterior posterior(problem, network, readout, start);
  const Energy exact =
      problem.precision == Precision::single ? Energy([&](const Vector& z) { return posterior.energy(z); }) : Energy();
  HamiltonianChain chain([&](const Vector& z, Vector& gradient) { return posterior.potential(z, gradient); },
                         run.settings,
                         {.momentum = replica_stream(problem, Purpose::momentum),
                          .acceptance = replica_stream(problem, Purpose::acceptance),
                          .jitter = replica_stream(problem, Purpose::step_jitter)},
                         posterior.start(), exact);
  for (std::int64_t k = 0; k < run.burn_in; ++k) chain.step(Phase::burn_in);
  std::int64_t samples = run.samples;
  for (int batch = 1;; ++batch, samples *= 2) {
    ChainRecord record = sample(chain, posterior, run.thin, {problem, network, plan, samples, run.until});
    if (batch < run.until.batches && !record.reached()) continue;
    return record.finish(
        {.acceptance = chain.acceptance(), .step_size = step_size(chain.step_size()), .gradients = chain.gradients()});
  }
}

}  // namespace

Result train_replica(const Problem& problem, const Hmc& trainer, const ObservePlan& plan) {
  const Run run{.settings = {.drift = Drift::rotation,
                             .integrator = trainer.integrator,
                             .most_leapfrog = trainer.leapfrog,
                             .target_acceptance = trainer.target_acceptance},
                .until = trainer.until,
                .burn_in = trainer.burn_in_trajectories(),
                .samples = trainer.samples,
                .thin = trainer.thin};
  return run_chain(problem, plan, trainer.readout, trainer.start, run, [](double step) { return step; });
}

/// One leapfrog step of length e is the proposal of MALA with ε = e²/2.
Result train_replica(const Problem& problem, const Mala& trainer, const ObservePlan& plan) {
  const Run run{.settings = {.most_leapfrog = 1, .jitter = 0, .target_acceptance = trainer.target_acceptance},
                .until = trainer.until,
                .burn_in = trainer.burn_in.value_or(trainer.samples / 2) * trainer.thin,
                .samples = trainer.samples,
                .thin = trainer.thin};
  return run_chain(problem, plan, trainer.readout, trainer.start, run, [](double step) { return step * step / 2; });
}

}  // namespace fieldscan::training
