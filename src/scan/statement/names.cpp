#include "fieldscan/scan/statement/names.hpp"

#include <algorithm>

#include "fieldscan/scan/statement/few_members.hpp"

namespace fieldscan::scan {

namespace {

/// Whether a name stands for a mean over single networks, or for what has no error of the ensemble.
bool is_mean(const ResolvedName& name) {
  using Kind = ResolvedName::Kind;
  switch (name.kind) {
    case Kind::observable:
      return info(*name.observable).source != Source::ensemble;
    case Kind::definition:
    case Kind::deviation:
    case Kind::rms:
    case Kind::error_ensemble:
      return false;
    case Kind::prediction:
    case Kind::field:
    case Kind::dimension:
      break;
  }
  return true;
}

}  // namespace

bool Mentions::any(ResolvedName::Kind kind) const {
  return std::ranges::find(atoms, kind, &ResolvedName::kind) != atoms.end();
}

std::int64_t members_needed(const Mentions& formula, std::int64_t least) {
  return std::ranges::all_of(formula.atoms, is_mean) ? least : std::max(least, members_for_fit);
}

}  // namespace fieldscan::scan
