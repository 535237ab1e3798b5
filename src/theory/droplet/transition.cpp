#include "fieldscan/theory/droplet/transition.hpp"

#include "fieldscan/core/solve/root.hpp"

namespace fieldscan::theory {

namespace {

constexpr double share_seen = 0.01;  ///< the share of units at which droplets count as share_seen

/// The largest κ with a property that is lost as κ grows.
std::optional<double> last_ridge_with(const std::function<bool(double)>& holds, double start) {
  constexpr double factor = 1.5;
  constexpr int most = 20;
  double low = start, high = start;
  try {
    const bool inside = holds(start);
    for (int step = 0; step < most; ++step) {
      double& end = inside ? high : low;
      end *= inside ? factor : 1 / factor;
      if (holds(end) != inside) return solve::bisect(holds, low, high, {.relative = 1e-4}).value.middle();
      (inside ? low : high) = end;
    }
  } catch (const solve::NotConverged&) {  // beyond it nothing is known
  }
  return std::nullopt;
}

}  // namespace

double share_beyond_edge(const OverlapLaw& law, const OverlapShape& shape) {
  if (shape.edge) return law.beyond(*shape.edge);
  return shape.central ? 0.0 : 1.0;  // all have left a centre that is a minimum
}

Transition transition_of(const std::function<OverlapLaw(double ridge)>& law_at, double ridge) {
  const auto has_droplets = [&](double at) { return shape_of(law_at(at)).outer.has_value(); };
  const auto shows_droplets = [&](double at) {
    const OverlapLaw law = law_at(at);
    return share_beyond_edge(law, shape_of(law)) > share_seen;
  };
  Transition out{.begin = last_ridge_with(has_droplets, ridge)};
  if (!out.begin) return out;
  const double just_inside = 0.999 * *out.begin;
  out.onset = shows_droplets(just_inside) ? out.begin : last_ridge_with(shows_droplets, just_inside);
  return out;
}

}  // namespace fieldscan::theory
