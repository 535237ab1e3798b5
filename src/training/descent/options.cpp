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

double largest_stable_rate(const Setting& setting, const Sizes& sizes, const network::KernelScale& scale, double batch,
                           double momentum) {
  const bool online = sizes.train == 0;
  const double points = online ? batch : sizes.train, pull = online ? 0 : setting.ridge * scale.fastest_tensor;
  const double steps = std::ceil(points / batch), last = points - (steps - 1) * batch;
  const double shared = heavy_ball_limit(momentum, 1) / (scale.top(points, sizes.dimension) + pull);
  const double own = heavy_ball_limit(momentum, steps) / (points / last * (scale.itself() - scale.level));
  return setting.network.chi * (steps > 1 ? std::min(shared, own) : shared);
}

}  // namespace fieldscan::training
