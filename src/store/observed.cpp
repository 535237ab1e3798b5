#include "fieldscan/store/observed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace fieldscan::store {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The entry of an observable that is not measured where it is by default: another number under the same name.
std::string entry_of(const training::View& view) {
  std::string text(info(view.observable).name);
  const training::View usual = training::default_view(view.observable);
  if (view.kernel != usual.kernel) text += fmt::format(" of {}", word(view.kernel));
  if (view.on != usual.on || view.points != usual.points) text += fmt::format(" on {} {}", word(view.on), view.points);
  if (view.moments == training::Moments::end && usual.moments == training::Moments::all) text += " at end";
  return text;
}

}  // namespace

std::string observed_text(const training::ObservePlan& plan) {
  std::vector<std::string> lines;
  for (const Observable observable : plan.observables) {
    const std::string_view name = info(observable).name;
    const training::View view = plan.view_of(observable);
    lines.push_back(entry_of(view));
    if (view.moments == training::Moments::all && training::default_view(observable).moments == training::Moments::end)
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

bool covers(std::string_view observed, std::string_view asked) {
  auto have = lines_of(observed), want = lines_of(asked);
  std::ranges::sort(have);
  std::ranges::sort(want);
  return std::ranges::includes(have, want);
}

}  // namespace fieldscan::store
