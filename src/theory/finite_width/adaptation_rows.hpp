#pragma once
#include <functional>

#include "../rows.hpp"
#include "dressed.hpp"
#include "fieldscan/theory/finite_width/kernel_adaptation.hpp"
#include "unit_overlaps.hpp"

/// What kernel adaptation writes, whichever way its averages were formed.
namespace fieldscan::theory {

/// Rows of the outputs; with errors where they are sampled.
void write_outputs(Result& result, Writer& writer, const AdaptedOutputs& outputs, const data::Draw& draw, double chi);
/// K̄ as the network's own kernels on the training set, where no chains sampled it, and its alignment.
void write_kernel(Result& result, Writer& writer, const Matrix& kernel, double readout, SampledNumber alignment,
                  double chains);
/// tr yᵀK̄y/(|y|² ‖K̄‖_F), y [P × C].
double alignment_of(const Matrix& kernel, const MatrixView& labels);
/// The Monte-Carlo error of a number with such a derivative by the points' weights, and the least one of a bin: where
/// no sample fell that of one.
struct OverlapErrors {
  std::function<double(const Vector& derivative)> of;
  double least = 0;
};
/// The rows of one direction, of N units.
void write_overlaps(Writer& writer, const OverlapPoints& points, const Bins& bins, double units,
                    const OverlapErrors& errors);

inline Bins bins_of(const KernelAdaptation::Inputs& inputs) {
  return {.count = inputs.bins, .low = inputs.bins_low, .high = inputs.bins_high};
}
/// N, which b and χ tell.
double units_of(const KernelAdaptation::Inputs& inputs);

inline constexpr Index kernel_points_kept = 256;

}  // namespace fieldscan::theory
