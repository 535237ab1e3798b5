#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "../quantity/quantity.hpp"
#include "../table/table.hpp"

/// What the tables of an ensemble hold: means, and what the analysis forms from several networks.
namespace fieldscan::analysis {

/// One quantity at every point, time and coordinate.
struct Variable {
  std::string name, sentence;
  std::string source;     ///< empty: measured
  std::string dimension;  ///< its own: mode, layer, members …; empty: none
  std::set<double> coordinates;
  bool in_time = false;  ///< whether some point has it at several times
  std::function<Quantity(const TablePoint&, double time, double coordinate)> at;
};

/// Means of the observables that have rows, by their names, of theories as THEORY_NAME; the parts of the error,
/// error_ensemble over the members that `observe` names, deviation_THEORY, ntk_variance.
std::vector<Variable> variables_of(const Table& table);

/// What an attribute `long_name` says of an observable: its definition, and of a theory (source: its name in the scan)
/// what is predicted, by what theory and with which of its settings: "test error ⟨(f − g)²⟩ of cg, a prediction of
/// nngp (solver = conjugate_gradients): ⟨(f − g)²⟩ of one network …".
std::string said_of(const Table& table, const std::string& source, Observable observable);

/// A name of letters, digits and underscores.
std::string safe_name(std::string name);

}  // namespace fieldscan::analysis
