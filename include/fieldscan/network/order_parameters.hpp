#pragma once
#include <optional>
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/row.hpp"

/// Order parameters of student and teacher, whose units have no order of their own: they are told apart by the
/// directions they match. Source: Saad, Solla, "On-line learning in soft committee machines", Physical Review E 52
/// (1995).
namespace fieldscan::network {

/// The unit of each direction [M] for overlaps R [N × M]: pairs are taken by falling |R|, of equal ones the first by
/// unit, then by direction; every unit and every direction once. Where M > N, the directions that remain have none.
std::vector<std::optional<Index>> match_units(const Matrix& overlaps);

/// Mean |R| over the matched pairs minus mean |R| over all others (zero where there are none, N = M = 1). Depends
/// neither on the order of units and directions nor on signs.
double specialisation_of(const Matrix& overlaps);

/// The observable order_parameters [N × (M + N)]: row i holds the overlaps R_i1 … R_iM with unit directions, then
/// Q_i1 … Q_iN.
Array order_parameters(const Matrix& overlaps, const Matrix& own);

/// Puts the units of all order_parameters among the arrays, those of one network at several times, into the order of
/// the match of the last: the units matched to direction 1, 2 …, then the others as they were. Signs stay.
void order_units(std::vector<Array>& arrays);

}  // namespace fieldscan::network
