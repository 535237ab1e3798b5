#pragma once
#include <concepts>
#include <string>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/spec.hpp"

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

/// What a theory must offer. `Inputs` is its own small spec: exactly what its numbers depend on, described by fields, so that its
/// canonical text is the identity of the prediction; an infinite-width kernel does not contain the width, and so is computed once.
///
///     T::given                              what it is evaluated on
///     T::formula, T::source, T::regime      sentences for `explain`
///     applicability(setting)                not applicable, because …
///     inputs(setting) -> T::Inputs
///     predict(inputs, draw) -> Result       given a draw        (rows and arrays; NumericalError where algebra fails)
///     predict(inputs) -> Result             given nothing
///     T::cost                               optional, a sentence for `explain`
///     given_to() -> Given                   optional, of a theory given a draw: nothing where it is asked for its average over data
template <class T>
concept Theory = Kind<T> && Described<typename T::Inputs> && requires(const T& theory, const Setting& setting) {
  { T::given } -> std::convertible_to<Given>;
  { T::formula } -> std::convertible_to<std::string_view>;
  { T::source } -> std::convertible_to<std::string_view>;
  { T::regime } -> std::convertible_to<std::string_view>;
  { theory.applicability(setting) } -> std::same_as<Applicability>;
  { theory.inputs(setting) } -> std::same_as<typename T::Inputs>;
};

}  // namespace fieldscan::theory
