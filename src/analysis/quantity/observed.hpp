#pragma once
#include "../table/site.hpp"
#include "../table/table.hpp"
#include "fieldscan/scan/statement/names.hpp"
#include "observe.hpp"

/// From a series to the quantities that names stand for.
namespace fieldscan::analysis {

/// The measurement (theory empty) or a theory at a point; nullptr where the point does not have it.
const Series* series_of(const TablePoint& point, const std::string& theory);
/// Whether all networks of a point had ended their training before a time that is named; not of start and end.
bool after_training(const TablePoint& point, const TimePick& pick);
/// The observable whose times are those of another one.
Observable carrier(Observable o, const std::string& theory);
/// The number of an observable of the measurement (theory empty) or of a theory at a site.
Quantity observe(const TablePoint& point, const std::string& theory, Observable observable, double ensemble_members,
                 const Site& site, const DrawSet& draws);

/// deviation(theory)², the root not yet taken; on the draws that both have, and no others than `draws`.
Quantity squared_deviation(const TablePoint& point, const std::string& theory, const Site& site,
                           const DrawSet& draws = std::nullopt);
/// ⟨f̄²⟩ of the mean network on the same data draw, on average over draws.
Quantity squared_size(const TablePoint& point, const Site& site);
/// rms(a − b)², the root not yet taken.
Quantity squared_rms(const TablePoint& point, const scan::ResolvedName& name, const Site& site);

}  // namespace fieldscan::analysis
