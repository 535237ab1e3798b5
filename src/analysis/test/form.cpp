#include "form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../text/number.hpp"
#include "fieldscan/core/statistics.hpp"

namespace fieldscan::analysis {

Misfit misfit_of(std::string_view law, std::span<const Quantity> y, std::span<const double> fitted, double chi_squared,
                 int degrees) {
  constexpr double level = 0.01;
  if (degrees < 1 || fitted.size() != y.size() || 1 - chi_squared_cdf(chi_squared, degrees) >= level) return {};
  double largest = 0;
  for (std::size_t k = 0; k < y.size(); ++k)
    if (fitted[k] != 0) largest = std::max(largest, std::abs(y[k].value / fitted[k] - 1));
  return {
      true,
      fmt::format("not one {} over the window: χ² of the fit is {:.3g} at {} of freedom, and it is off by up to {}",
                  law, chi_squared, degrees == 1 ? "1 degree" : fmt::format("{} degrees", degrees), percent(largest))};
}

void judge_form(Finding& finding, const Misfit& misfit, std::span<const LocalNumber> locals, const std::string& rival) {
  if (!misfit.rejected) {
    add_sentence(finding.because, rival);
    return;
  }
  double p = 1;
  const LocalNumber* worst = nullptr;
  std::size_t known = 0;
  for (const LocalNumber& local : locals) {
    const Finding one = judge(local.off, local.allowed, members_for_fit);
    known += local.off.has_value() ? 1 : 0;
    if (one.p < p) p = one.p, worst = &local;
  }
  p *= static_cast<double>(known);
  if (worst && p < error_rate) {
    finding.inside = false;
    finding.p = std::min(finding.p, p);
    finding.because = fmt::format("contradicted (form): {}; {}", misfit.words, worst->words);
  } else {
    add_sentence(finding.because, misfit.words);
  }
  add_sentence(finding.because, rival);
}

}  // namespace fieldscan::analysis
