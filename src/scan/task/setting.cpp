#include <algorithm>

#include "fieldscan/scan/points/point.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/training/list.hpp"

namespace fieldscan::scan {
namespace {

/// Why the descent is not the plain one that theories in time describe; empty where it is.
std::string_view departure_of(const training::TrainerChoice& trainer) {
  return std::visit(
      []<class T>(const T& member) -> std::string_view {
        if constexpr (requires { member.rates; }) {
          if (member.schedule != training::RateSchedule::constant || member.warmup > 0) return "with a schedule";
          if (member.clip) return "with clipped gradients";
          if (member.patience) return "with early stopping";
          if (member.rates != training::RateFactors{}) return "with rates per tensor";
        }
        return "";
      },
      trainer);
}

std::string trainer_text(const training::TrainerChoice& trainer) {
  const std::string_view departure = departure_of(trainer);
  return std::string(kind_of(trainer)) + (departure.empty() ? "" : " ") + std::string(departure);
}

theory::Regime regime_of(const PointSpec& spec) {
  if (!departure_of(spec.training).empty()) return theory::Regime::other;
  if (spec.data.train_size.is(data::TrainSizeWord::online)) return theory::Regime::other;
  switch (training::law_of(spec.training)) {
    case training::Law::none:
    case training::Law::posterior:
      return theory::Regime::posterior;
    case training::Law::flow:
      return theory::Regime::flow;
    case training::Law::readout:
      return theory::Regime::readout;
    case training::Law::other:
      break;
  }
  return theory::Regime::other;
}

bool anchored_at_initial(const training::TrainerChoice& trainer) {
  return std::visit(
      []<class T>(const T& member) {
        if constexpr (requires { member.anchor; })
          return member.anchor == training::Anchor::initial;
        else
          return true;
      },
      trainer);
}

/// Gradient descent with a rate of its own; nullptr for everything else.
const training::GradientDescent* descent_in_steps(const PointSpec& spec) {
  const auto* descent = std::get_if<training::GradientDescent>(&spec.training);
  return descent && !descent->learning_rate.is_word() && departure_of(spec.training).empty() ? descent : nullptr;
}

}  // namespace

theory::Setting setting_of(const Point& point) {
  const PointSpec& spec = point.spec;
  network::Spec network = spec.network;
  const training::GradientDescent* steps = descent_in_steps(spec);
  const theory::Regime regime = regime_of(spec);
  if (regime == theory::Regime::readout) network.centred = true;  // a solved readout shows nothing of the initial one
  return {.network = std::move(network),
          .data = spec.data,
          .ridge = spec.ridge,
          .seed = static_cast<std::uint64_t>(spec.seed),
          .regime = regime,
          .trainer = trainer_text(spec.training),
          .anchored_at_initial = anchored_at_initial(spec.training),
          .learning_rate = steps ? steps->learning_rate.number() : 0,
          .momentum = steps ? steps->momentum : 0,
          .times = training::record_times(spec.training, spec.network, spec.data, point.observe.times)};
}

Id prediction_id(const TheoryUse& use, const Point& point) {
  return hash128(theory::prediction_text(use.theory, setting_of(point)));
}

}  // namespace fieldscan::scan
