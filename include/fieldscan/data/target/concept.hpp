#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"

namespace fieldscan::data {

struct Domain;

/// Whether a random target is one per seed or redrawn with every data draw.
enum class Redraw { seed, each };
constexpr auto words(Redraw) { return std::array<std::string_view, 2>{"seed", "each"}; }

/// Examples at which a target is evaluated.
struct Examples {
  Matrix x = {};           ///< [points × d]
  Vector file_label = {};  ///< the file's labels [points]; empty for other inputs
  std::vector<std::uint64_t> id =
      {};  ///< a number of each example's own: made of draw, part and place, or part and row of the file
};

/// A target at some examples: g, one column per output, and where it has named components g = Σ_k g_k.
struct Values {
  Matrix total = {};  ///< [points × C]
  Matrix modes = {};  ///< [points·C × components], outputs point by point; zero columns where there are none
};

/// The seed and the data draw: what random targets are keyed by; of several the place among them.
struct TargetKey {
  std::uint64_t seed = 0;
  std::int64_t draw = 0;
  std::uint64_t part = 0;
};

/// What a target must offer: its word, its fields, the numbers of its components, and `function(domain, key)`: the
/// target made definite, with every random weight drawn and every normalisation done. The value at an example depends
/// on this example alone. Throws NumericalError where it can not be normalised.
template <class T>
concept Target = Kind<T> &&
    requires(const T& target, const Domain& domain, const TargetKey& key, const Examples& examples) {
  { target.function(domain, key)(examples) } -> std::same_as<Values>;
  { target.mode_numbers() } -> std::same_as<std::vector<double>>;
};

/// The stream of a random target: keyed by its kind and revision, so that its other fields reshape one and the same
/// function.
template <class T>
Stream target_stream(const TargetKey& key, Redraw redraw) {
  return Stream(key.seed, Purpose::target_function, std::string(T::kind) + "@" + std::to_string(T::revision),
                redraw == Redraw::each ? static_cast<std::uint64_t>(key.draw) : 0, key.part);
}

}  // namespace fieldscan::data
