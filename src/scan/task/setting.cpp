#include "cost.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/training/list.hpp"

namespace fieldscan::scan {
namespace {

/// The trainer's word, with what makes it unlike all that theories know.
std::string trainer_text(const training::TrainerChoice& trainer, const Dynamics& dynamics) {
  const auto* unlike = std::get_if<dynamics::Unlike>(&dynamics);
  return std::string(kind_of(trainer)) + (unlike && !unlike->why.empty() ? " " + unlike->why : "");
}

}  // namespace

Dynamics dynamics_of(const PointSpec& spec) { return training::dynamics_of(spec.training, training_setting(spec)); }

theory::Setting setting_of(const Point& point) {
  const PointSpec& spec = point.spec;
  const training::ObservePlan& plan = point.observe;
  Dynamics dynamics = dynamics_of(spec);
  std::string trainer = trainer_text(spec.training, dynamics);
  return {.network = spec.network,
          .data = spec.data,
          .ridge = spec.ridge,
          .seed = static_cast<std::uint64_t>(spec.seed),
          .dynamics = std::move(dynamics),
          .trainer = std::move(trainer),
          .asked = {.times = training::record_times(spec.training, training_setting(spec), plan.times),
                    .overlap_bins = plan.overlap_bins,
                    .beyond = plan.droplet_beyond}};
}

/// A reference takes the network at a draw of the prior and in the parameterisation of which kernels are known; other
/// starts and rates are the trainer's.
theory::Setting setting_of(const Point& point, const TheoryUse& use) {
  theory::Setting setting = setting_of(point);
  if (use.role == Role::description) return setting;
  setting.dynamics = dynamics::Alone{};
  setting.network.parameterisation = network::Parameterisation::ntk;
  setting.network.initial = {};
  setting.trainer = kind_of(training::TrainerChoice{training::None{}});
  setting.ridge = use.ridge.value_or(setting.ridge);
  return setting;
}

Id prediction_id(const TheoryUse& use, const Point& point) {
  return hash128(theory::prediction_text(use.theory, setting_of(point, use)));
}

}  // namespace fieldscan::scan
