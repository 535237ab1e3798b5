#include "row_kernels.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/data/input/concept.hpp"

namespace fieldscan::scan {
namespace {

constexpr double most_plan_numbers = 1e6;  ///< of the rows
constexpr Index most_plan_rows = 1000;
constexpr double most_kernel_seconds = 0.2;  ///< of one kernel: a plan takes seconds
constexpr double unknown_kernel = std::numeric_limits<double>::quiet_NaN();

Index row_count(int dimension) {
  return std::clamp(static_cast<Index>(most_plan_numbers / std::max(dimension, 1)), Index{1}, most_plan_rows);
}

Matrix plan_rows(const data::File& file, data::TestFrom test_from) {
  try {
    const auto pool = data::load_pool(file, test_from);
    const Index rows = pool->train.rows(), stride = 1 + (rows - 1) / row_count(pool->dimension);
    std::vector<Index> chosen;
    for (Index row = 0; row < rows; row += stride) chosen.push_back(row);
    return data::pool_rows(*pool, pool->train, chosen);
  } catch (const EnvironmentError&) {
    return {};  // whoever needs the rows themselves says so
  }
}

Matrix plan_rows(const data::InputChoice& input, data::TestFrom test_from) {
  const Stream stream(0, Purpose::theory, "rows of a plan", 0, 0);
  return std::visit(
      [&]<class I>(const I& one) {
        if constexpr (data::Distribution<I>)
          return Matrix(one.draw(stream, 0, row_count(one.dimension())));
        else
          return plan_rows(one, test_from);
      },
      input);
}

double mean_over_rows(const theory::KernelSpec& kernel, const Matrix& rows) {
  return theory::kernel_diagonal(kernel, rows).nngp.mean();
}

/// Of so many rows as the kernel leaves time for.
double mean_over_rows(const theory::ConvolutionalSpec& kernel, const Matrix& rows) {
  const auto columns = static_cast<int>(rows.cols());
  if (theory::shape_problem(kernel, columns)) return unknown_kernel;  // reported where the point is checked
  const theory::ConvolutionalSpec full = theory::resolved(kernel, columns);
  const double seconds = theory::seconds_per_image_pair(full, theory::KernelKind::nngp);
  const double affordable = std::clamp(most_kernel_seconds / seconds, 1.0, static_cast<double>(rows.rows()));
  const Index stride = (rows.rows() + static_cast<Index>(affordable) - 1) / static_cast<Index>(affordable);
  const Index count = (rows.rows() + stride - 1) / stride;
  const Matrix chosen = rows(Eigen::seqN(0, count, stride), Eigen::all);
  return theory::convolutional_diagonal(full, theory::KernelKind::nngp, chosen).mean();
}

std::string kernel_text(const theory::KernelSpec& kernel) { return canonical_text("kernel", kernel); }
std::string kernel_text(const theory::ConvolutionalSpec& kernel) { return canonical_text("convolutional", kernel); }

}  // namespace

void RowKernels::load(const PointSpec& spec) {
  if (input_ == spec.data.input && from_ == spec.data.test_from) return;
  input_ = spec.data.input;
  from_ = spec.data.test_from;
  rows_ = plan_rows(spec.data.input, spec.data.test_from);
  last_.reset();
  known_.clear();
}

double RowKernels::mean_of(const Kernel& kernel) const {
  if (rows_.rows() == 0) return unknown_kernel;
  return std::visit([&](const auto& one) { return mean_over_rows(one, rows_); }, kernel);
}

double RowKernels::mean_diagonal(const PointSpec& spec) {
  load(spec);
  const bool convolutional = is_convolutional(spec.network.architecture);
  if (convolutional && theory::layers_problem(spec.network)) return unknown_kernel;
  const Kernel kernel =
      convolutional ? Kernel(theory::convolutional_spec(spec.network)) : Kernel(theory::kernel_spec(spec.network));
  if (last_ == kernel) return mean_;
  const auto [known, is_new] =
      known_.try_emplace(std::visit([](const auto& k) { return kernel_text(k); }, kernel), 0.0);
  if (is_new) known->second = mean_of(kernel);
  last_ = kernel;
  mean_ = known->second;
  return mean_;
}

}  // namespace fieldscan::scan
