#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "fieldscan/data/spec.hpp"
#include "fieldscan/network/spec.hpp"

/// What a theory is told, and what it answers first.
namespace fieldscan::theory {

/// What a prediction is evaluated on.
enum class Given {
  nothing,  ///< averaged over data: one prediction per point
  draw,     ///< one per data draw
};

/// Why a trainer's result may be compared with a theory: the settings of the training, never its result.
enum class Regime {
  posterior,  ///< samplers
  flow,       ///< gradient descent
  readout,    ///< the readout solved over frozen features: the end of the flow of a readout that starts at zero
  other,
};

/// The settings of a point, as `scan` fills them in for a theory.
struct Setting {
  network::Spec network;
  data::Spec data;
  double ridge = 0;
  std::uint64_t seed = 0;
  Regime regime = Regime::posterior;  ///< of the trainer
  std::string trainer;                ///< kind of the trainer, for messages
  bool anchored_at_initial = true;    ///< weight decay of gradient descent pulls towards θ₀
  double learning_rate = 0;   ///< η of gradient descent in fixed steps over the whole training set; 0: no such steps
  double momentum = 0;        ///< β
  std::vector<double> times;  ///< where curves are recorded
};

/// Whether what is learned is the end of a descent: one that runs, or a readout that is solved.
inline bool is_descent(const Setting& setting) {
  return setting.regime == Regime::flow || setting.regime == Regime::readout;
}

/// Whether a theory applies, and if not why.
struct Applicability {
  bool applies = true;
  std::string because;
};

}  // namespace fieldscan::theory
