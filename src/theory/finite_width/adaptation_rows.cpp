#include "adaptation_rows.hpp"

#include <algorithm>
#include <cmath>

#include "fieldscan/core/observable_list.hpp"

namespace fieldscan::theory {

using enum Observable;

void write_outputs(Result& result, Writer& writer, const AdaptedOutputs& outputs, const data::Draw& draw, double chi) {
  const std::size_t first = result.rows.size();
  writer.predictor(outputs.mean, draw);
  std::size_t mode = 0;
  for (std::size_t k = first; k < result.rows.size(); ++k) {
    Row& row = result.rows[k];
    if (row.observable == error_mean_predictor) row.standard_error = outputs.error_mean.standard_error;
    if (row.observable != learnability) continue;
    while (!(draw.test.modes.col(static_cast<Index>(mode)).squaredNorm() > 0)) ++mode;
    row.standard_error = mode < outputs.learnability.size() ? outputs.learnability[mode].standard_error : 0;
    ++mode;
  }
  if (outputs.chains > 0 && outputs.mean.cols() > 1)  // no error is known of what is sampled
    std::erase_if(result.rows, [](const Row& row) { return row.observable == learnability; });
  if (const double noise = outputs.predictor_error; outputs.chains > 0)
    writer.row(listed("predictor_error"), noise, 0, noise / std::sqrt(2 * outputs.chains));
  writer.row(variance_posterior, outputs.variance_mean.value / chi, 0, outputs.variance_mean.standard_error / chi);
  writer.row(error_test, outputs.error_test.value, 0, outputs.error_test.standard_error);
  writer.row(error_train, outputs.error_train.value, 0, outputs.error_train.standard_error);
}

double units_of(const KernelAdaptation::Inputs& inputs) {
  return std::max(1.0, std::round(inputs.chi * inputs.kernel.readout_variance / inputs.strength));
}

double alignment_of(const Matrix& kernel, const MatrixView& labels) {
  double square = 0, form = 0;  // output by output, as one alone is summed
  for (const auto& label : labels.colwise()) {
    square += label.squaredNorm();
    form += label.dot(kernel * label);
  }
  const double size = square * kernel.norm();
  return size > 0 ? form / size : 0;
}

namespace {

Array array_of(Observable observable, std::vector<std::int64_t> shape, const Matrix& kernel) {
  return {.observable = observable,
          .shape = std::move(shape),
          .data = std::vector<double>(kernel.data(), kernel.data() + kernel.size())};
}

}  // namespace

void write_kernel(Result& result, Writer& writer, const Matrix& kernel, double readout, SampledNumber alignment_value,
                  double chains) {
  writer.row(alignment, alignment_value.value, 0, alignment_value.standard_error);
  const std::int64_t points = kernel.rows();
  if (chains > 0 || points > kernel_points_kept) return;
  result.arrays.push_back(array_of(nngp_empirical, {points, points}, kernel));
  result.arrays.push_back(array_of(hidden_kernel, {1, points, points}, kernel / readout));
}

void write_overlaps(Writer& writer, const OverlapPoints& points, const Bins& bins, double units,
                    const OverlapErrors& errors) {
  const OverlapNumber moment = moment_of(points), special = specialisation_of(points, units);
  writer.row(overlap_moment, moment.value, 0, errors.of(moment.derivative));
  writer.row(specialisation, special.value, 0, errors.of(special.derivative));
  for (int bin = 0; bin < bins.count; ++bin) {
    const OverlapNumber share = share_of(points, bins, bin);
    writer.row(overlap_histogram, share.value, bins.centre(bin), std::max(errors.of(share.derivative), errors.least));
  }
}

}  // namespace fieldscan::theory
