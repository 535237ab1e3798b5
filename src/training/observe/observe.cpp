#include "fieldscan/training/observe/observe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fieldscan/core/observable_list.hpp"

namespace fieldscan::training {

namespace {

bool needs(Observable observable, Need any) { return has_any(info(observable).needs, any); }
bool is_array(Observable observable) { return info(observable).form == Form::array; }

using Beside = std::pair<Observable, Observable>;
constexpr std::array<Beside, 4> both_kernels{Beside{Observable::spectrum, listed("spectrum_nngp")},
                                             Beside{Observable::alignment, listed("alignment_nngp")},
                                             Beside{Observable::kernel_change, listed("kernel_change_nngp")},
                                             Beside{Observable::error_after_kernel, listed("error_after_kernel_nngp")}};

/// The entry of an observable that is not measured where it is by default: another number under the same name.
std::string entry_of(const View& view) {
  std::string text(word(view.observable));
  const View usual = default_view(view.observable);
  if (view.kernel != usual.kernel) text += fmt::format(" of {}", word(view.kernel));
  if (view.on != usual.on || view.points != usual.points) text += fmt::format(" on {} {}", word(view.on), view.points);
  if (view.moments == Moments::end && usual.moments == Moments::all) text += " at end";
  return text;
}

}  // namespace

View default_view(Observable observable) {
  return {.observable = observable, .moments = is_array(observable) ? Moments::end : Moments::all};
}

std::optional<Observable> beside_nngp(Observable observable) {
  const auto found = std::ranges::find(both_kernels, observable, &Beside::first);
  return found == both_kernels.end() ? std::nullopt : std::optional(found->second);
}

bool is_beside_nngp(Observable observable) {
  return std::ranges::find(both_kernels, observable, &Beside::second) != both_kernels.end();
}

bool has_kernel(Observable observable) {
  return needs(observable, Need::kernel) && !is_array(observable) && !is_beside_nngp(observable);
}

bool has_points(Observable observable) {
  return needs(observable, Need::pass | Need::kernel) && !needs(observable, Need::training_points);
}

bool has_moments(Observable observable) {
  return needs(observable, Need::kernel) || (needs(observable, Need::first_layer) && is_array(observable));
}

bool ObservePlan::has(Observable observable) const {
  return std::ranges::find(observables, observable) != observables.end();
}

View ObservePlan::view_of(Observable observable) const {
  const auto found = std::ranges::find(views, observable, &View::observable);
  return found != views.end() ? *found : default_view(observable);
}

bool wants(const ObservePlan& plan, Need any) {
  return std::ranges::any_of(plan.observables, [&](Observable observable) { return needs(observable, any); });
}

std::string plan_text(const ObservePlan& plan) {
  std::vector<std::string> lines;
  for (const Observable observable : plan.observables) {
    const std::string_view name = word(observable);
    const View view = plan.view_of(observable);
    lines.push_back(entry_of(view));
    if (view.moments == Moments::all && default_view(observable).moments == Moments::end)
      lines.push_back(lines.back() + " at all");
    if (observable == Observable::predictor && plan.predictor_on_grid) lines.emplace_back("predictor on grid");
    if (observable == Observable::overlap_histogram)
      lines.push_back(fmt::format("{} in {} bins from {} to {}", name, plan.overlap_bins.count, plan.overlap_bins.low,
                                  plan.overlap_bins.high));
    if (observable == Observable::droplet_fraction && plan.droplet_beyond)
      lines.push_back(fmt::format("{} beyond {}", name, *plan.droplet_beyond));
  }
  for (const double time : plan.times.values) lines.push_back(fmt::format("at {} {}", word(plan.times.unit), time));
  std::ranges::sort(lines);
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

}  // namespace fieldscan::training
