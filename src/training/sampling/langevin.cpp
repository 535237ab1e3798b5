#include "fieldscan/training/sampling/langevin.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "../descent/descent.hpp"
#include "../descent/schedule.hpp"
#include "../keep/keep.hpp"
#include "../observe/recorder.hpp"
#include "../replica.hpp"
#include "chain.hpp"
#include "langevin_step.hpp"
#include "length.hpp"
#include "two_times.hpp"

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

namespace {

/// The largest curvature k of U at θ, its Gauss–Newton part: 1 + λ_max(Θ)/κ with the trained tensors' Θ.
double stiffest_mode(const Problem& problem, const network::Network& network, const Vector& theta) {
  constexpr double tolerance = 1e-3;
  if (problem.data.train.x.rows() == 0) return 1;
  std::vector<double> factors;  // a sampler knows no rates: frozen or not
  for (const auto& tensor : network.tensors())
    factors.push_back(tensor.rate_factor > 0 ? tensor.init_std * tensor.init_std / tensor.rate_factor : 0);
  return 1 + network::ntk_top(network.with_rates(factors), theta, problem.data.train.x, tolerance) / problem.ridge;
}

/// Whether a chain has left all that a posterior can hold: its loss, or |z|² beside the number of parameters.
class Bounds {
 public:
  Bounds(const Problem& problem, const network::Network& network, double diverged_above, const Vector& z,
         const Vector& theta)
      : to_loss_(problem.ridge / problem.network.chi),
        loss_(diverged_above * typical_loss(problem, network, theta, 0)),
        square_(diverged_above * std::max(z.squaredNorm(), static_cast<double>(z.size()))) {}
  /// The sentence, where the potential U at z is beyond; empty where it is not.
  std::string problem(double potential, const Vector& z, std::int64_t step) const {
    if (!std::isfinite(potential)) return fmt::format("the potential is not finite at step {}", step);
    const double square = z.squaredNorm();
    if (!(square <= square_)) return fmt::format("|θ|² is {:.4g} at step {}", square, step);
    const double loss = (potential - 0.5 * square) * to_loss_;
    if (!(loss <= loss_)) return divergence_text(loss, step);
    return "";
  }

 private:
  double to_loss_, loss_, square_;
};

std::string stability_text(double step, double stiffest, std::string_view where) {
  return fmt::format(
      "the step {:.3g} times the stiffest mode {} is {:.3g}, stable below 2: a step below {:.2g} is needed", step,
      where, step * stiffest, 2 / stiffest);
}

/// It records in time only where a grid is given, then also at 0 and at the end: t = η·steps/χ with η = εχ/κ.
Schedule schedule_of(const Langevin& trainer, double ridge, const TimeGrid& grid) {
  if (grid.values.empty()) return {};
  const std::int64_t last = trainer.burn_in_steps() + trainer.samples() * trainer.thin;
  return make_schedule({last, std::nullopt, std::nullopt}, trainer.step / ridge, 1, grid);
}

/// Unadjusted Langevin dynamics, with what is written down along it. Its state is kept between two steps.
class Diffusion {
 public:
  Diffusion(const Problem& problem, const Langevin& trainer, const ObservePlan& plan)
      : problem_(problem),
        trainer_(trainer),
        plan_(plan),
        network_(problem.network, static_cast<int>(problem.data.train.x.cols()), output_count(problem)),
        posterior_(problem, network_, Readout::sampled, trainer.start),
        noise_(replica_stream(problem, Purpose::langevin_noise)),
        z_(posterior_.start()),
        slope_(z_.size()),
        start_(posterior_.parameters(noise_)),
        bounds_(problem, network_, trainer.diverged_above, z_, start_),
        record_(problem, network_, plan, trainer.samples(), {}),
        curve_(schedule_of(trainer, problem.ridge, plan.times)),
        passing_(problem, network_, plan, start_),
        two_times_(problem, network_, trainer, plan) {
    take_up_state(problem, [&](FlatReader& in) { get(in); });
  }

  Result run() {
    const std::int64_t burn_in = trainer_.burn_in_steps(), last = burn_in + trainer_.samples() * trainer_.thin;
    for (; step_ < last; ++step_) {
      keep_state(problem_, [&](FlatWriter& out) { put(out); });
      two_times_.wait(step_, posterior_, z_);
      record_passing();
      const std::string problem = bounds_.problem(posterior_.potential(z_, slope_), z_, step_);
      if (!problem.empty()) return diverged(problem);
      langevin_step(trainer_.step, slope_, noise_, static_cast<std::uint64_t>(step_ * z_.size()), problem_.precision,
                    z_);
      two_times_.move(step_, noise_);
      if (step_ >= burn_in && (step_ + 1 - burn_in) % trainer_.thin == 0) record_.add(posterior_, z_);
    }
    const std::string problem = bounds_.problem(posterior_.potential(z_, slope_), z_, last);
    if (!problem.empty()) return diverged(problem);
    two_times_.wait(last, posterior_, z_);
    record_passing();
    return finish();
  }

