#pragma once
#include <functional>
#include <span>

#include "fieldscan/network/activation/concept.hpp"

/// Averages of many pairs of one variance, from a table.
namespace fieldscan::network {

/// The averages of a pair of one variance a as functions of its covariance c. They are even and periodic in θ = acos
/// c/a, where what is smooth needs few nodes.
struct PairTable {
  std::function<GaussianAverage(double)> at;  ///< by c
  double tolerance = 1e-14;                   ///< of the highest coefficients, to the largest
};

/// Fills `out` and `derivative` where all a and b are one number of at most 200, the pairs are many and the table
/// converges with fewer nodes than there are pairs; says whether it did. It interpolates in θ from an equispaced grid,
/// refined until the highest coefficients are at the tolerance.
bool fill_from_table(const PairTable& table, std::span<const double> a, std::span<const double> b,
                     std::span<const double> c, std::span<double> out, std::span<double> derivative);

}  // namespace fieldscan::network
