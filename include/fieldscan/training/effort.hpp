#pragma once
#include <vector>

#include "fieldscan/core/cost.hpp"
#include "fieldscan/data/spec.hpp"
#include "fieldscan/network/spec.hpp"

/// What trainings are made of, for their costs: one core, within a factor of some 3.
namespace fieldscan::training {

/// The sizes that costs depend on. Of a convolutional network the width is the number of its features, and what a pass
/// takes is counted.
struct Sizes {
  double train = 0, test = 0, dimension = 0, width = 0, depth = 0, parameters = 0, outputs = 1;
  // Of convolutions alone.
  double products = 0;  ///< multiplications of a forward pass of one input
  double widest = 0;    ///< numbers of one input in the largest layer
};
Sizes sizes_of(const network::Spec& network, const data::Spec& data);

/// Multiplications of a forward pass of one input through each convolutional layer, and through the readout [L + 1].
std::vector<double> convolution_products(const network::Spec& network, const data::Spec& data);

/// One forward and backward pass over so many inputs, and a forward pass alone.
double gradient_seconds(const Sizes& sizes, double points);
double forward_seconds(const Sizes& sizes, double points);
/// Solving a readout: a Gram matrix of the smaller side, and its factors (ridge 0: eigenvectors).
double readout_seconds(const Sizes& sizes, double ridge);
/// What the passes of a replica hold, its parameters with what an update remembers, and the features of a readout that
/// is solved.
double replica_bytes(const Sizes& sizes);

}  // namespace fieldscan::training
