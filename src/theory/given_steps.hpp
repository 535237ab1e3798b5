#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/theory/setting.hpp"

/// What the theories of descent in steps of a given rate ask and take: the trainer's, or without training their own.
namespace fieldscan::theory {

/// The fields of a theory for `training: none`.
struct OwnSteps {
  std::optional<double> rate, momentum;  ///< η, β
};

/// That the steps are of a fixed rate over the whole training set. `of_flow`: what is said of those of `learning_rate:
/// auto`.
Applicability needs_given_steps(const Setting& setting, const OwnSteps& own, std::string_view of_flow);
/// That a time is asked for that is not the end of all times.
Applicability needs_finite_time(const Setting& setting);

struct GivenSteps {
  double size = 0;  ///< h = η/χ
  double momentum = 0;
  double time_per_step() const { return size / (1 - momentum); }
};
GivenSteps given_steps(const Setting& setting, const OwnSteps& own);

/// The finite times asked for, each once, rising; without training the nearest multiples of a step, of a flow (size 0)
/// as they are.
std::vector<double> finite_times(const Setting& setting, const GivenSteps& steps);
/// Steps at such times.
std::vector<std::int64_t> steps_at(const std::vector<double>& times, double time_per_step);

}  // namespace fieldscan::theory
