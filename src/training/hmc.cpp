#include "fieldscan/training/hmc.hpp"

#include "chain.hpp"
#include "hamiltonian.hpp"
#include "replica.hpp"

namespace fieldscan::training {

namespace {

struct Run {
  HamiltonianSettings settings;
  std::int64_t burn_in = 0, samples = 0, thin = 1;
};

/// Runs one chain; `step_size` turns the leapfrog step into what the trainer calls its step.
template <class StepSize>
Result run_chain(const Problem& problem, const ObservePlan& plan, Readout readout, Start start, const Run& run,
                 StepSize step_size) {
  const network::Network network(problem.network, static_cast<int>(problem.data.train.x.cols()));
  Posterior posterior(problem, network, readout, start);
  HamiltonianChain chain([&](const Vector& z, Vector& gradient) { return posterior.potential(z, gradient); },
                         run.settings,
                         {.momentum = replica_stream(problem, Purpose::momentum),
                          .acceptance = replica_stream(problem, Purpose::acceptance),
                          .jitter = replica_stream(problem, Purpose::step_jitter)},
                         posterior.start());
  for (std::int64_t k = 0; k < run.burn_in * run.thin; ++k) chain.step(Phase::burn_in);
  ChainRecord record(problem, network, plan, run.samples);
  for (std::int64_t k = 0; k < run.samples; ++k) {
    for (std::int64_t part = 0; part < run.thin; ++part) chain.step(Phase::sampling);
    record.add(posterior, chain.position());
  }
  return record.finish(
      {.acceptance = chain.acceptance(), .step_size = step_size(chain.step_size()), .gradients = chain.gradients()});
}

}  // namespace

Result train_replica(const Problem& problem, const Hmc& trainer, const ObservePlan& plan) {
  const Run run{.settings = {.drift = Drift::rotation,
                             .most_leapfrog = trainer.leapfrog,
                             .target_acceptance = trainer.target_acceptance},
                .burn_in = trainer.burn_in.value_or(trainer.samples / 2),
                .samples = trainer.samples};
  return run_chain(problem, plan, trainer.readout, trainer.start, run, [](double step) { return step; });
}

/// One leapfrog step of length e is the proposal of MALA with ε = e²/2.
Result train_replica(const Problem& problem, const Mala& trainer, const ObservePlan& plan) {
  const Run run{.settings = {.most_leapfrog = 1, .jitter = 0, .target_acceptance = trainer.target_acceptance},
                .burn_in = trainer.burn_in.value_or(trainer.samples / 2),
                .samples = trainer.samples,
                .thin = trainer.thin};
  return run_chain(problem, plan, trainer.readout, trainer.start, run, [](double step) { return step * step / 2; });
}

}  // namespace fieldscan::training
