#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "fieldscan/core/row.hpp"
#include "fieldscan/scan/points/point.hpp"

/// How large an ensemble is: fixed, or grown until its mean is known well enough (`until`).
namespace fieldscan::store {

class Store;

/// Data draws 0 … draws − 1, crossed with initialisations 0 … initialisations − 1.
struct Extent {
  std::int64_t draws = 0;
  std::int64_t initialisations = 0;
  std::int64_t replicas() const { return draws * initialisations; }
  bool operator==(const Extent&) const = default;
};

/// The replicas of a growing ensemble that are final, with the value of the observable that the rule looks at; empty
/// where the replica has none (it diverged).
using Cells = std::map<std::pair<std::int64_t, std::int64_t>, std::optional<double>>;

/// The value that a result adds to the cells: at the end of time, at the first coordinate.
std::optional<double> value_at_end(const Result& result, Observable observable);

/// What grows: the level with the larger share of the variance of the mean; initialisations alone where data draws are
/// copies as far as the observable knows (`scan::draws_grow`), so that more of them tell nothing.
enum class Grows { larger_share, initialisations };
struct GrowthRule {
  scan::Ensemble ensemble;
  Grows grows = Grows::larger_share;
};
GrowthRule growth_rule(const scan::Point& point);

/// What an ensemble with `until` has grown to, and whether that is what it was to reach.
struct Growth {
  enum class End {
    open,     ///< replicas of the extent are not there yet
    reached,  ///< the mean is known to the error that is asked for
    largest,  ///< it is not, and the next extent would have more than `max` replicas
  };
  Extent extent;
  End end = End::open;
  /// Standard error of the mean over the extent, over its size; NaN where that is open, or nothing tells the error.
  double relative_error = std::numeric_limits<double>::quiet_NaN();
};

/// "reached", "error_not_reached", "open".
std::string_view word_of(Growth::End end);

/// How an ensemble grows, given what is final: at first `scan::first_ensemble`; whenever all cells of the present
/// extent are final, the relative standard error of their mean is above the wanted one and the next extent has at most
/// `max` replicas, what grows does so by `batch`. Only cells inside the extent decide, extent after extent from the
/// first: so the answer depends neither on timing nor on what else the store holds. Of draws that are copies every
/// initialisation counts once. Nothing without `until`.
std::optional<Growth> growth_of(const GrowthRule& rule, const Cells& cells);

/// How large the ensemble is wanted to be, given what is final; without `until`, as the scan says.
Extent extent_of(const GrowthRule& rule, const Cells& cells);

/// Whether every cell of an extent is final.
bool complete(Extent extent, const Cells& cells);

/// The cells of a point that are in the store.
Cells stored_cells(const scan::Point& point, const Store& store);

}  // namespace fieldscan::store
