#pragma once
#include <concepts>
#include <string>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/setting.hpp"

namespace fieldscan::theory {

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
