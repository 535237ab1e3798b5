#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "../table/table.hpp"

namespace fieldscan::analysis {

/// NetCDF-4 for xarray and h5py: one named dimension per axis (and time, and an observable's own), one labelled array
/// per observable with its standard error as NAME_standard_error; measured ones by their names, those of theories as
/// THEORY_NAME. Formed from predictors: error_mean_predictor and its parts, deviation_THEORY; from kernels:
/// ntk_variance. Arrays (predictor, target) over draws and test points, averaged over initialisations, at the end. An
/// axis whose short name is taken (training.time) has its path as name. Where points of several blocks share a place,
/// `block` is a dimension. All numbers are dimensionless (units "1"). Throws EnvironmentError where the file can not be
/// written.
void write_netcdf(const Table& table, const std::vector<std::string>& block_names, const std::string& name,
                  const std::filesystem::path& file);

}  // namespace fieldscan::analysis
