#include "world.hpp"

#include "../formula/definition.hpp"
#include "fieldscan/scan/points/names.hpp"

namespace fieldscan::analysis {
namespace world {
namespace {

using Kind = scan::ResolvedName::Kind;

void measured_to_predicted(scan::ResolvedName& name, const std::string& theory) {
  if (name.kind != Kind::observable) return;
  name.kind = Kind::prediction;
  name.theory = theory;
}

/// The formula with a theory in the place of the networks. Atoms keep their positions.
scan::Mentions in_place_of_networks(scan::Mentions formula, const std::string& theory) {
  const auto predicted = [&](const std::string& of) {
    return scan::ResolvedName{
        .kind = Kind::prediction, .name = "predictor", .theory = of, .observable = Observable::predictor};
  };
  for (scan::ResolvedName& name : formula.atoms) {
    measured_to_predicted(name, theory);
    for (scan::ResolvedName& side : name.sides) measured_to_predicted(side, theory);
    if (name.kind == Kind::error_ensemble && name.theory.empty()) name.theory = theory;
    if (name.kind != Kind::deviation) continue;
    name.kind = Kind::rms;
    name.sides = {predicted(theory), predicted(name.theory)};
  }
  return formula;
}

}  // namespace
}  // namespace world

Context world_of(const scan::Scan& scan, const Table& table, const std::string& theory) {
  Context context{.table = &table,
                  .resolve =
                      [scan, theory](const std::string& text) {
                        return world::in_place_of_networks(scan::mentions(scan, text), theory);
                      },
                  .resolve_name = [scan](const std::string& name) { return scan::resolve_name(scan, name); },
                  .seed = static_cast<std::uint64_t>(scan.seed()),
                  .definitions = {}};
  evaluate_definitions(context, scan.definitions());
  return context;
}

}  // namespace fieldscan::analysis
