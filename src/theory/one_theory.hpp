#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "applicability.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/data/components.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/data/start.hpp"
#include "fieldscan/network/network.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/regression/kept_kernels.hpp"

/// What `predict.hpp` does, of one theory whose type is known.
namespace fieldscan::theory {

template <Theory T>
Given given_of_one(const T& theory) {
  if constexpr (Averages<T>)
    return theory.given_to();
  else
    return T::given;
}

/// What the theory says, and first whether the networks start as it takes for granted: at a draw of the prior, unless
/// it is told where (`starts_anywhere`), have outputs of which no mean over inputs is subtracted, unless its numbers
/// are not of outputs (`any_output`), have one output, unless it takes more (`several_outputs`), and are fully
/// connected, unless it knows of images (`convolutional`).
template <Theory T>
Applicability applicability_of_one(const T& theory, const Setting& setting) {
  if constexpr (!requires { T::starts_anywhere; })
    if (const Applicability a = needs_standard_start(setting); !a.applies) return a;
  if constexpr (!requires { T::any_output; })
    if (const Applicability a = needs_plain_output(setting); !a.applies) return a;
  if constexpr (!requires { T::several_outputs; })
    if (const int outputs = data::output_count(setting.data); outputs > 1)
      return {false, fmt::format("the target has {} outputs, and it is derived for one", outputs)};
  if constexpr (!requires { T::convolutional; })
    if (is_convolutional(setting.network.architecture))
      return {false, "the network is convolutional, and it is derived for fully connected layers"};
  return theory.applicability(setting);
}

template <Theory T>
bool sampled_by_one(const T& theory, const typename T::Inputs& inputs) {
  if constexpr (Sampled<T>)
    return theory.sampled(inputs);
  else
    return false;
}

/// Kind, revision, fields, inputs: all that the numbers of a theory depend on, beside the data that it is given.
template <Theory T>
std::string text_of_inputs(const T& theory, const typename T::Inputs& inputs) {
  // The lines of a choice that holds the theory.
  std::string text = canonical_text("theory", std::variant<T>(theory));
  append_canonical(text, "inputs", inputs);
  return text;
}

/// The fields of the data that a draw's training and test set depend on.
inline data::Spec data_given(data::Spec spec) {
  // The validation set has a stream of its own; of a file it takes rows that training then lacks.
  if (!std::holds_alternative<data::File>(spec.input)) spec.validation_size = 0;
  return spec;
}

template <Theory T>
std::string prediction_text_of_one(const T& theory, const Setting& setting) {
  if (const Applicability a = applicability_of_one(theory, setting); !a.applies)
    return canonical_text("theory", std::variant<T>(theory)) + "not_applicable=" + a.because + "\n";
  const auto inputs = theory.inputs(setting);
  std::string text = text_of_inputs(theory, inputs);
  const Given given = given_of_one(theory);
  const bool draw = given != Given::nothing;
  if (given == Given::replica) append_canonical(text, "network", setting.network);
  if (draw) text += data::identity_lines(data_given(setting.data));
  if (draw || sampled_by_one(theory, inputs)) append_canonical(text, "seed", static_cast<std::int64_t>(setting.seed));
  return text;
}

/// Predictions are finite numbers: what is not, says where it arose. Beyond its stability limit a descent diverges,
/// which is a result.
inline void require_finite(const Result& result, std::string_view theory) {
  const auto fail = [&](Observable observable, double time) {
    throw NumericalError(
        fmt::format("{} gives {} that is not finite{}: the variances, the ridge, χ or the depth of the "
                    "network lead beyond the range of double precision",
                    theory, info(observable).name, std::isinf(time) ? "" : fmt::format(" at time {:.4g}", time)));
  };
  for (const Row& row : result.rows)
    if (!std::isfinite(row.value) || !std::isfinite(row.standard_error)) fail(row.observable, row.time);
  for (const Array& array : result.arrays)
    if (!std::ranges::all_of(array.data, [](double v) { return std::isfinite(v); })) fail(array.observable, array.time);
}

/// An array has no standard error: a distance from one that is sampled contains its noise, unless that is known.
inline bool states_predictor_error(const Result& result) {
  return std::ranges::all_of(result.arrays, [&](const Array& array) {
    return array.observable == Observable::predictor && std::ranges::any_of(result.rows, [&](const Row& row) {
             return row.observable == listed("predictor_error") && row.time == array.time;
           });
  });
}

/// A theory whose kernels may be kept for another ridge.
template <class T>
concept KeepsKernels = requires(const T& theory, const typename T::Inputs& inputs, const data::Draw& draw,
                                KeptKernels* kept) {
  { theory.predict(inputs, draw, kept) } -> std::same_as<Result>;
};

/// The prediction from what is given; of a sampled theory with the stream of its inputs at draw r and initialisation i.
template <Theory T, class... Data>
Result evaluate_one(const T& theory, const Setting& setting, Number number, [[maybe_unused]] KeptKernels* kept,
                    const Data&... given) {
  const auto inputs = theory.inputs(setting);
  Result result;
  if constexpr (Sampled<T>) {
    const Stream stream(setting.seed, Purpose::theory, text_of_inputs(theory, inputs),
                        static_cast<std::uint64_t>(number.draw), static_cast<std::uint64_t>(number.initialisation));
    result = theory.predict(inputs, given..., stream);
    assert((result.arrays.empty() || !theory.sampled(inputs) || states_predictor_error(result)) &&
           "of what is sampled only the predictor is an array, and predictor_error stands beside it");
  } else if constexpr (KeepsKernels<T>) {
    result = theory.predict(inputs, given..., kept);
  } else {
    result = theory.predict(inputs, given...);
  }
  require_finite(result, T::kind);
  return result;
}

/// `make` gives the draw, and is called only by theories that need it and apply. Kernels of it may be kept.
template <Theory T, class Make>
Result predict_one(const T& theory, const Setting& setting, Number number, Make&& make, KeptKernels* kept = nullptr) {
  Result result;
  const Given given = given_of_one(theory);
  number = {.draw = given == Given::nothing ? 0 : number.draw,
            .initialisation = given == Given::replica ? number.initialisation : 0};
  if (const Applicability a = applicability_of_one(theory, setting); !a.applies) {
    result.outcome = Outcome::not_applicable;
    result.reason = std::string(T::kind) + " is not applicable, because " + a.because;
  } else if constexpr (T::given == Given::replica) {
    const data::Draw& draw = make();
    const network::Network network(setting.network, data::input_dimension(setting.data));
    const Vector theta = data::starting_point(network, draw, setting.seed, number.initialisation);
    result = evaluate_one(theory, setting, number, kept, Replica{draw, theta});
  } else {
    if constexpr (T::given == Given::draw)
      if (given == Given::draw) result = evaluate_one(theory, setting, number, kept, make());
    if constexpr (T::given == Given::nothing || Averages<T>)
      if (given == Given::nothing) result = evaluate_one(theory, setting, number, kept);
  }
  result.data_draw = number.draw;
  result.initialisation = number.initialisation;
  return result;
}

template <Theory T>
Cost cost_of_one(const T& theory, const Setting& setting) {
  return applicability_of_one(theory, setting).applies ? theory.cost(setting) : Cost{.seconds = 1e-4};
}

}  // namespace fieldscan::theory
