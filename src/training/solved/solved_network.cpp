#include "solved_network.hpp"

#include <cmath>

#include <fmt/format.h>

#include "fieldscan/core/digits.hpp"

namespace fieldscan::training {

namespace {

/// φ(h^L) at a few test points; at training points where there is no test set.
Matrix probes_of(const Problem& problem, const network::Network& network, const Vector& theta) {
  const data::Draw& data = problem.data;
  const Matrix& all = data.test.x.rows() > 0 ? data.test.x : data.train.x;
  const Matrix x = some_columns(all.transpose()).transpose();
  auto work = network.workspace(x.rows());
  Vector outputs(x.rows() * network.outputs());
  network.forward(theta, x, work, outputs);
  return network.features(work, x.rows());
}

}  // namespace

std::optional<std::string> solving_problem(const Setting& setting, std::string_view trainer) {
  if (setting.network.centred)
    return "the solved readout does not depend on the initial one, there is no output to subtract: set "
           "`network.centred: false`";
  if (setting.data.train_size.is(data::TrainSizeWord::online))
    return fmt::format("{} needs a training set, `train_size: online` has none", trainer);
  return std::nullopt;
}

RidgeReadout solve_into(const Problem& problem, const network::Network& network, const MatrixView& x,
                        const MatrixView& label, Vector& theta) {
  const network::Tensor& readout = network.tensors().back();
  auto work = network.workspace(x.rows());
  Vector outputs(x.rows() * network.outputs());
  network.forward(theta, x, work, outputs);
  // f = scale·a·φ with a = init_std·z; the features ψ carry no 1/√χ, and z = √χ β.
  const double root_chi = std::sqrt(problem.network.chi);
  const double scale = root_chi * readout.scale * readout.init_std;
  const Matrix features = scale * network.features(work, x.rows());
  RidgeReadout solved = solve_readout(features, label, problem.ridge, scale * probes_of(problem, network, theta));
  Eigen::Map<Matrix>(theta.data() + readout.offset, readout.rows, readout.cols) =
      (readout.init_std * root_chi) * solved.weights.transpose();
  return solved;
}

Result record_solved(const Problem& problem, const network::Network& network, const ObservePlan& plan,
                     const Vector& start, const Vector& theta, const RidgeReadout& solved, std::int64_t steps) {
  Recorder recorder(problem, network, plan, start);
  const bool finite = recorder.record(theta, equilibrium, Moment::end);
  Result result =
      recorder.finish(steps, equilibrium, finite ? Outcome::done : Outcome::diverged,
                      finite ? digits_remark(solved.digits, solved.condition) : "the solution is not finite");
  if (plan.has(Observable::condition_number))
    result.rows.push_back({.observable = Observable::condition_number, .value = solved.condition});
  if (plan.has(Observable::jitter)) result.rows.push_back({.observable = Observable::jitter, .value = solved.jitter});
  return result;
}

}  // namespace fieldscan::training
