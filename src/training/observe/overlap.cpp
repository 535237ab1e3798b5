#include "overlap.hpp"

#include <algorithm>
#include <cmath>

#include "fieldscan/network/order_parameters.hpp"

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

void read_single(const Vector& overlaps, const ObservePlan& plan, std::vector<Reading>& out) {
  if (plan.has(overlap))
    for (Index unit = 0; unit < overlaps.size(); ++unit)
      out.push_back({overlap, static_cast<double>(unit) + 1, overlaps[unit]});
  if (plan.has(overlap_moment))
    out.push_back({overlap_moment, 0, overlaps.squaredNorm() / static_cast<double>(overlaps.size())});
  if (plan.has(overlap_histogram)) read_histogram(overlaps, plan.overlap_bins, out);
  if (plan.has(droplet_fraction) && plan.droplet_beyond)
    out.push_back({droplet_fraction, 0, (overlaps.array().abs() > *plan.droplet_beyond).cast<double>().mean()});
}

}  // namespace

Matrix overlaps_of(const network::Network& network, const VectorView& theta, const Matrix& directions) {
  const network::Tensor& first = network.tensors().front();
  const Eigen::Map<const Matrix> weights(theta.data() + first.offset, first.rows, first.cols);
  return first.scale * (weights * directions.transpose());
}

void read_overlaps(const network::Network& network, const VectorView& theta, const Matrix& directions,
                   const ObservePlan& plan, std::vector<Reading>& out) {
  if (directions.rows() == 0) return;
  const Matrix overlaps = overlaps_of(network, theta, directions);
  if (!overlaps.allFinite()) return;
  if (overlaps.cols() == 1) read_single(overlaps, plan, out);
  if (plan.has(specialisation)) out.push_back({specialisation, 0, network::specialisation_of(overlaps)});
}

}  // namespace fieldscan::training
