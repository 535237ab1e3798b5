#pragma once
#include <span>
#include <string>
#include <variant>

#include "fieldscan/data/input/file.hpp"
#include "fieldscan/data/input/gaussian.hpp"
#include "fieldscan/data/input/hypercube.hpp"
#include "fieldscan/data/input/modular_pairs.hpp"
#include "fieldscan/data/input/sphere.hpp"

namespace fieldscan::data {

struct InputList {
  using Variant = std::variant<Sphere, Gaussian, Hypercube, File, ModularPairs>;
};
using InputChoice = OneOf<InputList>;

/// Dimension d of the inputs; for a file that is not resolved it is read from it.
int dimension_of(const InputChoice& input);

/// Number of inputs of a distribution over a finite set; 0 for the others.
double set_size(const InputChoice& input);
/// The largest set that is listed, for `whole` and `rest`.
inline constexpr double largest_listed = 1 << 20;
/// Inputs of a finite set by their numbers from 0 to its size, as rows.
Matrix set_members(const InputChoice& input, std::span<const Index> numbers);

/// Whether the direction x/|x| is uniform: the sphere, and the normal distribution with covariance I.
bool is_isotropic(const InputChoice& input);

/// Fills the facts of a file (content key, dimension, counts), unless they are there for this path; other inputs:
/// nothing. Relative paths start at `folder` (`locate`). Throws EnvironmentError where files are missing or malformed.
void resolve(InputChoice& input, const std::filesystem::path& folder = {});

}  // namespace fieldscan::data

extern template struct fieldscan::OneOf<fieldscan::data::InputList>;
