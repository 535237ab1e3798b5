#include <fmt/format.h>

#include "fieldscan/training/list.hpp"

/// Why a combination of a trainer's fields is not possible.
namespace fieldscan::training {

namespace {

/// A length, or a stop with a bound; one rule by which it stops.
template <class T>
std::optional<std::string> length_problem(const T& descent, int given, std::string_view names) {
  if (descent.stop_loss && descent.stop.error_train)
    return "`stop_loss` and `stop` both say when to stop: ½ P error_train is the loss; give one of them";
  const bool stops = descent.stop_loss || descent.stop.error_train || descent.patience;
  if (given == 0 && descent.max_steps && stops) return std::nullopt;
  if (given == 1) return std::nullopt;
  return fmt::format("{} of {} given, exactly one says how long the training is{}",
                     given == 0 ? "none" : "more than one", names, given == 0 ? "; or `max_steps` beside a stop" : "");
}

}  // namespace

std::optional<std::string> GradientDescent::problem() const {
  if (auto wrong =
          length_problem(*this, steps.has_value() + epochs.has_value() + time.has_value(), "steps, epochs, time"))
    return wrong;
  if (!learning_rate.is_word()) return std::nullopt;
  if (!time) return "`learning_rate: auto` chooses the steps itself, give the length as `time`";
  if (momentum > 0) return "`learning_rate: auto` follows the gradient flow, with momentum give a number";
  if (schedule != RateSchedule::constant || warmup > 0 || clip || patience)
    return "`learning_rate: auto` follows the gradient flow; with schedule, warmup, clip or patience give a number";
  return std::nullopt;
}

std::optional<std::string> Sgd::problem() const {
  return length_problem(*this, steps.has_value() + epochs.has_value() + time.has_value(), "steps, epochs, time");
}

std::optional<std::string> Adam::problem() const {
  return length_problem(*this, steps.has_value() + epochs.has_value(), "steps, epochs");
}

std::optional<std::string> Langevin::problem() const {
  if (samples() < 4) return "fewer than 4 samples: (steps − burn_in)/thin";
  return std::nullopt;
}

}  // namespace fieldscan::training
