#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/core/bins.hpp"
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/data/spec.hpp"
#include "fieldscan/network/dynamics.hpp"
#include "fieldscan/network/spec.hpp"

namespace fieldscan::data {
struct Draw;
}

/// What a theory is told, and what it answers first.
namespace fieldscan::theory {

/// What a prediction is evaluated on.
enum class Given {
  nothing,  ///< averaged over data: one prediction per point
  draw,     ///< one per data draw
  replica,  ///< one per network: the data draw and its initial weights
};

/// A network before it is trained: the data draw, and θ₀ as every trainer starts from it.
struct Replica {
  const data::Draw& draw;
  const Vector& theta;
};

/// Which evaluation of a prediction: the numbers that the store keys it by. 0 where the theory is not given as much.
struct Number {
  std::int64_t draw = 0;            ///< r
  std::int64_t initialisation = 0;  ///< i
};

/// What a predicted curve or histogram must share with the measurement.
struct Asked {
  std::vector<double> times = {};     ///< where curves are recorded
  Bins overlap_bins = {};             ///< of overlap_histogram
  std::optional<double> beyond = {};  ///< of droplet_fraction: |m| from which on a unit counts
};

/// The settings of a point, as `scan` fills them in for a theory.
struct Setting {
  network::Spec network;
  data::Spec data;
  double ridge = 0;
  std::uint64_t seed = 0;
  Dynamics dynamics = dynamics::Equilibrium{};  ///< what the trainer makes of the parameters
  std::string trainer;  ///< its words, for sentences alone: whether and what a theory predicts never depends on them
  Asked asked = {};
};

/// Whether what is learned is the end of a descent: one that runs, or a readout that is solved.
inline bool is_descent(const Setting& setting) {
  return is_descending(setting.dynamics) || is_any<dynamics::Solved>(setting.dynamics);
}

/// Whether nothing of the network's output at initialisation is left in what is observed: it is subtracted, or the
/// readout is solved anew.
inline bool is_centred(const Setting& setting) {
  return setting.network.centred || is_any<dynamics::Solved>(setting.dynamics);
}

/// Whether a theory applies, and if not why.
struct Applicability {
  bool applies = true;
  std::string because;
};

}  // namespace fieldscan::theory
