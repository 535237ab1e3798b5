#pragma once
#include "netcdf_layout.hpp"

namespace fieldscan::analysis {

/// How what was asked for ended, of the networks (source: empty) or of a theory, over the cells of the file: `asked`,
/// how many; `outcomes`, how many ended in each of the ways along the dimension `outcome`; `outcome_replica`, how each
/// ended. Of a theory THEORY_asked …, its predictions by data draw.
struct OutcomeVariable {
  std::string source;
  Level level = Level::replica;
  std::set<double> draws, initialisations;
};

/// Those of a table; single predictions of theories on the draws that networks were trained on, where there are any.
std::vector<OutcomeVariable> outcomes_of(const Table& table);
void collect(Inner& inner, const OutcomeVariable& variable);
/// Defines the dimension `outcome`; returns its number.
int define_outcomes(const NetcdfFile& file);
/// Writes them; `outcome_replica` not where it has more than most_array_numbers: then false.
bool write_outcomes(const NetcdfFile& file, const Table& table, const Layout& layout, int outcome,
                    const OutcomeVariable& v);

}  // namespace fieldscan::analysis
