#include "cost.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "fieldscan/core/cost.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/theory/predict_kept.hpp"

namespace fieldscan::scan {
namespace {

constexpr double seconds_per_replica = 2e-4;  ///< its data, its place among the tasks, its rows in the store
constexpr double longest_estimate = 1e12;     ///< what can not be computed in any case stays a number

Cost training_cost(const PointSpec& spec) {
  return training::cost_of(spec.training, training_setting(spec), sizes_of(spec));
}

/// Empirical kernels that are observed: how many points they have, how often they are formed, whether they are
/// decomposed.
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
  if (out.times > 0) out.times = std::max(out.times, training::chain_of(point.spec.training).samples);
  return out;
}
double kernel_seconds(const ObservedKernels& k, const Sizes& s) {
  const double per_pair = s.products > 0 ? s.parameters : s.dimension + 3 * s.depth * s.width;
  return k.times * k.points * k.points * (per_pair + 4 * k.decomposed * k.points) / flops_per_second;
}
double kernel_bytes(const ObservedKernels& k, const Sizes& s) {
  return 8 *
         (k.points * k.points * (1 + k.kept + 2 * k.decomposed) + 4 * s.depth * std::max(s.width, s.widest) * k.points);
}

Cost prediction_cost(const Point& point, std::uint64_t theory) {
  const TheoryUse& use = point.theories.at(theory);
  return theory::cost_of(use.theory, setting_of(point, use));
}

}  // namespace

Sizes sizes_of(const PointSpec& spec) { return training::sizes_of(spec.network, spec.data); }

double kept_kernel_bytes(const Point& point) {
  const auto axes = std::span(point.names).first(point.positions.size());
  if (std::ranges::find(axes, "ridge", &NamedValue::path) == axes.end()) return 0;
  double bytes = 0;
  for (const TheoryUse& use : point.theories) bytes += theory::kept_bytes(use.theory, setting_of(point, use));
  return bytes;
}

double estimated_seconds(const Point& point, Task::Kind kind, std::uint64_t theory) {
  if (kind == Task::Kind::prediction) {
    const double seconds = prediction_cost(point, theory).seconds;
    return seconds < longest_estimate ? seconds : longest_estimate;
  }
  const Sizes s = sizes_of(point.spec);
  const double records = static_cast<double>(point.observe.times.values.size() + 2);
  const double chains = point.observe.has(listed("response")) ? 2 : 1;  // a twin
  const double seconds = seconds_per_replica + chains * training_cost(point.spec).seconds +
                         records * training::forward_seconds(s, s.test + s.train) +
                         kernel_seconds(observed_kernels(point, s), s);
  return seconds < longest_estimate ? seconds : longest_estimate;
}

int task_threads(const Point& point, Task::Kind kind, std::uint64_t theory) {
  if (kind == Task::Kind::prediction) return prediction_cost(point, theory).threads;
  return training_cost(point.spec).threads;
}

double estimated_bytes(const Point& point, Task::Kind kind, std::uint64_t theory) {
  const Sizes s = sizes_of(point.spec);
  const double data = 8 * (s.train + s.test) * (s.dimension + 2 + 2 * s.outputs);
  const double program = 5e7;
  if (kind == Task::Kind::prediction) {
    const bool drawn = theory::given_of(point.theories.at(theory).theory) != theory::Given::nothing;
    return program + (drawn ? data : 0) + prediction_cost(point, theory).bytes + kept_kernel_bytes(point);
  }
  const double records =
      point.observe.predictor_on_grid ? static_cast<double>(point.observe.times.values.size() + 2) : 1;
  return program + data + kernel_bytes(observed_kernels(point, s), s) + training_cost(point.spec).bytes +
         8 * records * s.test * s.outputs;
}

}  // namespace fieldscan::scan
