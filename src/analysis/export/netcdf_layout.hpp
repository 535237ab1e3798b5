#pragma once
#include <map>
#include <set>

#include "../table/table.hpp"
#include "netcdf_file.hpp"
#include "records.hpp"
#include "variables.hpp"

/// Where numbers stand in the arrays of a NetCDF file.
namespace fieldscan::analysis {

/// The cells of the arrays: one dimension per axis, and one for the blocks of the scan where points of several blocks
/// have the same place.
struct Cells {
  std::vector<Dimension> dimensions;
  std::vector<std::vector<std::size_t>> positions;  ///< of every point of the table, along every dimension
  std::vector<int> ids;
  std::size_t count = 1;
  std::size_t place(std::size_t point) const {
    std::size_t at = 0;
    for (std::size_t d = 0; d < dimensions.size(); ++d) at = at * dimensions[d].size() + positions[point][d];
    return at;
  }
};

/// The cells of a table, with their dimensions defined in the file. `block_names`: of the scan's blocks.
Cells make_cells(const NetcdfFile& file, const Table& table, const std::vector<std::string>& block_names);

/// Dimensions beside the axes: mode, layer … Each has every value that any variable has along it, so that measurements
/// and theories stand on one grid; what a variable does not have is missing.
struct Inner {
  std::map<std::string, std::set<double>> values;
  std::map<std::string, int> ids;
  std::vector<double> in_order(const std::string& name) const {
    return {values.at(name).begin(), values.at(name).end()};
  }
};

/// Where everything stands.
struct Layout {
  Cells cells;
  Records records;
  Inner inner = {};
  int step = -1;  ///< the dimension of the records
};

void collect(Inner& inner, const std::string& name, const std::set<double>& values);
/// Defines the dimensions in the file, once everything is collected.
void define(Inner& inner, const NetcdfFile& file);

}  // namespace fieldscan::analysis
