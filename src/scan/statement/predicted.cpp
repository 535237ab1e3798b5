#include "fieldscan/scan/statement/predicted.hpp"

#include <algorithm>

namespace fieldscan::scan {

namespace {

using PredictedKind = ResolvedName::Kind;

}  // namespace

bool is_measured(const ResolvedName& name) {
  if (name.kind == PredictedKind::rms) return std::ranges::any_of(name.sides, is_measured);
  return name.kind == PredictedKind::deviation ||
         ((name.kind == PredictedKind::observable || name.kind == PredictedKind::error_ensemble) &&
          name.theory.empty());
}

bool replaces(const Mentions& formula, const std::string& theory) {
  const bool measured = std::ranges::any_of(formula.atoms, is_measured);
  return std::ranges::any_of(formula.atoms, [&](const ResolvedName& name) {
    if (measured) return is_measured(name) && name.kind != PredictedKind::deviation && name.kind != PredictedKind::rms;
    return (name.kind == PredictedKind::prediction || name.kind == PredictedKind::error_ensemble) &&
           name.theory != theory;
  });
}

}  // namespace fieldscan::scan
