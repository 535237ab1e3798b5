#include "two_times.hpp"

#include <cmath>

#include "../keep/keep.hpp"
#include "../replica.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "langevin_step.hpp"

namespace fieldscan::training {

namespace of_two_times {

namespace {

constexpr Observable correlation = listed("two_time_correlation"), displacement = listed("displacement"),
                     response = listed("response");

/// Signs of a chain's labels, point by point, from numbers that its noise does not use.
Vector signs(const Problem& problem) {
  const Stream stream = replica_stream(problem, Purpose::langevin_noise).at(1, 0);
  Vector out(problem.data.train.label.size());
  for (Index mu = 0; mu < out.size(); ++mu) out[mu] = stream.uniform(static_cast<std::uint64_t>(mu)) < 0.5 ? -1 : 1;
  return out;
}

}  // namespace

}  // namespace of_two_times

TwoTimes::TwoTimes(const Problem& problem, const network::Network& network, const Langevin& trainer,
                   const ObservePlan& plan)
    : problem_(problem),
      network_(network),
      trainer_(trainer),
      plan_(plan),
      waiting_(std::llround(trainer.waiting * problem.ridge / trainer.step)),
      points_(problem.data.train.x.rows()) {
  if (!plan.has(of_two_times::response)) return;
  sign_ = of_two_times::signs(problem);
  shifted_.train = problem.data.train;
  Matrix& label = shifted_.train.label;
  for (Index mu = 0; mu < label.rows(); ++mu)
    label.row(mu) += trainer.shift * sign_.segment(mu * label.cols(), label.cols()).transpose();
  twin_problem_.emplace(Problem{.network = problem.network,
                                .data_spec = problem.data_spec,
                                .data = shifted_,
                                .ridge = problem.ridge,
                                .seed = problem.seed,
                                .draw = problem.draw,
                                .initialisation = problem.initialisation,
                                .precision = problem.precision});
}

void TwoTimes::wait(std::int64_t step, Posterior& posterior, const Vector& z) {
  if (step < waiting_ || !wants(plan_, Need::two_times)) return;
  if (step == waiting_) {
    posterior.look_at(z);
    earlier_ = posterior.train_output().mean;
    if (twin_problem_) twin_ = z;
  }
  if (twin_.size() == 0 || twin_posterior_) return;
  twin_posterior_.emplace(*twin_problem_, network_, Readout::sampled, Start::prior);
  twin_posterior_->keep_frozen(posterior);
}

void TwoTimes::move(std::int64_t step, const Stream& noise) {
  if (!twin_posterior_) return;
  slope_.resize(twin_.size());
  twin_posterior_->potential(twin_, slope_);
  langevin_step(trainer_.step, slope_, noise, static_cast<std::uint64_t>(step * twin_.size()), problem_.precision,
                twin_);
}

void TwoTimes::record(double time, const Posterior& posterior) {
  if (earlier_.size() == 0) return;
  const Vector now = posterior.train_output().mean;
  const auto points = static_cast<double>(points_);
  const auto add = [&](Observable observable, double value) {
    if (plan_.has(observable) && std::isfinite(value))
      found_.rows.push_back({.observable = observable, .time = time, .value = value});
  };
  add(of_two_times::correlation, now.dot(earlier_) / points);
  add(of_two_times::displacement, (now - earlier_).squaredNorm() / points);
  if (!twin_posterior_) return;
  twin_posterior_->look_at(twin_);
  add(of_two_times::response, sign_.dot(twin_posterior_->train_output().mean - now) / (trainer_.shift * points));
}

void TwoTimes::put(FlatWriter& out) const {
  for (const Vector* vector : {&earlier_, &twin_}) put_matrix(out, *vector);
  fieldscan::put(out, found_);
}

void TwoTimes::get(FlatReader& in) {
  for (Vector* vector : {&earlier_, &twin_}) get_matrix(in, *vector);
  found_ = get_result(in);
}

}  // namespace fieldscan::training
