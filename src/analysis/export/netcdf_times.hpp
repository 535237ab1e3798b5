#pragma once
#include <string_view>

#include "netcdf_layout.hpp"

namespace fieldscan::analysis {

/// The coordinates along `step`, as the attribute "coordinates" names them.
inline constexpr std::string_view time_coordinates = "time steps epochs";

/// Defines the dimension `step` and writes what a record is at every point: time(point, step), and, where a trainer has
/// fixed steps, steps(point, step) and epochs(point, step). Returns the number of the dimension.
int write_times(const NetcdfFile& file, const Table& table, const Layout& layout);

}  // namespace fieldscan::analysis
