#include "leave_out.hpp"

#include <set>

namespace fieldscan::analysis {

namespace {

using OriginLevel = Origin::Level;

}  // namespace

std::int64_t number_at(const Cell& cell, Origin::Level level) {
  return level == OriginLevel::draw ? cell.draw : cell.initialisation;
}

std::vector<Origin> origins_of(std::span<const Quantity> quantities) {
  std::set<std::int64_t> draws, initialisations;
  bool sampler = false;
  for (const Quantity& q : quantities) {
    sampler |= q.sampler;
    for (const Cell& cell : q.influence) {
      draws.insert(cell.draw);
      if (cell.initialisation != whole_draw) initialisations.insert(cell.initialisation);
    }
  }
  std::vector<Origin> origins;
  if (draws.size() > 1)
    for (const std::int64_t r : draws) origins.push_back({OriginLevel::draw, r});
  if (initialisations.size() > 1 && !(sampler && draws.size() > 1))
    for (const std::int64_t i : initialisations) origins.push_back({OriginLevel::initialisation, i});
  return origins;
}

Quantity without(const Quantity& quantity, const Origin& origin) {
  if (quantity.influence.empty()) return quantity;
  const std::vector<Cell> cells = influence_of_members(quantity);
  const auto n = static_cast<double>(cells.size());
  Quantity result = quantity;
  result.influence.clear();
  double mean = 0;
  for (const Cell& cell : cells) {
    if (number_at(cell, origin.level) == origin.number) continue;
    result.influence.push_back({cell.draw, cell.initialisation, n * cell.value});
    mean += n * cell.value;
  }
  const auto left = static_cast<double>(result.influence.size());
  if (result.influence.empty()) return no_quantity("no member is left");
  mean /= left;
  for (Cell& cell : result.influence) cell.value = (cell.value - mean) / left;
  result.value = quantity.value + mean;
  return result;
}

}  // namespace fieldscan::analysis
