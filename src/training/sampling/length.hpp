#pragma once
#include <algorithm>
#include <cmath>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/training/concept.hpp"

/// What chains share before they run: whether they can, how long they are, what they cost.
namespace fieldscan::training {

inline std::optional<std::string> chain_problem(const Setting& setting, Start start) {
  if (!(setting.ridge > 0)) return "a sampler needs a ridge above 0 (κ is the noise of the likelihood), set `ridge`";
  if (setting.network.centred) return "a sampler has no initialisation to subtract, set `network.centred: false`";
  if (setting.data.train_size.is(data::TrainSizeWord::online))
    return "a sampler needs a training set, `train_size: online` has none";
  if (start == Start::aligned && data::output_count(setting.data) > 1)
    return "a chain starts aligned with the linear part of one output, and the target has several: leave out `start`";
  if (start == Start::aligned && is_convolutional(setting.network.architecture))
    return "a chain starts aligned in units that see the whole input, and the network is convolutional: leave out "
           "`start`";
  return std::nullopt;
}

/// Of a chain with `samples`, `thin` and `until`.
template <class T>
ChainLength length_of(const T& chain) {
  const double all = static_cast<double>(chain.samples) * std::exp2(chain.until.batches);
  return {.samples = static_cast<double>(chain.samples),
          .most_samples = all,
          .most_trajectories = all * static_cast<double>(chain.thin)};
}

/// Gradients of a trajectory that may have so many: at least four where it may have as many. Which of them the
/// posterior's stiffness asks for is known when the chain has run; the geometric mean is off by √(most/4) at most.
inline double gradients_expected(double most) { return std::sqrt(std::min(most, 4.0) * most); }

/// So many trajectories of a chain that misses its targets to the last: 1 + 2 + 4 + … batches.
inline Cost chain_cost(const Sizes& s, double trajectories, double most, Readout readout, const ChainUntil& until) {
  const double small = std::min(s.train, s.width), large = std::max(s.train, s.width);
  const bool integrated = readout == Readout::integrated;
  const double solved = integrated ? (2 * small * small * large + small * small * small) / flops_per_second : 0;
  const double chain =
      trajectories * (gradients_expected(most) * (gradient_seconds(s, s.train) + 2 * solved) +
                      forward_seconds(s, s.test) + (integrated ? 2 * s.test * small * small / flops_per_second : 0));
  return {.seconds = (std::pow(2.0, until.batches) - 1) * chain, .bytes = replica_bytes(s)};
}

inline std::vector<const char*> early_ends(const ChainUntil& until) {
  if (until.batches > 1) return {"training.until"};
  return {};
}

}  // namespace fieldscan::training
