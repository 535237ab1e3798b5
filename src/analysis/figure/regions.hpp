#pragma once
#include "wish.hpp"

namespace fieldscan::analysis {

/// Two maps for every theory: where it holds, as measured, and where its validity says so; the second only of theories
/// that state one, which come first. A distance of predictors is that of the mean network, √⟨(f̄ − f_theory)²⟩, formed
/// and judged as its square.
std::vector<Map> make_regions(const Context& context, const Wish& wish, const scan::Regions& kind,
                              const std::string& title, const std::vector<Site>& sites);

/// Of the maps of several panels those of theories that state a validity first: measured and claimed side by side.
void put_pairs_first(std::vector<Map>& maps);

/// The formula whose times are those of what a figure of regions plots.
std::string carrier_of(const scan::Figure& figure);

/// "nngp: 3 of 9 hold, 4 fail; …": of every theory, and of the cells that its validity claims.
std::string tally_of(const std::vector<Map>& maps);

}  // namespace fieldscan::analysis
