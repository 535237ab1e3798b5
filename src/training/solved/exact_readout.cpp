#include "fieldscan/training/solved/exact_readout.hpp"

#include <algorithm>
#include <cmath>

#include "../observe/recorder.hpp"
#include "../replica.hpp"
#include "fieldscan/core/digits.hpp"
#include "fieldscan/network/initial.hpp"
#include "ridge_readout.hpp"

namespace fieldscan::training {

namespace {

/// φ(h^L) at a few test points; at training points where there is no test set.
Matrix probes_of(const Problem& problem, const network::Network& network, const Vector& theta) {
  const data::Draw& data = problem.data;
  const Matrix& all = data.test.x.rows() > 0 ? data.test.x : data.train.x;
  const Matrix x = some_columns(all.transpose()).transpose();
  auto work = network.workspace(x.rows());
  Vector outputs(x.rows());
  network.forward(theta, x, work, outputs);
  return work.activation.back();
}

}  // namespace

std::optional<std::string> ExactReadout::problem(const Setting& setting) const {
  if (setting.network.train != network::Trained::readout)
    return "exact_readout leaves the hidden layers as they are drawn, set `network.train: readout`";
  if (setting.network.centred)
    return "the solved readout does not depend on the initial one, there is no output to subtract: set "
           "`network.centred: false`";
  if (setting.data.train_size.is(data::TrainSizeWord::online))
    return "exact_readout needs a training set, `train_size: online` has none";
  return std::nullopt;
}

Cost ExactReadout::cost(const Setting& setting, const Sizes& sizes) const {
  return {.seconds = forward_seconds(sizes, sizes.train) + readout_seconds(sizes, setting.ridge),
          .bytes = replica_bytes(sizes),
          .threads = threads_of(std::min(sizes.train, sizes.width))};
}

Result ExactReadout::train(const Problem& problem, const ObservePlan& plan) const {
  const network::Network network(problem.network, static_cast<int>(problem.data.train.x.cols()));
  Vector theta = network.initial(network::initial_stream(problem.seed, problem.initialisation));
  const network::Tensor& readout = network.tensors().back();
  auto work = network.workspace(problem.data.train.x.rows());
  Vector outputs(problem.data.train.x.rows());
  network.forward(theta, problem.data.train.x, work, outputs);
  // f = scale·a·φ with a = init_std·z; the features ψ carry no 1/√χ, and z = √χ β.
  const double root_chi = std::sqrt(problem.network.chi);
  const double scale = root_chi * readout.scale * readout.init_std;
  const Matrix features = scale * work.activation.back();
  const RidgeReadout solved = solve_readout(features, data::one_output(problem.data.train.label), problem.ridge,
                                            scale * probes_of(problem, network, theta));
  theta.segment(readout.offset, readout.size()) = (readout.init_std * root_chi) * solved.weights.col(0);
  Recorder recorder(problem, network, plan, theta);
  const bool finite = recorder.record(theta, equilibrium, Moment::end);
  Result result =
      recorder.finish(1, equilibrium, finite ? Outcome::done : Outcome::diverged,
                      finite ? digits_remark(solved.digits, solved.condition) : "the solution is not finite");
  if (plan.has(Observable::condition_number))
    result.rows.push_back({.observable = Observable::condition_number, .value = solved.condition});
  if (plan.has(Observable::jitter)) result.rows.push_back({.observable = Observable::jitter, .value = solved.jitter});
  return result;
}

}  // namespace fieldscan::training
