#include "cost.hpp"

#include <algorithm>
#include <cmath>

#include "fieldscan/core/cost.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "kernel_scale.hpp"

namespace fieldscan::scan {
namespace {

// One core: products of matrices, elementwise functions, and what a step costs however small it is.
constexpr double seconds_per_activation = 2e-9;
constexpr double seconds_per_step = 2e-6;
constexpr double longest_estimate = 1e12;  ///< what can not be computed in any case stays a number

/// One forward and backward pass over `points` inputs: 4NdP + 6(L − 1)N²P + 6NP flops and L·N·P activations.
double gradient_seconds(const Sizes& s, double points) {
  const double flops =
      4 * s.width * s.dimension * points + 6 * (s.depth - 1) * s.width * s.width * points + 6 * s.width * points;
  return seconds_per_step + flops / flops_per_second + seconds_per_activation * s.depth * s.width * points;
}
double forward_seconds(const Sizes& s, double points) { return gradient_seconds(s, points) / 2; }

double length_of(std::optional<std::int64_t> steps, std::optional<std::int64_t> epochs, double per_epoch) {
  return steps ? static_cast<double>(*steps) : epochs ? static_cast<double>(*epochs) * per_epoch : 0;
}

/// Steps of gradient descent with a rate of its own, else 0.
double descent_steps(const PointSpec& spec) {
  const auto* t = std::get_if<training::GradientDescent>(&spec.training);
  if (!t || t->learning_rate.is_word()) return 0;
  return t->time ? *t->time * spec.network.chi * (1 - t->momentum) / t->learning_rate.number()
                 : length_of(t->steps, t->epochs, 1);
}

/// Solving a readout: a Gram matrix of the smaller side, and its factors (ridge 0: eigenvectors).
double readout_seconds(const Sizes& s, double ridge) {
  const double small = std::min(s.train, s.width), large = std::max(s.train, s.width);
  return small * small * (large + (ridge > 0 ? 0.4 : 10.0) * small) / flops_per_second;
}

struct TrainingSeconds {
  const PointSpec& spec;
  const Sizes& s;

