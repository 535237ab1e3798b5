#include "fieldscan/scan/statement/figure.hpp"

namespace fieldscan::scan {

namespace {

const Formula no_formula;
const std::vector<Formula> no_formulas;

}  // namespace

const Formula& plot_of(const Figure& figure) { return figure.plot.empty() ? no_formula : figure.plot.front(); }

const std::vector<Formula>& versus_of(const Figure& figure) {
  return std::visit(
      [](const auto& kind) -> const std::vector<Formula>& {
        if constexpr (requires { kind.versus; })
          return kind.versus;
        else
          return no_formulas;
      },
      figure.kind);
}

}  // namespace fieldscan::scan
