#pragma once
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/row.hpp"

/// What is watched along a chain, kept for who wants to see it.
namespace fieldscan::training {

/// Samples that a trace keeps at most.
inline constexpr Index most_traced = 200;

/// chain_trace [watched × kept]: every k-th of n samples, the first among them, with the least k that keeps most_traced
/// of them at most.
///
/// watched: [samples × what is watched], in the order error_train, error_test (where there is a test set), f at test
/// points; the first two are divided by `points`, the numbers of points that they are sums over.
Array trace_of(const Matrix& watched, std::pair<double, double> points);

}  // namespace fieldscan::training
