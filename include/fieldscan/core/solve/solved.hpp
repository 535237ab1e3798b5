#pragma once
#include <string>
#include <string_view>

#include "fieldscan/core/error.hpp"

/// Solvers. The map belongs to the theory, the solver to core, and neither knows the other.
namespace fieldscan::solve {

/// What a solver found. Not converging is a value: who calls knows whether it is an outcome, a bound or of no matter.
template <class T>
struct Solved {
  T value{};               ///< where the solver ended, converged or not
  double residual = 0;     ///< what is left there, as the solver says; not finite where the map is not
  int steps = 0;           ///< evaluations of the map
  bool converged = false;  ///< never of a map that is not finite where the solver ended
  double error = 0;        ///< estimated, of the value, relative, where the solver says so; else 0
};

/// An equation was not solved: where it reaches a task, the outcome `not_converged` with its reason; never retried.
class NotConverged : public NumericalError {
 public:
  explicit NotConverged(const std::string& what) : NumericalError(what) {}
};

/// Throws NotConverged, or NumericalError where the residual is not finite; what: "the renormalised ridge at P = 100".
[[noreturn]] void give_up(std::string_view what, double residual, int steps);

/// The value of an equation that nothing goes on without; throws as `give_up` does where it is not solved.
template <class T>
const T& found(const Solved<T>& solved, std::string_view what) {
  if (!solved.converged) give_up(what, solved.residual, solved.steps);
  return solved.value;
}

}  // namespace fieldscan::solve
