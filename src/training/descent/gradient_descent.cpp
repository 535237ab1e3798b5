#include "fieldscan/training/descent/gradient_descent.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "../keep/keep.hpp"
#include "../replica.hpp"
#include "descent.hpp"
#include "loss.hpp"
#include "options.hpp"

namespace fieldscan::training {

namespace {

constexpr double resolution = 0.02;  ///< growth of t per step while the fast modes decay
constexpr double eigenvalue_error = 0.02;

/// With a number as rate.
Schedule schedule_of(const GradientDescent& trainer, const network::Spec& network, const TimeGrid& grid) {
  const double time_per_step = trainer.learning_rate.number() / (network.chi * (1 - trainer.momentum));
  return make_schedule({trainer.steps, trainer.epochs, trainer.time, trainer.max_steps}, time_per_step, 1, grid);
}

/// The times with `learning_rate: auto`: 0, the grid, and the end.
std::vector<double> flow_times(const GradientDescent& trainer, const TimeGrid& grid) {
  std::vector<double> times{0.0};
  const double end = trainer.time.value_or(0);
  if (grid.unit == TimeUnit::time)
    for (const double value : grid.values)
      if (value > times.back() && value < end) times.push_back(value);
  times.push_back(end);
  return times;
}

HeavyBall make_ball(const Problem& problem, const network::Network& network, const GradientDescent& trainer,
                    const Vector& start) {
  const double pull = problem.ridge / problem.network.chi;
  return {network, trainer.momentum, pull, trainer.anchor == Anchor::initial ? start : Vector{}};
}

/// The fastest rate of change per unit of t: the largest eigenvalue of Θ, times the curvature of the loss, and the
/// ridge.
double fastest_rate(const Problem& problem, const network::Network& network, const Vector& theta) {
  double factor = 0;
  for (const auto& tensor : network.tensors()) factor = std::max(factor, tensor.rate_factor);
  const double curvature = network::largest_curvature(problem.loss, network.outputs());
  return curvature * network::ntk_top(network, theta, problem.data.train.x, eigenvalue_error) + problem.ridge * factor;
}

/// The gradient flow in steps that resolve it, see `GradientDescent`.
class Flow {
 public:
  Flow(const Problem& problem, const GradientDescent& trainer, const network::Network& network, const Vector& start)
      : problem_(problem),
        trainer_(trainer),
        network_(network),
        loss_(problem, network, start, problem.data.train.x.rows()),
        ball_(make_ball(problem, network, trainer, start)),
        watch_(limits_of(trainer, problem.data.train.x.rows()), typical_loss(problem, network, start, 0)),
        theta_(start),
        gradient_(start.size()) {}

  enum class State { going, low_enough, out_of_steps, diverged };

  /// Goes on to time `end`.
  State advance(double end, const std::function<void()>& keep) {
    while (time_ < end && state_ == State::going) {
      keep();
      value_ = loss_.all(theta_, gradient_);
      if (watch_.diverged(value_))
        state_ = State::diverged;
      else if (watch_.low_enough(value_))
        state_ = State::low_enough;
      else if (steps_ == trainer_.max_steps)
        state_ = State::out_of_steps;
      else
        step(end);
    }
    return state_;
  }
  const Vector& theta() const { return theta_; }
  std::int64_t steps() const { return steps_; }
  double time() const { return time_; }
  double value() const { return value_; }
  void put(FlatWriter& out) const {
    put_matrix(out, theta_);
    for (const double number : {time_, next_look_, rate_}) out.put(number);
    out.put(steps_);
  }
  void get(FlatReader& in) {
    get_matrix(in, theta_);
    for (double* number : {&time_, &next_look_, &rate_}) *number = in.get<double>();
    steps_ = in.get<std::int64_t>();
  }
  std::pair<Outcome, std::string> ending() {
    value_ = loss_.value(theta_);
    if (watch_.diverged(value_)) return {Outcome::diverged, divergence_text(value_, steps_)};
    if (state_ == State::out_of_steps && !watch_.low_enough(value_)) return cut_short(steps_, time_, *trainer_.time);
    return watch_.ending(state_ == State::low_enough, value_);
  }

 private:
  void step(double end) {
    if (time_ >= next_look_) {
      rate_ = fastest_rate(problem_, network_, theta_);
      next_look_ = 2 * time_ + 1 / rate_;
    }
    const double longest = std::min(2 * trainer_.stability_fraction / rate_, resolution * (time_ + 1 / rate_));
    const double left = end - time_;
    const double count = std::max(1.0, std::ceil(left / longest));
    const double span = left / count;
    ball_.step(span * problem_.network.chi, gradient_, theta_);
    time_ = count == 1 ? end : time_ + span;
    ++steps_;
  }

