#include "monotone.hpp"

#include <fmt/format.h>

#include "../verdict/strict.hpp"
#include "curves.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Monotone& kind) {
  return over_curves(context, test, kind.versus.at(0).text, [&](const Curve& curve, const scan::Mentions& of) {
    const bool down = kind.direction == scan::Monotone::Direction::down;
    constexpr Allowed rising{.low = 0};
    std::vector<Finding> steps;
    for (std::size_t k = 0; k + 1 < curve.x.size(); ++k) {
      const auto [here, next, draws] = evaluate_pair(context, {of, curve.sites[k]}, {of, curve.sites[k + 1]});
      const Quantity step = down ? difference(here, next) : difference(next, here);
      steps.push_back(judge(step, rising, members_needed(of, members_for_mean)));
      name_number(steps.back(), down ? "fall" : "rise");
      require_strict(steps.back(), step, rising, "both are the same number, which goes neither up nor down");
      steps.back().statement = fmt::format("from {} to {}: {} → {}", number(curve.x[k]), number(curve.x[k + 1]),
                                           text_of(curve.y[k]), text_of(curve.y[k + 1]));
    }
    return worst_of(steps);
  });
}

std::string claim_of(const scan::Test& test, const scan::Monotone& kind) {
  return fmt::format("{} goes {} with {}", list_of(test.of), word(kind.direction), list_of(kind.versus));
}

}  // namespace fieldscan::analysis
