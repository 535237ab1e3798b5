#pragma once
#include <span>
#include <vector>

#include "../quantity/quantity.hpp"

/// Ensembles without one data draw, or without one initialisation.
namespace fieldscan::analysis {

/// What can be left out of an ensemble: a data draw, or an initialisation on all draws.
struct Origin {
  enum class Level { draw, initialisation } level = Level::draw;
  std::int64_t number = 0;
};

/// The draw, or the initialisation, that a cell belongs to.
std::int64_t number_at(const Cell& cell, Origin::Level level);

/// The draws, then the initialisations, over all quantities: of every level with two members. The chains of a sampler
/// are nested in their draws, and left out with them.
std::vector<Origin> origins_of(std::span<const Quantity> quantities);

/// A mean over the ensemble without one origin: θ and the influences of the members that remain. For what is not a
/// mean, the pseudo-values θ + n U take the place of the members' values. A problem where no member remains.
Quantity without(const Quantity& quantity, const Origin& origin);

}  // namespace fieldscan::analysis
