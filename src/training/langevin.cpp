#include "fieldscan/training/langevin.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "chain.hpp"
#include "keep.hpp"
#include "langevin_step.hpp"
#include "recorder.hpp"
#include "replica.hpp"
#include "schedule.hpp"

namespace fieldscan::training {

namespace {

/// Adds the rows, outputs and order parameters in time to what the chain has at equilibrium.
void append_passing(Result passing, Result& result) {
  for (const Row& row : passing.rows)
    if (row.observable != Observable::steps_done) result.rows.push_back(row);
  for (Array& array : passing.arrays)
    if (array.observable == Observable::predictor || array.observable == Observable::order_parameters)
      result.arrays.push_back(std::move(array));
}

/// langevin_step with normals of a precision.
template <class Scalar>
void move(double step, const Vector& slope, const Stream& noise, std::uint64_t first, Vector& z) {
  constexpr Index block = 512;
  Eigen::Matrix<Scalar, block, 1> normals;
  const double kick = std::sqrt(2 * step);
  for (Index begin = 0; begin < z.size(); begin += block) {
    const Index count = std::min(block, z.size() - begin);
    noise.normals(std::span(normals.data(), static_cast<std::size_t>(count)),
                  first + static_cast<std::uint64_t>(begin));
    z.segment(begin, count) += -step * slope.segment(begin, count) + kick * normals.head(count).template cast<double>();
  }
}

}  // namespace

void langevin_step(double step, const Vector& slope, const Stream& noise, std::uint64_t first, Precision precision,
                   Vector& z) {
  if (precision == Precision::single)
    move<float>(step, slope, noise, first, z);
  else
    move<double>(step, slope, noise, first, z);
}

Result train_replica(const Problem& problem, const Langevin& trainer, const ObservePlan& plan) {
  const network::Network network(problem.network, static_cast<int>(problem.data.train.x.cols()));
  Posterior posterior(problem, network, Readout::sampled, trainer.start);
  const Stream noise = replica_stream(problem, Purpose::langevin_noise);
  Vector z = posterior.start(), slope(z.size());
  ChainRecord record(problem, network, plan, trainer.samples(), {});
  const Schedule curve = schedule_of(trainer, problem.ridge, plan.times);
  Recorder passing(problem, network, plan, posterior.parameters(noise));
  std::size_t recorded = 0;
  const auto record_passing = [&](std::int64_t step) {
    if (recorded == curve.steps.size() || curve.steps[recorded] != step) return;
    posterior.look_at(z);
    passing.record(posterior.parameters(noise), curve.time(step), Moment::passing);
    ++recorded;
  };
  const auto size = static_cast<std::uint64_t>(z.size());
  const std::int64_t burn_in = trainer.burn_in_steps(), last = burn_in + trainer.samples() * trainer.thin;
  std::int64_t step = 0;
  take_up_state(problem, [&](FlatReader& in) {
    step = in.get<std::int64_t>();
    recorded = in.get<std::uint64_t>();
    get_matrix(in, z);
    record.get(in);
    passing.get(in);
  });
  for (; step < last; ++step) {
    keep_state(problem, [&](FlatWriter& out) {
      out.put(step);
      out.put(static_cast<std::uint64_t>(recorded));
      put_matrix(out, z);
      record.put(out);
      passing.put(out);
    });
    record_passing(step);
    const double potential = posterior.potential(z, slope);
    if (!std::isfinite(potential)) {
      Result result = start_result(problem, plan);
      result.outcome = Outcome::diverged;
      result.reason = fmt::format("the potential is not finite at step {}; a shorter step may help", step);
      return result;
    }
    langevin_step(trainer.step, slope, noise, static_cast<std::uint64_t>(step) * size, problem.precision, z);
    if (step >= burn_in && (step + 1 - burn_in) % trainer.thin == 0) record.add(posterior, z);
  }
  record_passing(last);
  Result result = record.finish({.acceptance = 1, .step_size = trainer.step, .gradients = last});
  append_passing(passing.finish(last, curve.time(last), Outcome::done, ""), result);
  return result;
}

}  // namespace fieldscan::training
