#pragma once
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fieldscan/core/bins.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/network.hpp"

namespace fieldscan::training {

enum class TimeUnit { time, steps, epochs };
constexpr auto words(TimeUnit) { return std::array<std::string_view, 3>{"time", "steps", "epochs"}; }

/// The grid on which curves are recorded, besides the start and the end, which always are.
struct TimeGrid {
  TimeUnit unit = TimeUnit::time;
  std::vector<double> values;  ///< ascending
  bool operator==(const TimeGrid&) const = default;
};

enum class PointSet { train, test };
constexpr auto words(PointSet) { return std::array<std::string_view, 2>{"train", "test"}; }

enum class KernelKind { ntk, nngp };
constexpr auto words(KernelKind) { return std::array<std::string_view, 2>{"ntk", "nngp"}; }

enum class Moments { all, end };

/// On what an observable of the network itself is measured. Online learning has no training set: its `train` is the test set.
struct View {
  Observable observable{};
  KernelKind kernel = KernelKind::ntk;  ///< of spectrum, alignment, kernel_change, error_after_kernel
  PointSet on = PointSet::train;
  Index points = 0;                ///< the first so many of the set, at most all; 0: all
  Moments moments = Moments::all;  ///< at all recorded times, or at the end alone (the default of matrices)
  bool operator==(const View&) const = default;
};
View default_view(Observable observable);

/// Whether the points of an observable can be chosen, whether its kernel can, and whether it can be left for the end alone.
bool has_points(Observable observable);
bool has_kernel(Observable observable);
bool has_moments(Observable observable);

/// What is to be recorded of one replica.
struct ObservePlan {
  std::vector<Observable> observables;  ///< ascending, each once
  TimeGrid times;
  bool predictor_on_grid = false;  ///< predictor arrays at every grid time, not only at the end
  std::vector<View> views = {};    ///< other than the default ones, each observable once
  Bins overlap_bins = {};
  std::optional<double> droplet_beyond = {};  ///< of droplet_fraction, which needs it
  bool has(Observable observable) const;
  View view_of(Observable observable) const;
  bool operator==(const ObservePlan&) const = default;
};

/// What `train` can record at all; the rest is formed by the analysis or predicted by theories.
std::span<const Observable> observables_measured();

}  // namespace fieldscan::training