  double operator()(const training::None&) const { return 0; }
  double operator()(const training::GradientDescent& t) const {
    const double steps =
        t.time && t.learning_rate.is_word() ? automatic_steps(*t.time, t.stability_fraction) : descent_steps(spec);
    return steps * gradient_seconds(s, s.train) + steps * 1e-9 * s.parameters;
  }
  /// Steps of length min(h, 0.02·(t + 1/λ)) with h = 2·fraction/λ: a fixed number per doubling of the time until 0.02·t = h, then one per h.
  double automatic_steps(double time, double fraction) const {
    const KernelScale scale = kernel_scale_of(spec, s);
    const double top = scale.top(s.train, s.dimension) + spec.ridge * scale.fastest_tensor,
                 longest = 2 * fraction / top;
    const double early = std::min(time, 50 * longest);
    return 50 * std::log1p(top * early) + (time - early) / longest;
  }
  double operator()(const training::Sgd& t) const {
    const double batch = t.batch;
    double steps = length_of(t.steps, t.epochs, std::ceil(s.train / batch));
    if (t.time)
      steps = s.train == 0 ? *t.time * s.dimension : *t.time * spec.network.chi * (1 - t.momentum) / t.learning_rate;
    return steps * (gradient_seconds(s, batch) + 1e-9 * s.parameters + 2e-8 * batch * s.dimension);
  }
  double operator()(const training::Adam& t) const {
    const double batch = t.batch.is_word() ? s.train : t.batch.number();
    const double steps = length_of(t.steps, t.epochs, std::ceil(s.train / batch));
    return steps * (gradient_seconds(s, batch) + 4e-9 * s.parameters);
  }
  double operator()(const training::ExactReadout&) const {
    return forward_seconds(s, s.train) + readout_seconds(s, spec.ridge);
  }
  double operator()(const training::Langevin& t) const {
    const double steps = static_cast<double>(t.steps);
    return steps * (gradient_seconds(s, s.train) + 3e-9 * s.parameters) +
           static_cast<double>(t.samples()) * forward_seconds(s, s.test);
  }
  double operator()(const training::Mala& t) const {
    const double steps = static_cast<double>((t.samples + t.burn_in.value_or(t.samples / 2)) * t.thin);
    return batches(t.until) * chain(steps, 1, t.readout == training::Readout::integrated);
  }
  double operator()(const training::Hmc& t) const {
    const double trajectories = static_cast<double>(t.samples * t.thin + t.burn_in_trajectories());
    return batches(t.until) * chain(trajectories, t.leapfrog, t.readout == training::Readout::integrated);
  }
  /// A chain that misses its targets to the last: 1 + 2 + 4 + … batches.
  static double batches(const training::ChainUntil& until) { return std::pow(2.0, until.batches) - 1; }
  double chain(double trajectories, double leapfrog, bool integrated) const {
    const double small = std::min(s.train, s.width), large = std::max(s.train, s.width);
    const double readout = integrated ? (2 * small * small * large + small * small * small) / flops_per_second : 0;
    return trajectories * (leapfrog * (gradient_seconds(s, s.train) + 2 * readout) + forward_seconds(s, s.test) +
                           (integrated ? 2 * s.test * small * small / flops_per_second : 0));
  }
};

/// Empirical kernels that are observed: how many points they have, how often they are formed, whether they are decomposed.
struct ObservedKernels {
  double points = 0, times = 0, decomposed = 0, kept = 0;
};
ObservedKernels observed_kernels(const Point& point, const Sizes& s) {
  const auto& plan = point.observe;
  ObservedKernels out;
  for (const Observable observable : plan.observables) {
    const ObservableInfo& about = info(observable);
    if (!has_any(about.needs, Need::kernel)) continue;
    const training::View view = plan.view_of(observable);
    const double all = view.on == training::PointSet::train && s.train > 0 ? s.train : s.test;
    out.points = std::max(out.points, view.points > 0 ? std::min(all, static_cast<double>(view.points)) : all);
    const double records =
        view.moments == training::Moments::end ? 1 : static_cast<double>(plan.times.values.size() + 2);
    out.times = std::max(out.times, records);
    if (has_any(about.needs, Need::factor)) out.decomposed = 1;
    if (about.form == Form::array) out.kept += (about.dimension.starts_with("layer") ? s.depth : 1) * records;
    if (has_any(about.needs, Need::initial)) out.kept += 1;
  }
  const auto samples = [&]<class T>(const T& trainer) {
    if constexpr (requires { trainer.thin* trainer.steps; })
      return static_cast<double>(trainer.samples());
    else if constexpr (T::law == training::Law::posterior)
      return static_cast<double>(trainer.samples);
    else
      return 0.0;
  };
  out.times = std::max(out.times, out.times > 0 ? std::visit(samples, point.spec.training) : 0);
  return out;
}
double kernel_seconds(const ObservedKernels& k, const Sizes& s) {
  const double per_pair = s.dimension + 3 * s.depth * s.width;
  return k.times * k.points * k.points * (per_pair + 4 * k.decomposed * k.points) / flops_per_second;
}
double kernel_bytes(const ObservedKernels& k, const Sizes& s) {
  return 8 * (k.points * k.points * (1 + k.kept + 2 * k.decomposed) + 4 * s.depth * s.width * k.points);
}

Cost prediction_cost(const Point& point, std::uint64_t theory) {
  return theory::cost_of(point.theories.at(theory).theory, setting_of(point));
}

}  // namespace

Sizes sizes_of(const PointSpec& spec) {
  Sizes s;
  s.train = data::train_points(spec.data);
  s.test = data::test_points(spec.data);
  s.dimension = data::input_dimension(spec.data);
  s.depth = spec.network.depth;
  double before = s.dimension;
  for (int l = 0; l < spec.network.depth; ++l) {
    const double width = network::width_of(spec.network, l);
    s.parameters += width * before;
    s.width = std::max(s.width, width);
    before = width;
  }
  s.parameters += before;
  return s;
}

double estimated_seconds(const Point& point, Task::Kind kind, std::uint64_t theory) {
  if (kind == Task::Kind::prediction) {
    const double seconds = prediction_cost(point, theory).seconds;
    return seconds < longest_estimate ? seconds : longest_estimate;
  }
  const Sizes s = sizes_of(point.spec);
  const double records = static_cast<double>(point.observe.times.values.size() + 2);
  const double seconds = 1e-3 + std::visit(TrainingSeconds{point.spec, s}, point.spec.training) +
                         records * forward_seconds(s, s.test + s.train) + kernel_seconds(observed_kernels(point, s), s);
  return seconds < longest_estimate ? seconds : longest_estimate;
}

int task_threads(const Point& point, Task::Kind kind, std::uint64_t theory) {
  if (kind == Task::Kind::prediction) return prediction_cost(point, theory).threads;
  const Sizes s = sizes_of(point.spec);
  const bool solved = std::holds_alternative<training::ExactReadout>(point.spec.training);
  return threads_of(solved ? std::min(s.train, s.width) : 0);
}

double estimated_bytes(const Point& point, Task::Kind kind, std::uint64_t theory) {
  const Sizes s = sizes_of(point.spec);
  const double data = 8 * (s.train + s.test) * (s.dimension + 4);
  const double program = 5e7;
  if (kind == Task::Kind::prediction) {
    const bool drawn = theory::given_of(point.theories.at(theory).theory) != theory::Given::nothing;
    return program + (drawn ? data : 0) + prediction_cost(point, theory).bytes;
  }
  const double points = std::max(s.train, s.test);
  const double records =
      point.observe.predictor_on_grid ? static_cast<double>(point.observe.times.values.size() + 2) : 1;
  return program + data + kernel_bytes(observed_kernels(point, s), s) +
         8 * (4 * s.depth * s.width * points + 6 * s.parameters + 3 * s.train * std::min(s.train, s.width) +
              records * s.test);
}

}  // namespace fieldscan::scan
