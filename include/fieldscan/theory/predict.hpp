#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fieldscan/theory/any_theory.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernel_kind.hpp"

/// What is asked of a theory, whichever it is.
namespace fieldscan::theory {

Given given_of(const AnyTheory& theory);
std::vector<Observable> observables_of(const AnyTheory& theory);  ///< what it predicts, for messages and checks
/// Its own fields that are not at their defaults, with their values as text: {"solver", "conjugate_gradients"}.
std::vector<std::pair<std::string, std::string>> options_of(const AnyTheory& theory);
Applicability applicability(const AnyTheory& theory, const Setting& setting);

/// The kernel that a theory's numbers are of; none where they are of neither. And whether that is left to the trainer.
std::optional<KernelKind> kernel_of(const AnyTheory& theory, const Setting& setting);
bool follows_trainer(const AnyTheory& theory);

/// What one prediction costs: next to nothing where the theory does not apply.
Cost cost_of(const AnyTheory& theory, const Setting& setting);

/// Canonical text of the prediction: kind, revision, the theory's inputs, and of the data what it is given (fields,
/// seed). Where numbers are sampled the seed is in it too; given a replica the network, of whose weights it is. The
/// number of the evaluation is not: the store keys it beside the id. Where the theory does not apply, the text holds
/// the reason instead of the inputs.
std::string prediction_text(const AnyTheory& theory, const Setting& setting);

/// Evaluates the theory on draw r and initialisation i (as far as it is given them). Outcome not_applicable with the
/// reason where it does not hold. Makes the draw itself, unless it is handed in. Throws NumericalError where algebra
/// fails.
Result predict(const AnyTheory& theory, const Setting& setting, Number number);
/// The same on a draw that is there already: draw number r of the setting's data and seed.
Result predict(const AnyTheory& theory, const Setting& setting, Number number, const data::Draw& data);
/// The same of initialisation 0.
inline Result predict(const AnyTheory& theory, const Setting& setting, std::int64_t draw) {
  return predict(theory, setting, Number{draw, 0});
}
inline Result predict(const AnyTheory& theory, const Setting& setting, std::int64_t draw, const data::Draw& data) {
  return predict(theory, setting, Number{draw, 0}, data);
}

/// What there is to say of a theory.
struct About {
  std::string_view kind, summary;
  Card card;
  std::string_view given;  ///< "the data draw", "the network's initial weights …"
  std::vector<Observable> observables;
};
/// In the order of the list.
std::vector<About> all_theories();

}  // namespace fieldscan::theory
