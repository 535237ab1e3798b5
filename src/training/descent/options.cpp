#include "options.hpp"

#include <algorithm>

namespace fieldscan::training {

namespace {

/// h λ < this, for a mode that is pushed at every n-th step of a heavy ball.
double heavy_ball_limit(double momentum, double steps) {
  const double left = std::pow(momentum, steps);
  return 2 * (1 + left) * (1 - momentum) / (1 - left);
}

}  // namespace

std::optional<std::string> class_problem(const data::Spec& data) {
  const auto* labels = std::get_if<data::FileLabels>(&data.target);
  const auto* file = std::get_if<data::File>(&data.input);
  if (!labels || !file || labels->coding != data::Coding::number) return std::nullopt;
  if (file->classes.size() == 2 || file->one_vs_rest) return std::nullopt;
  return "`loss: cross_entropy` is of classes, and the labels are numbers: set `target: {kind: labels, coding: "
         "one_hot}`, or name two `classes` of the file";
}

double largest_stable_rate(const Setting& setting, const Sizes& sizes, const network::KernelScale& scale, double batch,
                           double momentum, LossFunction loss) {
  const double curvature = network::largest_curvature(loss, static_cast<Index>(sizes.outputs));
  const bool online = sizes.train == 0;
  const double points = online ? batch : sizes.train, pull = online ? 0 : setting.ridge * scale.fastest_tensor;
  const double steps = std::ceil(points / batch), last = points - (steps - 1) * batch;
  const double shared = heavy_ball_limit(momentum, 1) / (curvature * scale.top(points, sizes.dimension) + pull);
  const double own = heavy_ball_limit(momentum, steps) / (points / last * curvature * (scale.itself() - scale.level));
  return setting.network.chi * (steps > 1 ? std::min(shared, own) : shared);
}

}  // namespace fieldscan::training
