#pragma once
#include <optional>
#include <vector>

#include "../table/table.hpp"

/// The recorded times of points. Learning rates share no time, but all have a first record, a second one …
namespace fieldscan::analysis {

/// The times at which a point has rows or arrays, of networks or theories, ascending: record by record. The last is the
/// end (of chains the average over all of them, at an infinite time).
struct Records {
  std::vector<std::vector<double>> times;  ///< of every point of the table
  std::size_t most = 0;                    ///< records of the point that has most
};
Records records_of(const Table& table);

/// Whether any point has an observable of a series (empty: measured) at more than one time.
bool has_several_times(const Table& table, const std::string& source, Observable observable);
/// The record of a time of a point; nullopt where it has none.
std::optional<std::size_t> record_at(const std::vector<double>& times, double time);

}  // namespace fieldscan::analysis
