#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "fieldscan/core/row.hpp"
#include "fieldscan/scan/points/point.hpp"
#include "fieldscan/store/store.hpp"

/// How large an ensemble is: fixed, or grown until its mean is known well enough (`until`).
namespace fieldscan::campaign {

/// Data draws 0 … draws − 1, crossed with initialisations 0 … initialisations − 1.
struct Extent {
  std::int64_t draws = 0;
  std::int64_t initialisations = 0;
  bool operator==(const Extent&) const = default;
};

/// The replicas of a growing ensemble that are final, with the value of the observable that the rule looks at; empty
/// where the replica has none (it diverged).
using Cells = std::map<std::pair<std::int64_t, std::int64_t>, std::optional<double>>;

/// The value that a result adds to the cells: at the end of time, at the first coordinate.
std::optional<double> value_at_end(const Result& result, Observable observable);

/// How large the ensemble is wanted to be, given what is final.
///
/// Without `until`: as the scan says. With it: at first max(data_draws, batch) × initialisations; whenever all cells of
/// the present extent are final, the relative standard error of their mean is above the wanted one and the next extent
/// has at most `max` replicas, the level with the larger share of the variance of the mean grows by `batch`. Only cells
/// inside the extent decide, extent after extent from the first: so the answer depends neither on timing nor on what
/// else the store holds.
Extent extent_of(const scan::Ensemble& ensemble, const Cells& cells);

/// Whether every cell of an extent is final.
bool complete(Extent extent, const Cells& cells);

}  // namespace fieldscan::campaign
