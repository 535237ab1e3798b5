#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/core/hash.hpp"
#include "fieldscan/theory/list.hpp"

namespace fieldscan::theory {

Given given_of(const TheoryChoice& theory);
std::vector<Observable> observables_of(const TheoryChoice& theory);  ///< what it predicts, for messages and checks
Applicability applicability(const TheoryChoice& theory, const Setting& setting);

/// The kernel that a theory's numbers are of; none where they are of neither. And whether that is left to the trainer.
std::optional<KernelKind> kernel_of(const TheoryChoice& theory, const Setting& setting);
bool follows_trainer(const TheoryChoice& theory);

/// Canonical text of the prediction: kind, revision, the theory's inputs, and of the data what it is given (fields, seed).
/// The draw number is not in it: the store keys it beside the id. Where the theory does not apply, the text holds the reason instead
/// of the inputs.
std::string prediction_text(const TheoryChoice& theory, const Setting& setting);

/// Evaluates the theory on draw r (ignored where it is given nothing). Outcome not_applicable with the reason where it does not hold.
/// Makes the draw itself, unless it is handed in. Throws NumericalError where algebra fails.
Result predict(const TheoryChoice& theory, const Setting& setting, std::int64_t draw);
/// The same on a draw that is there already: draw number r of the setting's data and seed.
Result predict(const TheoryChoice& theory, const Setting& setting, std::int64_t draw, const data::Draw& data);

}  // namespace fieldscan::theory
