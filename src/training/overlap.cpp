#include "overlap.hpp"

#include <algorithm>
#include <cmath>

namespace fieldscan::training {
namespace {

using enum Observable;

void read_histogram(const Vector& overlaps, const Bins& bins, std::vector<Reading>& out) {
  std::vector<double> share(static_cast<std::size_t>(bins.count), 0.0);
  const double per_unit = 1 / static_cast<double>(overlaps.size());
  for (const double m : overlaps) {
    const double place = std::floor((m - bins.low) / (bins.high - bins.low) * bins.count);
    share[static_cast<std::size_t>(std::clamp(place, 0.0, bins.count - 1.0))] += per_unit;
  }
  for (int bin = 0; bin < bins.count; ++bin)
    out.push_back({overlap_histogram, bins.centre(bin), share[static_cast<std::size_t>(bin)]});
}

}  // namespace

void read_overlaps(const network::Network& network, const VectorView& theta, const VectorView& direction,
                   const ObservePlan& plan, std::vector<Reading>& out) {
  const network::Tensor& first = network.tensors().front();
  const Eigen::Map<const Matrix> weights(theta.data() + first.offset, first.rows, first.cols);
  const Vector overlaps = first.scale * (weights * direction);
  if (!overlaps.allFinite()) return;
  if (plan.has(overlap))
    for (Index unit = 0; unit < overlaps.size(); ++unit)
      out.push_back({overlap, static_cast<double>(unit) + 1, overlaps[unit]});
  if (plan.has(overlap_moment))
    out.push_back({overlap_moment, 0, overlaps.squaredNorm() / static_cast<double>(overlaps.size())});
  if (plan.has(overlap_histogram)) read_histogram(overlaps, plan.overlap_bins, out);
}

bool wants_overlaps(const ObservePlan& plan) {
  return plan.has(overlap) || plan.has(overlap_moment) || plan.has(overlap_histogram);
}

}  // namespace fieldscan::training
