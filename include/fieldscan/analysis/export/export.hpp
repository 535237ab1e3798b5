#pragma once
#include <filesystem>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::analysis {

enum class Format { csv, netcdf, json };
/// Writes values.csv, points.csv, failures.csv, provenance.csv (or values.nc; or values.json and verdicts.json) to a
/// directory: sorted, tidy, and except for provenance.csv the same bytes whatever the order in which results came in.
/// Returns how many arrays (predictors, kernels) have no place in these tables: NetCDF holds them.
std::size_t export_results(const scan::Scan& scan, const store::Store& store, Format format,
                           const std::filesystem::path& directory);

}  // namespace fieldscan::analysis
