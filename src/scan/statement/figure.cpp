#include "fieldscan/scan/statement/figure.hpp"

namespace fieldscan::scan {

namespace {

const std::vector<Formula> no_formulas;

}  // namespace

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
