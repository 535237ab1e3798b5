#pragma once
#include <cstdint>
#include <tuple>

#include "fieldscan/core/field.hpp"
#include "fieldscan/data/spec.hpp"
#include "fieldscan/network/spec.hpp"
#include "fieldscan/training/train.hpp"

namespace fieldscan::scan {

using training::Precision;

/// One complete setting of every parameter: what the identity of a point is made of.
struct PointSpec {
  data::Spec data;
  network::Spec network;
  double ridge = 1e-3;
  training::TrainerChoice training = training::None{};
  Precision precision = Precision::double_;
  std::int64_t seed = 1;

  static auto fields() {
    return std::tuple{
        field("data", &PointSpec::data, "what the networks are asked to learn"),
        field("network", &PointSpec::network, "the finite networks"),
        field("ridge", &PointSpec::ridge, "κ, what stands beside the kernel: K + κ I", non_negative()),
        field("training", &PointSpec::training, "how the networks are trained"),
        field("precision", &PointSpec::precision,
              "arithmetic of the passes of a training; what is observed is always double"),
        field("seed", &PointSpec::seed, "seed of every random number of the scan", non_negative()),
    };
  }
  bool operator==(const PointSpec&) const = default;
};

}  // namespace fieldscan::scan
