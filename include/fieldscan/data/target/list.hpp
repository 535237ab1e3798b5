#pragma once
#include <variant>
#include <vector>

#include "fieldscan/data/input/list.hpp"
#include "fieldscan/data/target/modular_sum.hpp"
#include "fieldscan/data/target/several.hpp"

namespace fieldscan::data {

struct TargetList {
  using Variant = std::variant<Linear, Hermite, Gegenbauer, TeacherNetwork, Parity, Staircase, FileLabels, Random,
                               ModularSum, Several>;
};
using TargetChoice = OneOf<TargetList>;

/// A target made definite: the Function of any kind.
using TargetFunction = FunctionsOf<TargetChoice>::type;

TargetFunction make_function(const TargetChoice& target, const Domain& domain, const TargetKey& key);
Values evaluate(const TargetFunction& function, const Examples& examples);
/// The numbers of the components g_k: orders, levels, monomials; empty where the target has none. Of a modular sum they
/// depend on the inputs.
std::vector<double> mode_numbers(const TargetChoice& target);
std::vector<double> mode_numbers(const TargetChoice& target, const InputChoice& input);
/// The directions w* that the target looks along, |w*| = 1, one per row [directions × d]: w of a linear, Hermite or
/// Gegenbauer target, the units of a teacher's first layer; no rows for other kinds.
Matrix directions(const TargetFunction& function, Index dimension);
/// Those of a teacher of one hidden layer; no units for other kinds.
Units hidden_units(const TargetFunction& function);
/// How many directions there are; 0 where the kind has none.
int direction_count(const TargetChoice& target);

}  // namespace fieldscan::data

extern template struct fieldscan::OneOf<fieldscan::data::TargetList>;
