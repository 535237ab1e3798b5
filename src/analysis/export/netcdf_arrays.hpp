#pragma once
#include "netcdf_layout.hpp"

namespace fieldscan::analysis {

/// Which arrays: the mean over the initialisations (chains) of a data draw, or that of every replica.
enum class ArraysOf : unsigned char { draws, replicas };

/// The arrays of an observable, such as a predictor over the test points: one per data draw or replica, at every record
/// that has it. Draws, initialisations and places along the array's own dimensions count from zero.
struct ArrayVariable {
  std::string name, source;
  Observable observable{};
  std::vector<std::string> dimensions;  ///< names: the draw, of replicas the initialisation, then the array's own
  std::vector<std::size_t> extent;      ///< largest along each
  std::size_t initialisations = 0;
  ArraysOf of = ArraysOf::draws;
  bool in_time = false;  ///< whether some point has it at several times
};

/// The arrays of a table, sorted by name; those of theories on the draws that networks were trained on, where there are
/// any. Of draws with several initialisations also every replica, as NAME_replica.
std::vector<ArrayVariable> of_arrays(const Table& table);
/// Collects an array's dimensions.
void collect(Inner& inner, const ArrayVariable& variable);
/// Numbers of one array in the file, 400 MB.
inline constexpr std::size_t most_array_numbers = 50'000'000;

/// Writes it; false, and nothing is written, where it has more than most_array_numbers.
bool write_array(const NetcdfFile& file, const Table& table, const Layout& layout, const ArrayVariable& v);

}  // namespace fieldscan::analysis
