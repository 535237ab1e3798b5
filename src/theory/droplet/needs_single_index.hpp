#pragma once
#include <vector>

#include "fieldscan/theory/droplet/single_index.hpp"
#include "fieldscan/theory/setting.hpp"

/// What the theories of a target of one direction share.
namespace fieldscan::theory {

/// One hidden layer of erf units without bias whose weights are sampled; normal inputs; a target of odd Hermite
/// polynomials of one direction.
Applicability needs_single_index(const Setting& setting);

/// c_1, c_3, … of a target as above.
std::vector<double> odd_coefficients(const data::TargetChoice& target);

/// β of the units.
double erf_scale(const Setting& setting);
/// What the inputs of such theories hold of the network and its ridge.
template <class Inputs>
void take_network(Inputs& inputs, const Setting& setting) {
  inputs.scale = erf_scale(setting);
  inputs.weight_variance = setting.network.weight_variance.at(0);
  inputs.readout_variance = setting.network.readout_variance;
  inputs.width = static_cast<double>(network::last_width(setting.network));
  inputs.chi = setting.network.chi;
  inputs.ridge = setting.ridge;
}

/// Whether inputs and units are many enough for the law of the overlaps: of one or two it is off by more than a tenth.
inline bool has_many(double inputs, double units) { return inputs >= 3 && units >= 3; }

}  // namespace fieldscan::theory
