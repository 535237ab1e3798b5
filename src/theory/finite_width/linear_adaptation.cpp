#include "linear_adaptation.hpp"

#include <algorithm>
#include <cmath>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/root.hpp"
#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

namespace fieldscan::theory {

LinearAdaptation adapt_linear(const Matrix& kernel, const VectorView& labels, double ridge, double strength) {
  const Eigenpairs pairs = eigenpairs(kernel);
  const Vector value = without_rounding(pairs.values), label = pairs.vectors.transpose() * labels;
  const auto excess = [&](double scale) {
    const auto denominator = (scale * value.array() + ridge).square();
    return scale * (1 - strength * (value.array() * label.array().square() / denominator).sum()) - 1;
  };
  // Below the root Q tᵀK t (b/σ_a²) is Q − 1 at most; far above it tᵀK t falls as 1/Q².
  double high = 2;
  while (!(excess(high) > 0) && high < 1e300) high *= 2;
  LinearAdaptation out;
  out.scale = solve::found(solve::root_between(excess, 1, high), "the scale of linear kernel adaptation");
  out.t = pairs.vectors * label.cwiseQuotient((out.scale * value.array() + ridge).matrix());
  const Vector spike = pairs.vectors * value.cwiseProduct(pairs.vectors.transpose() * out.t);
  out.kernel = kernel + strength * out.scale * spike * spike.transpose();
  return out;
}

}  // namespace fieldscan::theory
