#pragma once
#include <concepts>
#include <ranges>

#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/card.hpp"

/// What a theory must offer, each with the reason why. `Inputs` is its own small spec: exactly what its numbers depend
/// on, described by fields; an infinite-width kernel does not contain the width, and so is computed once. The file of
/// every theory asserts `Theory` of itself.
namespace fieldscan::theory {

/// A theory given a draw that may be asked for its average over data instead: `given_to()` says which, `predict` takes
/// both.
template <class T>
concept Averages = requires(const T& theory) {
  { theory.given_to() } -> std::same_as<Given>;
};

/// A theory whose numbers may be estimated from random numbers.
///
///     sampled(inputs)   where it says so the seed is part of the identity, and every row that is not exact has a
///                       standard error (but `solver_residual`, which is one); a sampled predictor is an array with
///                       the row `predictor_error` beside it
///     samples           its own field: twice as many make an error 1/√2 as large (a law of all sampled theories)
template <class T>
concept Sampled = requires(T& theory, const typename T::Inputs& inputs) {
  { std::as_const(theory).sampled(inputs) } -> std::same_as<bool>;
  theory.samples *= 2;
};

/// predict(inputs, data …) -> Result; of a sampled theory the stream of its random numbers comes last. Rows and arrays
/// of what it lists in `observables`, finite; NumericalError where algebra fails.
template <class T, class... Data>
concept Predicts = requires(const T& theory, const typename T::Inputs& inputs, const Data&... data,
                            const Stream& stream) {
  requires Sampled<T> || requires {
    { theory.predict(inputs, data...) } -> std::same_as<Result>;
  };
  requires !Sampled<T> || requires {
    { theory.predict(inputs, data..., stream) } -> std::same_as<Result>;
  };
};

/// A theory that takes targets with several outputs says so by `static constexpr bool several_outputs = true`: its rows
/// are then sums over them. The others are not applicable there. One that knows of convolutional networks says
/// `convolutional = true`, one whose numbers are of no output at all `any_output`: it applies where the mean over
/// inputs is subtracted (`network.output`).

/// It predicts from what it says that it is given.
template <class T>
concept PredictsAsGiven = (T::given != Given::draw || Predicts<T, data::Draw>)&&(
    T::given != Given::replica || Predicts<T, Replica>)&&((T::given != Given::nothing && !Averages<T>) || Predicts<T>);

template <class T>
concept Theory = Kind<T> && std::default_initializable<T> &&
    std::equality_comparable<T> &&  // the reader makes it, and fills in its fields
    Described<typename T::Inputs> &&
    std::equality_comparable<typename T::Inputs> &&  // their text is the identity of the prediction
    requires(const T& theory, const Setting& setting) {
  { T::given } -> std::convertible_to<Given>;  // how many predictions a point has
  { T::card } -> std::same_as<const Card&>;    // `explain`
  requires std::same_as<std::ranges::range_value_t<decltype(T::observables)>,
                        Observable>;  // what statements may ask of it
  {
    theory.applicability(setting)
    } -> std::same_as<Applicability>;  // "not applicable, because …", before anything else
  { theory.inputs(setting) } -> std::same_as<typename T::Inputs>;  // asked for where it applies
  { theory.cost(setting) } -> std::same_as<Cost>;  // of one prediction: plans and placement; where it applies
} && PredictsAsGiven<T>;

}  // namespace fieldscan::theory
