#include "fieldscan/training/clock.hpp"

#include <cmath>
#include <numeric>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/training/effort.hpp"

namespace fieldscan::training {
namespace {

/// Of one step on so many points: two a multiplication forward, two for its weight's gradient, two for what goes
/// further back, which of the first layer nothing does.
double step_flops(const network::Spec& network, const data::Spec& data, double points) {
  if (is_convolutional(network.architecture)) {
    const std::vector<double> products = convolution_products(network, data);
    return (6 * std::accumulate(products.begin(), products.end(), 0.0) - 2 * products.front()) * points;
  }
  double before = network::width_of(network, 0), flops = 4 * before * data::input_dimension(data) * points;
  for (int layer = 1; layer < network.depth; ++layer) {
    const double width = network::width_of(network, layer);
    flops += 6 * width * before * points;
    before = width;
  }
  return flops + 6 * before * points;
}

/// Of steps on batches of so many points, each as long.
Clock clock_of_batches(const Setting& setting, double batch, double time_per_step) {
  if (setting.data.train_size.is(data::TrainSizeWord::online))
    return {.time_per_step = 1.0 / data::input_dimension(setting.data),
            .steps_per_epoch = 0,
            .flops_per_step = step_flops(setting.network, setting.data, batch)};
  const double points = data::train_points(setting.data), steps = std::ceil(points / batch);
  return {.time_per_step = time_per_step,
          .steps_per_epoch = steps,
          .flops_per_step = step_flops(setting.network, setting.data, points / steps)};
}

std::optional<Clock> clock(const GradientDescent& t, const Setting& s) {
  if (t.learning_rate.is_word()) return std::nullopt;
  return clock_of_batches(s, data::train_points(s.data), t.learning_rate.number() / (s.network.chi * (1 - t.momentum)));
}
std::optional<Clock> clock(const Sgd& t, const Setting& s) {
  Clock out = clock_of_batches(s, t.batch, t.learning_rate / (s.network.chi * (1 - t.momentum)));
  if (t.sampling == dynamics::Sampling::with_replacement)  // no last batch is smaller
    out.flops_per_step = step_flops(s.network, s.data, t.batch);
  return out;
}
std::optional<Clock> clock(const Adam& t, const Setting& s) {
  const double batch = t.batch.is_word() ? data::train_points(s.data) : t.batch.number();
  return clock_of_batches(s, batch, t.learning_rate / s.network.chi);
}
std::optional<Clock> clock(const Langevin& t, const Setting& s) {
  return clock_of_batches(s, data::train_points(s.data), t.step / s.ridge);
}
template <class T>
std::optional<Clock> clock(const T&, const Setting&) {
  return std::nullopt;
}

}  // namespace

std::optional<double> Clock::reading(ClockUnit unit, double time) const {
  if (!std::isfinite(time)) return std::nullopt;
  const double steps = std::round(time / time_per_step);
  switch (unit) {
    case ClockUnit::steps:
      return steps;
    case ClockUnit::epochs:
      return steps_per_epoch > 0 ? std::optional(steps / steps_per_epoch) : std::nullopt;
    case ClockUnit::compute:
      return steps * flops_per_step;
  }
  return std::nullopt;
}

std::optional<Clock> clock_of(const TrainerChoice& trainer, const Setting& setting) {
  return std::visit([&](const auto& member) { return clock(member, setting); }, trainer);
}

}  // namespace fieldscan::training
