#include "fieldscan/scan/statement/names.hpp"

#include <algorithm>

namespace fieldscan::scan {

bool Mentions::any(ResolvedName::Kind kind) const {
  return std::ranges::find(atoms, kind, &ResolvedName::kind) != atoms.end();
}

}  // namespace fieldscan::scan
