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

/// Whether an observable is a matrix over the first training points: another number of them is another matrix.
bool depends_on_kernel_points(Observable observable) {
  return observable == Observable::nngp_empirical || observable == Observable::ntk_empirical ||
         observable == Observable::hidden_kernel;
}

}  // namespace

std::string observed_text(const training::ObservePlan& plan) {
  std::vector<std::string> lines;
  for (const Observable observable : plan.observables) {
    const std::string_view name = info(observable).name;
    lines.emplace_back(name);
    if (observable == Observable::predictor && plan.predictor_on_grid) lines.emplace_back("predictor on grid");
    if (observable == Observable::overlap_histogram)
      lines.push_back(fmt::format("{} in {} bins from {} to {}", name, plan.overlap_bins.count, plan.overlap_bins.low,
                                  plan.overlap_bins.high));
    if (depends_on_kernel_points(observable)) lines.push_back(fmt::format("{} on {} points", name, plan.kernel_points));
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
