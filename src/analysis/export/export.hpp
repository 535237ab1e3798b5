#pragma once
#include <filesystem>
#include <string>

#include "../table/table.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::analysis {

// The files of export_results. All are sorted, and the same bytes whatever the order in which results came in.

/// Long and tidy: one line per number. point, axes …, source (measured, or the theory's name), draw, initialisation, observable, time,
/// coordinate, value, standard_error, count, flag.
std::string values_csv(const Table& table);
/// One line per point: id, every field and axis, replicas by outcome.
std::string points_csv(const Table& table);
/// One line per member that is not done: point or theory, draw, initialisation, outcome, reason.
std::string failures_csv(const Table& table);
/// Times, hosts, attempts: outside the contract of sameness.
std::string provenance_csv(const store::Store& store);
/// The values as {"points": [{id, axes, values: [...]}]}.
std::string values_json(const Table& table, const std::string& name);
/// NetCDF-4 for xarray and h5py: one named dimension per axis (and time, and an observable's own), one labelled array per observable with
/// its standard error as NAME_standard_error; measured ones by their names, those of theories as THEORY_NAME. Formed from predictors:
/// error_mean_predictor and its parts, deviation_THEORY; from kernels: ntk_variance. Arrays (predictor, target) over draws and test points, averaged over
/// initialisations, at the end. An axis whose short name is taken (training.time) has its path as name. Where points of several blocks share a place, `block` is a dimension. All numbers
/// are dimensionless (units "1"). Throws EnvironmentError where the file can not be written.
void write_netcdf(const Table& table, const std::vector<std::string>& block_names, const std::string& name,
                  const std::filesystem::path& file);

/// A field of CSV: quoted where it must be.
std::string csv_field(const std::string& text);
/// "inf" for equilibrium, else the shortest text.
std::string time_text(double time);

}  // namespace fieldscan::analysis
