#pragma once
#include <optional>
#include <set>

#include "quantity.hpp"
#include "table.hpp"

/// Quantities formed from the members of one series.
namespace fieldscan::analysis {

/// Mean of an observable's rows over the usable members, at one time and coordinate. `draws`: only these data draws, where given.
Quantity mean_of_rows(const Series& series, Observable observable, double time, double coordinate,
                      const std::optional<std::set<std::int64_t>>& draws = std::nullopt);

/// Share of the replicas that ended with an outcome, over all that gave a result.
Quantity share_of(const Series& series, Outcome outcome);

/// √ of the mean over members of (a_ri − b_r)², replica by replica, as a *signed square*: the root is taken last.
Quantity mean_squared_difference(const Series& a, Observable observable_a, double time_a, const Series& b,
                                 Observable observable_b, double time_b, double coordinate);

/// Draws of a series with at least one usable member.
std::set<std::int64_t> usable_draws(const Series& series);

}  // namespace fieldscan::analysis
