#include "fieldscan/training/solved/exact_readout.hpp"

#include <algorithm>

#include "../replica.hpp"
#include "solved_network.hpp"

namespace fieldscan::training {

std::optional<std::string> ExactReadout::problem(const Setting& setting) const {
  if (setting.network.train != network::Trained::readout)
    return "exact_readout leaves the hidden layers as they are drawn, set `network.train: readout`";
  return solving_problem(setting, kind);
}

Cost ExactReadout::cost(const Setting& setting, const Sizes& sizes) const {
  return {.seconds = forward_seconds(sizes, sizes.train) + readout_seconds(sizes, setting.ridge),
          .bytes = replica_bytes(sizes),
          .threads = threads_of(std::min(sizes.train, sizes.width))};
}

Result ExactReadout::train(const Problem& problem, const ObservePlan& plan) const {
  const network::Network network(problem.network, static_cast<int>(problem.data.train.x.cols()), output_count(problem));
  Vector theta = start_of(problem, network);
  const data::Sample& set = problem.data.train;
  const RidgeReadout solved = solve_into(problem, network, set.x, set.label, theta);
  // What is measured as a change is one from the solved network: the initial readout plays no part.
  return record_solved(problem, network, plan, theta, theta, solved, 1);
}

}  // namespace fieldscan::training
