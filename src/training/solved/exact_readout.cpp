#include "fieldscan/training/solved/exact_readout.hpp"

#include <cmath>

#include "../observe/recorder.hpp"
#include "../replica.hpp"
#include "fieldscan/core/digits.hpp"
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

Result train_replica(const Problem& problem, const ExactReadout&, const ObservePlan& plan) {
  const network::Network network(problem.network, static_cast<int>(problem.data.train.x.cols()));
  Vector theta = network.initial(weight_stream(problem));
  const network::Tensor& readout = network.tensors().back();
  auto work = network.workspace(problem.data.train.x.rows());
  Vector outputs(problem.data.train.x.rows());
  network.forward(theta, problem.data.train.x, work, outputs);
  // f = scale·a·φ with a = init_std·z; the features ψ carry no 1/√χ, and z = √χ β.
  const double root_chi = std::sqrt(problem.network.chi);
  const double scale = root_chi * readout.scale * readout.init_std;
  const Matrix features = scale * work.activation.back();
  const RidgeReadout solved =
      solve_readout(features, problem.data.train.label, problem.ridge, scale * probes_of(problem, network, theta));
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
