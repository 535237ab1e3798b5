#pragma once
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "fieldscan/scan/schema/point_spec.hpp"
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

namespace fieldscan::scan {

/// tr K/P where K(x, x) differs from row to row, for plans: of the rows of a file whose norms are not √d, and of
/// convolutional networks, which see patches, and of pooled ones the mean over all pairs of them.
class RowKernels {
 public:
  /// The mean of K(x, x) over up to a thousand rows, evenly spread over a file or drawn, as few as take some tenths of
  /// a second; NaN where the file is not there any more, without which a plan is made all the same, or where the kernel
  /// is not known (layers of different variances).
  double mean_diagonal(const PointSpec& spec);

 private:
  using Kernel = std::variant<theory::KernelSpec, theory::ConvolutionalSpec>;
  void load(const PointSpec& spec);
  double mean_of(const Kernel& kernel) const;

  std::optional<data::InputChoice> input_;
  data::TestFrom from_ = data::TestFrom::automatic;
  Matrix rows_;
  std::optional<Kernel> last_;
  double mean_ = 0;                           ///< of the last one
  std::map<std::string, double> known_ = {};  ///< of kernels of these rows, by their text
};

}  // namespace fieldscan::scan
