#pragma once
#include <cstdint>

#include "fieldscan/core/random.hpp"

namespace fieldscan::network {

/// The stream of the initial weights of initialisation i. It depends on i alone, so that initialisation i is the same
/// for every data draw and for whoever starts from it, a trainer or a theory: `network.initial(initial_stream(seed,
/// i))`.
inline Stream initial_stream(std::uint64_t seed, std::int64_t initialisation) {
  return {seed, Purpose::initial_weights, "", 0, static_cast<std::uint64_t>(initialisation)};
}

}  // namespace fieldscan::network
