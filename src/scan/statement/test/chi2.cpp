#include <algorithm>

#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::scan {

std::vector<Fault> Chi2::faults(const Test& test, const GivenKeys&) const {
  const auto predictors = std::ranges::count(test.of, "predictor", &Formula::text);
  if (predictors == 0)
    return {{.key = "within",
             .message = "'within' means nothing in a chi2 of numbers: the difference counts in standard errors",
             .help = "kind: agreement takes a margin"}};
  std::vector<Fault> faults;
  if (predictors == std::ssize(test.of))
    faults.push_back({.key = "over",
                      .message = "'over' means nothing in a chi2 of predictors: every point is tested by itself",
                      .help = "leave it out"});
  if (!with.empty() && !with.theory)
    faults.push_back({.key = {},
                      .message = "predictors are compared with a theory",
                      .help = "with: the name of a theory",
                      .place = with.place});
  return faults;
}

}  // namespace fieldscan::scan
