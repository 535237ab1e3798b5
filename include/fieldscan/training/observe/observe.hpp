#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/bins.hpp"
#include "fieldscan/core/field.hpp"
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

/// Which of a network's own kernels.
enum class EmpiricalKernel { ntk, nngp };
constexpr auto words(EmpiricalKernel) { return std::array<std::string_view, 2>{"ntk", "nngp"}; }

enum class Moments { all, end };
constexpr auto words(Moments) { return std::array<std::string_view, 2>{"all", "end"}; }

/// On what an observable of the network itself is measured. Online learning has no training set: its `train` is the
/// test set.
struct View {
  Observable observable{};
  EmpiricalKernel kernel = EmpiricalKernel::ntk;  ///< of spectrum, alignment, kernel_change, error_after_kernel
  PointSet on = PointSet::train;
  Index points = 0;                ///< the first so many of the set, at most all; 0: all
  Moments moments = Moments::all;  ///< at all recorded times, or at the end alone (the default of matrices)

  static auto fields() {
    return std::tuple{field("kind", &View::observable, "what is measured"), field("of", &View::kernel, "which kernel"),
                      field("on", &View::on, "on which set of points"),
                      field("points", &View::points, "how many of them; 0: all"),
                      field("at", &View::moments, "at all recorded times, or at the end")};
  }
  bool operator==(const View&) const = default;
};
View default_view(Observable observable);

/// The name that a number of a kernel has of the NNGP kernel where both kernels are observed (`of: [ntk, nngp]`):
/// alignment_nngp of alignment; nullopt of what is no such number.
std::optional<Observable> beside_nngp(Observable observable);
/// Whether it is such a name.
bool is_beside_nngp(Observable observable);

/// Whether the points of an observable can be chosen, whether its kernel can, and whether it can be left for the end
/// alone.
bool has_points(Observable observable);
bool has_kernel(Observable observable);
bool has_moments(Observable observable);

/// An observable that is wanted from some replicas only: the first ones, counted draw by draw.
struct Limit {
  Observable observable{};
  std::int64_t replicas = 0;
  std::int64_t draws = 0, initialisations = 0;  ///< where not 0: of the first draws × initialisations instead
  bool contains(std::int64_t draw, std::int64_t initialisation, std::int64_t of_a_draw) const {
    if (draws > 0) return draw < draws && initialisation < initialisations;
    return draw * of_a_draw + initialisation < replicas;
  }
  bool operator==(const Limit&) const = default;
};

/// What is to be recorded of one replica: what a scan file asks for, what a trainer follows, and what a store keeps the
/// text of.
struct ObservePlan {
  std::vector<Observable> observables;  ///< ascending, each once
  TimeGrid times;
  bool predictor_on_grid = false;  ///< predictor arrays at every grid time, not only at the end
  std::vector<View> views = {};    ///< other than the default ones, each observable once
  Bins overlap_bins = {};
  std::optional<double> droplet_beyond = {};  ///< of droplet_fraction, which needs it
  std::vector<Limit> limits = {};             ///< of a point; the plan of one replica has none
  std::vector<double> members = {};           ///< ascending: the m of error_ensemble, formed by the analysis
  bool has(Observable observable) const;
  View view_of(Observable observable) const;

  static auto fields() {
    using T = ObservePlan;
    return std::tuple{
        field("observables", &T::observables, "what is measured"),
        field("times", &T::times, "when, besides start and end"),
        field("predictor_on_grid", &T::predictor_on_grid, "whether predictors are kept at all these times"),
        field("views", &T::views, "on what else than the default ones are measured"),
        field("overlap_bins", &T::overlap_bins, "bins of overlap_histogram"),
        field("droplet_beyond", &T::droplet_beyond, "threshold of droplet_fraction"),
        field("limits", &T::limits, "what is measured of the first replicas only").outside_identity(),
        field("members", &T::members, "of how many networks means are formed").outside_identity(),
    };
  }
  bool operator==(const ObservePlan&) const = default;
};

/// Whether a plan has an observable that needs any of these.
bool wants(const ObservePlan& plan, Need any);

/// The canonical text of a plan: one entry per line, ascending. Observables by name; the times of the grid with their
/// unit; what changes the meaning of an entry is part of it. All fields but those outside the identity enter where they
/// matter to an observable of the plan.
std::string plan_text(const ObservePlan& plan);

}  // namespace fieldscan::training
