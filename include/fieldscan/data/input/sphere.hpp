#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "fieldscan/data/input/concept.hpp"

namespace fieldscan::data {

/// Uniform on the sphere |x|² = d: ⟨x⟩ = 0, ⟨x xᵀ⟩ = I. A normalised standard normal vector.
struct Sphere {
  int dim = 0;  ///< d

  static constexpr std::string_view kind = "sphere";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Uniform on the sphere |x|² = dim.";
  static auto fields() {
    return std::tuple{field("dim", &Sphere::dim, "dimension d of the inputs", at_least(1)).required()};
  }

  int dimension() const { return dim; }
  Matrix draw(const Stream& stream, std::uint64_t first, Index count) const;
  bool operator==(const Sphere&) const = default;
};

}  // namespace fieldscan::data
