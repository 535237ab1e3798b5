#pragma once
#include "../applicability.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

/// What theories of one convolutional layer ask of a point.
namespace fieldscan::theory {

inline Applicability needs_one_convolution(const Setting& setting) {
  const network::Spec& network = setting.network;
  if (!is_convolutional(network.architecture))
    return {false, "the network is fully connected, and it is about one convolutional layer"};
  if (network.depth != 1) return {false, "it is about one convolutional layer"};
  if (!(setting.ridge > 0)) return {false, "its equations need a ridge above 0"};
  return {};
}

}  // namespace fieldscan::theory
