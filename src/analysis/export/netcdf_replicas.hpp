#pragma once
#include "netcdf_layout.hpp"

namespace fieldscan::analysis {

/// An observable of every single replica: over data draws and initialisations (chains), and its own dimension; of
/// theories given the data over draws alone. What a replica had before it diverged is among them: outcome_replica
/// tells.
struct ReplicaVariable {
  std::string name, source, dimension;
  Observable observable{};
  bool over_initialisations = true, in_time = false;
  std::set<double> draws, initialisations, coordinates;
};

/// Those of a table, sorted by name; of theories on the draws that networks were trained on, where there are any.
std::vector<ReplicaVariable> replicas_of(const Table& table);
void collect(Inner& inner, const ReplicaVariable& variable);
/// Writes it as NAME_replica; false, and nothing is written, where it has more than most_array_numbers.
bool write_replicas(const NetcdfFile& file, const Table& table, const Layout& layout, const ReplicaVariable& v);

}  // namespace fieldscan::analysis
