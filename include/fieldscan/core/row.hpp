#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "fieldscan/core/observable.hpp"

/// What a task returns, whoever computed it: rows and arrays, for the store.
namespace fieldscan {

/// The time coordinate of a number that belongs to equilibrium (samplers, NNGP): the end of any time axis.
inline constexpr double equilibrium = std::numeric_limits<double>::infinity();

enum class Flag : std::uint8_t {
  none,
  censored,          ///< the true value lies beyond the end of the range looked at
  not_equilibrated,  ///< the chain did not pass its own diagnosis
  outside_validity,  ///< a theory beyond its stated regime
};

/// One number.
struct Row {
  Observable observable{};
  double time = equilibrium;  ///< t of the convention (η·steps/χ); `equilibrium` where time does not apply
  double coordinate = 0;      ///< along the observable's own dimension: mode, layer, unit; 0 where it has none
  double value = 0;           ///< finite; a number that is not finite is not stored but makes the outcome diverged
  double standard_error = 0;  ///< of this number alone (for a chain: Monte-Carlo error of its mean); 0 where exact
  std::int64_t count = 1;     ///< samples averaged
  Flag flag = Flag::none;
  bool operator==(const Row&) const = default;
};

/// One block of numbers: a predictor over the test points, a kernel.
struct Array {
  Observable observable{};
  double time = equilibrium;
  std::vector<std::int64_t> shape;
  std::vector<double> data;  ///< row-major
  bool operator==(const Array&) const = default;
};

/// How a replica or a prediction ended. Append only: stored as numbers.
enum class Outcome : std::uint8_t {
  done,
  diverged,          ///< a result: in a learning-rate scan it is the measurement
  not_converged,     ///< the loss asked for was not reached in the steps allowed; of a theory: its equations were not
                     ///< solved
  not_equilibrated,  ///< a sampler whose chain failed its own diagnosis
  numerical_error,   ///< not positive definite, not finite; never retried
  not_applicable,    ///< a theory that does not hold at this point
  failed,            ///< crash, memory, time: no result, tried again
};
std::string_view word_of(Outcome outcome);

/// The result of one replica of a point, or of one prediction.
struct Result {
  std::int64_t data_draw = 0;
  std::int64_t initialisation = 0;
  Outcome outcome = Outcome::done;
  std::string reason;  ///< one sentence unless done; beside done what there is to know of it
  std::vector<Row> rows;
  std::vector<Array> arrays;
};

}  // namespace fieldscan
