#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "../table/table.hpp"
#include "netcdf_file.hpp"

namespace fieldscan::analysis {

/// NetCDF-4 for xarray and h5py, described for readers in docs/reading-results.md. One named dimension per axis, one
/// labelled array per observable; beside it its standard error as NAME_standard_error, how many members it is formed of
/// as NAME_members and what to beware of as NAME_flag (CF flags of mark_words); measured ones by their names, those of
/// theories as THEORY_NAME. How replicas and predictions ended: `asked`, `outcomes`, `outcome_replica`. What has
/// several times lies along `step`, the number of the record, with `time`, `steps` and `epochs` of every point as
/// coordinates; NAME_end is its last value. Formed from predictors: error_mean_predictor and its parts,
/// deviation_THEORY; from kernels: ntk_variance. Arrays (predictor, kernels) over draws, the mean over initialisations;
/// arrays and scalars of every replica as NAME_replica. A dimension is named by the short name of its axis, or by the
/// path where that name is taken (training.time); `step`, `data_draw`, `initialisation` and `block` (of points of
/// several blocks that share a place) are dimensions of the file. All numbers are dimensionless (units "1").
/// `attributes` are those of the file. Throws EnvironmentError where the file can not be written.
void write_netcdf(const Table& table, const std::vector<std::string>& block_names, const Attributes& attributes,
                  const std::filesystem::path& file);

}  // namespace fieldscan::analysis
