#pragma once
#include <string>

#include "fieldscan/core/matrix.hpp"

namespace fieldscan {

/// A symmetric system A x = b as it was solved: A [n × n] with this mean diagonal element, and what was added to its
/// diagonal beyond what was asked for.
struct SolvedSystem {
  Index size = 0;
  double mean_diagonal = 0;
  double jitter = 0;
};

/// Decimal digits that rounding leaves in the numbers f_k = u_k·A⁻¹v, between 0 and 16:
///
///     −log10 of  (ε √n tr A/n + jitter) · rms |A⁻¹u_k| · |A⁻¹v| / rms f_k
///
/// the first-order change of f for a change of A by rounding, whose elements are ε √n of the diagonal and random.
/// Unlike the condition number, which is the worst case over all u and v, it is the estimate for those that are asked
/// for. left: A⁻¹U [n × k]; right: A⁻¹v [n]. Numbers that are all zero lose none: 16.
double digits_left(const SolvedSystem& system, const MatrixView& left, const VectorView& right,
                   const VectorView& numbers);

/// The columns of a matrix that stand for all, at most eight, evenly spaced: probes that cost little.
Matrix some_columns(const MatrixView& all);
Vector some_elements(const VectorView& all);

/// The sentence for a result, where fewer than 6 digits are left; empty where there are more.
std::string digits_remark(double digits, double condition);

}  // namespace fieldscan
