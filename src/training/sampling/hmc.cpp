#include "fieldscan/training/sampling/hmc.hpp"

#include <optional>

#include "../keep/keep.hpp"
#include "../replica.hpp"
#include "chain.hpp"
#include "fieldscan/training/sampling/mala.hpp"
#include "hamiltonian.hpp"
#include "length.hpp"

namespace fieldscan::training {

namespace {

struct Run {
  HamiltonianSettings settings;
  ChainUntil until;
  std::int64_t burn_in = 0;  ///< trajectories
  std::int64_t samples = 0, thin = 1;
};

/// One chain, and what is written down along it. Its state is kept between two trajectories.
class HamiltonianSampling {
 public:
  HamiltonianSampling(const Problem& problem, const ObservePlan& plan, Readout readout, Start start, const Run& run)
      : problem_(problem),
        plan_(plan),
        run_(run),
        network_(problem.network, static_cast<int>(problem.data.train.x.cols()), output_count(problem)),
        posterior_(problem, network_, readout, start) {
    take_up_state(problem, [&](FlatReader& in) { get(in); });
    if (chain_) return;
    chain_.emplace(potential(), run.settings, streams(), posterior_.start(), exact());
    begin_batch(1);
  }

  /// `step_size` turns the leapfrog step into what the trainer calls its step.
  template <class StepSize>
  Result finish(StepSize step_size) {
    while (chain_->trajectories() < run_.burn_in) step(Phase::burn_in);
    for (;; begin_batch(batch_ + 1)) {
      while (!record_->full()) sample();
      if (batch_ == run_.until.batches || record_->reached()) break;
    }
    return record_->finish({.acceptance = chain_->acceptance(),
                            .step_size = step_size(chain_->step_size()),
                            .gradients = chain_->gradients()});
  }

 private:
  Potential potential() {
    return [this](const Vector& z, Vector& gradient) { return posterior_.potential(z, gradient); };
  }
  /// In single precision the potential only kicks.
  Energy exact() {
    if (problem_.precision == Precision::double_) return {};
    return [this](const Vector& z) { return posterior_.energy(z); };
  }
  HamiltonianStreams streams() const {
    return {.momentum = replica_stream(problem_, Purpose::momentum),
            .acceptance = replica_stream(problem_, Purpose::acceptance),
            .jitter = replica_stream(problem_, Purpose::step_jitter)};
  }

  void begin_batch(int number) {
    batch_ = number;
    record_.emplace(problem_, network_, plan_, run_.samples << (number - 1), run_.until);
  }
  void step(Phase phase) {
    keep_state(problem_, [&](FlatWriter& out) { put(out); });
    chain_->step(phase);
  }
  /// `thin` trajectories, or what is left of them. Nothing is kept between the last one and the look at where it ended,
  /// so that the posterior still holds what the trajectory computed there.
  void sample() {
    do {
      step(Phase::sampling);
    } while ((chain_->trajectories() - run_.burn_in) % run_.thin != 0);
    record_->add(posterior_, chain_->position());
  }

  void put(FlatWriter& out) const {
    chain_->put(out);
    out.put(batch_);
    record_->put(out);
  }
  void get(FlatReader& in) {
    chain_.emplace(potential(), run_.settings, streams(), posterior_.dimension(), in, exact());
    const int batch = in.get<int>();
    if (batch < 1 || batch > run_.until.batches) throw MalformedMessage("a batch that the chain does not have");
    begin_batch(batch);
    record_->get(in);
  }

  const Problem& problem_;
  const ObservePlan& plan_;
  Run run_;
  network::Network network_;
  Posterior posterior_;
  std::optional<HamiltonianChain> chain_;
  int batch_ = 1;                      ///< each one is twice as long as the one before
  std::optional<ChainRecord> record_;  ///< of this batch
};

}  // namespace

std::optional<std::string> Hmc::problem(const Setting& setting) const { return chain_problem(setting, start); }
std::vector<double> Hmc::record_times(const Setting&, const TimeGrid&) const { return {equilibrium}; }
Cost Hmc::cost(const Setting&, const Sizes& sizes) const {
  return chain_cost(sizes, static_cast<double>(samples * thin + burn_in_trajectories()), leapfrog, readout, until);
}
std::vector<const char*> Hmc::ends_sooner() const { return early_ends(until); }
ChainLength Hmc::chain() const { return length_of(*this); }

Result Hmc::train(const Problem& problem, const ObservePlan& plan) const {
  const Run run{.settings = {.drift = Drift::rotation,
                             .integrator = integrator,
                             .most_leapfrog = leapfrog,
                             .target_acceptance = target_acceptance},
                .until = until,
                .burn_in = burn_in_trajectories(),
                .samples = samples,
                .thin = thin};
  return HamiltonianSampling(problem, plan, readout, start, run).finish([](double step) { return step; });
}

std::optional<std::string> Mala::problem(const Setting& setting) const { return chain_problem(setting, start); }
std::vector<double> Mala::record_times(const Setting&, const TimeGrid&) const { return {equilibrium}; }
Cost Mala::cost(const Setting&, const Sizes& sizes) const {
  return chain_cost(sizes, static_cast<double>((samples + burn_in.value_or(samples / 2)) * thin), 1, readout, until);
}
std::vector<const char*> Mala::ends_sooner() const { return early_ends(until); }
ChainLength Mala::chain() const { return length_of(*this); }

/// One leapfrog step of length e is the proposal of MALA with ε = e²/2.
Result Mala::train(const Problem& problem, const ObservePlan& plan) const {
  const Run run{.settings = {.most_leapfrog = 1, .jitter = 0, .target_acceptance = target_acceptance},
                .until = until,
                .burn_in = burn_in.value_or(samples / 2) * thin,
                .samples = samples,
                .thin = thin};
  return HamiltonianSampling(problem, plan, readout, start, run).finish([](double step) { return step * step / 2; });
}

}  // namespace fieldscan::training
