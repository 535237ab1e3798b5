#pragma once
#include <string>

namespace fieldscan::scan {

/// What a name means: a kind, a field (short or full path), an observable, a theory, a test, a word of the scan file,
/// an error code (FS0102), a symbol of the papers (σ_a², sigma_a^2, lambda_1, gamma_0, T …), or one of the lists
/// `observables`, `theories`, `activations`, `inputs`, `targets`, `trainers`, `tests`, `errors`, `symbols`. For an
/// unknown name: the nearest ones.
struct Explanation {
  bool found = false;
  std::string text;
};
/// What there is to explain: lists, sections, keys, concepts.
std::string explain_all();
/// The page of a name; where there is none, what comes near.
Explanation explain(const std::string& name);

}  // namespace fieldscan::scan