  const Problem& problem_;
  const GradientDescent& trainer_;
  const network::Network& network_;
  Loss loss_;
  HeavyBall ball_;
  Watch watch_;
  Vector theta_, gradient_;
  double time_ = 0, next_look_ = 0, rate_ = 0, value_ = 0;
  std::int64_t steps_ = 0;
  State state_ = State::going;
};

Result follow_flow(const Problem& problem, const GradientDescent& trainer, const network::Network& network,
                   const Vector& start, const ObservePlan& plan) {
  Recorder recorder(problem, network, plan, start);
  Flow flow(problem, trainer, network, start);
  const auto times = flow_times(trainer, plan.times);
  std::uint64_t mark = 0;
  take_up_state(problem, [&](FlatReader& in) {
    mark = in.get<std::uint64_t>();
    flow.get(in);
    recorder.get(in);
  });
  const auto keep = [&] {
    keep_state(problem, [&](FlatWriter& out) {
      out.put(mark);
      flow.put(out);
      recorder.put(out);
    });
  };
  for (; mark < times.size(); ++mark) {
    const double time = times[mark];
    const Flow::State state = flow.advance(time, keep);
    if (state == Flow::State::diverged)
      return recorder.finish(flow.steps(), flow.time(), Outcome::diverged, divergence_text(flow.value(), flow.steps()));
    if (state == Flow::State::out_of_steps && flow.time() < time && time != times.back()) continue;  // nobody was there
    if (!recorder.record(flow.theta(), time, time == times.back() ? Moment::end : Moment::passing))
      return recorder.finish(flow.steps(), time, Outcome::diverged, fmt::format("not finite at step {}", flow.steps()));
  }
  const auto [outcome, reason] = flow.ending();
  recorder.ended(flow.time());
  return recorder.finish(flow.steps(), times.back(), outcome, reason);
}

}  // namespace

namespace {

/// How much λ_max(Θ) grows while features are learned, in deep linear networks that learn labels of size one along
/// their first mode: (1 + D γ₀² |y|²/λ)^(1 − 1/D) with γ₀² = χ/N and D = L + 1 matrices.
double kernel_growth(const network::Spec& network, const Sizes& sizes, double top) {
  if (network.train != network::Trained::all || !(top > 0)) return 1;
  const double richness = network.chi / network::last_width(network), layers = network.depth + 1;
  return std::pow(1 + layers * richness * sizes.train / top, 1 - 1 / layers);
}

}  // namespace

std::optional<std::string> GradientDescent::problem(const Setting& setting) const {
  const bool automatic = learning_rate.is_word();  // chooses the steps itself
  const double last = automatic ? 0 : static_cast<double>(schedule_of(*this, setting.network, {}).last());
  if (auto wrong = option_problem(*this, setting, last)) return wrong;
  if (is_online(setting.data))
    return "gradient descent over the whole training set is not possible with `train_size: online`, use `sgd`";
  return std::nullopt;
}

Dynamics GradientDescent::dynamics(const Setting&) const {
  if (std::string departure = departure_of(*this); !departure.empty()) return dynamics::Unlike{std::move(departure)};
  if (learning_rate.is_word()) return dynamics::Flow{anchor};
  return dynamics::Descent{.rate = learning_rate.number(), .momentum = momentum, .anchor = anchor};
}

std::vector<double> GradientDescent::record_times(const Setting& setting, const TimeGrid& grid) const {
  return learning_rate.is_word() ? flow_times(*this, grid) : times_of(schedule_of(*this, setting.network, grid));
}

/// With `auto` steps of length min(h, 0.02·(t + 1/λ)) with h = 2·fraction/λ: a fixed number per doubling of the time
/// until 0.02·t = h, then one per h.
Cost GradientDescent::cost(const Setting& setting, const Sizes& sizes) const {
  double count =
      learning_rate.is_word() ? 0 : steps_of(*this, 1, setting.network.chi * (1 - momentum) / learning_rate.number());
  if (time && learning_rate.is_word()) {
    const network::Network network =
        make_network(setting.network, std::max(1, static_cast<int>(sizes.dimension)), rates);
    const network::KernelScale scale = network::kernel_scale(network, network::rate_factors(network));
    const double at_start =
        network::largest_curvature(loss, static_cast<Index>(sizes.outputs)) * scale.top(sizes.train, sizes.dimension);
    const double top = at_start + setting.ridge * scale.fastest_tensor,
                 longest =
                     2 * stability_fraction / (top + (kernel_growth(setting.network, sizes, at_start) - 1) * at_start);
    const double early = std::min(*time, 50 * longest);
    count = 50 * std::log1p(top * early) + (*time - early) / longest;
    if (max_steps) count = std::min(count, static_cast<double>(*max_steps));
  }
  return {.seconds = count * (gradient_seconds(sizes, sizes.train) + 1e-9 * sizes.parameters),
          .bytes = replica_bytes(sizes)};
}

std::vector<const char*> GradientDescent::ends_sooner() const { return early_ends(*this); }

std::vector<double> GradientDescent::rate_factors(const network::Network& network) const {
  return network::rate_factors(with_rates(network, rates));
}

std::optional<StepSize> GradientDescent::step_size(const Setting& setting, const Sizes& sizes,
                                                   const network::KernelScale& scale) const {
  if (learning_rate.is_word() || setting.network.output != network::OutputForm::plain) return std::nullopt;
  return StepSize{.size = learning_rate.number(),
                  .largest = largest_stable_rate(setting, sizes, scale, sizes.train, momentum, loss)};
}

std::vector<Trap> GradientDescent::traps(const Setting& setting, const Sizes& sizes) const {
  return rate_traps(*this, setting, sizes);
}

Result GradientDescent::train(const Problem& given, const ObservePlan& plan) const {
  const Problem problem = given.with(loss);
  const network::Network network =
      make_network(problem.network, data::input_dimension(problem.data_spec), rates, output_count(problem));
  const Vector start = start_of(problem, network);
  if (learning_rate.is_word()) return follow_flow(problem, *this, network, start, plan);
  HeavyBall ball = make_ball(problem, network, *this, start);
  const Schedule marks = schedule_of(*this, problem.network, plan.times);
  const Pace pace{learning_rate.number(), schedule, warmup};
  return descend(problem, network, start, plan,
                 {.schedule = marks,
                  .limits = limits_of(*this, problem.data.train.x.rows()),
                  .patience = patience,
                  .state = {&ball.velocity()}},
                 [&](std::int64_t step, Vector& gradient, Vector& theta) {
                   clip_gradient(network, clip, gradient);
                   ball.step(rate_at(pace, step, marks.meant), gradient, theta);
                 });
}

}  // namespace fieldscan::training