 private:
  void record_passing() {
    if (recorded_ == curve_.steps.size() || curve_.steps[recorded_] != step_) return;
    posterior_.look_at(z_);
    passing_.record(posterior_.parameters(noise_), curve_.time(step_), Moment::passing);
    two_times_.record(curve_.time(step_), posterior_);
    ++recorded_;
  }
  Result diverged(const std::string& problem) const {
    Result result = start_result(problem_, plan_);
    result.outcome = Outcome::diverged;
    result.reason = problem;
    const double stiffest = start_.allFinite() ? stiffest_mode(problem_, network_, start_) : 0;
    result.reason += trainer_.step * stiffest >= 2 ? "; " + stability_text(trainer_.step, stiffest, "at the start")
                                                   : "; a shorter step may help";
    return result;
  }
  Result finish() {
    posterior_.look_at(z_);
    const double stiffest = stiffest_mode(problem_, network_, posterior_.parameters(noise_));
    const std::string problem =
        trainer_.step * stiffest >= 2 ? stability_text(trainer_.step, stiffest, "at the end") : "";
    Result result =
        record_.finish({.acceptance = 1, .step_size = trainer_.step, .gradients = step_, .problem = problem});
    append_passing(passing_.finish(step_, curve_.time(step_), Outcome::done, ""), result);
    append_passing(two_times_.found(), result);
    if (!problem.empty())
      for (Row& row : result.rows) row.flag = Flag::not_equilibrated;
    return result;
  }

  void put(FlatWriter& out) const {
    out.put(step_);
    out.put(static_cast<std::uint64_t>(recorded_));
    put_matrix(out, z_);
    record_.put(out);
    passing_.put(out);
    two_times_.put(out);
  }
  void get(FlatReader& in) {
    step_ = in.get<std::int64_t>();
    recorded_ = in.get<std::uint64_t>();
    get_matrix(in, z_);
    record_.get(in);
    passing_.get(in);
    two_times_.get(in);
  }

  const Problem& problem_;
  const Langevin& trainer_;
  const ObservePlan& plan_;
  network::Network network_;
  Posterior posterior_;
  Stream noise_;
  Vector z_, slope_;
  Vector start_;  ///< θ₀
  Bounds bounds_;
  ChainRecord record_;
  Schedule curve_;
  Recorder passing_;
  TwoTimes two_times_;
  std::size_t recorded_ = 0;
  std::int64_t step_ = 0;
};

}  // namespace

std::optional<std::string> Langevin::problem(const Setting& setting) const {
  if (auto wrong = chain_problem(setting, start)) return wrong;
  const double end = static_cast<double>(burn_in_steps() + samples() * thin) * step / setting.ridge;
  if (waiting > end)
    return fmt::format("`waiting` {:.4g} is a time after the end of the chain, ε·steps/κ = {:.4g}", waiting, end);
  return std::nullopt;
}

/// The end is the mean over the chain; the times of a grid show the network as it is then.
std::vector<double> Langevin::record_times(const Setting& setting, const TimeGrid& grid) const {
  std::vector<double> times;
  if (setting.ridge > 0 && !grid.values.empty()) times = times_of(schedule_of(*this, setting.ridge, grid));
  times.push_back(equilibrium);
  return times;
}

Cost Langevin::cost(const Setting&, const Sizes& sizes) const {
  return {.seconds = static_cast<double>(steps) * (gradient_seconds(sizes, sizes.train) + 3e-9 * sizes.parameters) +
                     static_cast<double>(samples()) * forward_seconds(sizes, sizes.test),
          .bytes = replica_bytes(sizes)};
}

ChainLength Langevin::chain() const {
  return {.samples = static_cast<double>(samples()),
          .most_samples = static_cast<double>(samples()),
          .most_trajectories = static_cast<double>(steps)};
}

std::vector<double> Langevin::rate_factors(const network::Network& network) const {
  return network::equal_factors(network);
}

/// ε (1 + λ_max(Θ)/κ) < 2.
std::optional<StepSize> Langevin::step_size(const Setting& setting, const Sizes& sizes,
                                            const network::KernelScale& scale) const {
  if (!(setting.ridge > 0)) return std::nullopt;
  return StepSize{.of = StepSize::Of::noise,
                  .size = step,
                  .largest = 2 / (1 + scale.top(sizes.train, sizes.dimension) / setting.ridge)};
}

std::vector<Trap> Langevin::traps(const Setting& setting, const Sizes& sizes) const {
  const network::Network network(setting.network, std::max(1, static_cast<int>(sizes.dimension)));
  const auto own = step_size(setting, sizes, network::kernel_scale(network, rate_factors(network)));
  if (!own || own->size <= own->largest) return {};
  return {{"FS0615", "training.step",
           fmt::format("the step {:.3g} lies beyond the longest stable one, some {:.1g}: the chains will diverge",
                       own->size, own->largest),
           "a shorter step (its bias is a share ε k/2 of a mode's variance), a larger ridge, or hmc"}};
}

Result Langevin::train(const Problem& problem, const ObservePlan& plan) const {
  return Diffusion(problem, *this, plan).run();
}

}  // namespace fieldscan::training
