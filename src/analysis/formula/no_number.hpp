#pragma once
#include <span>
#include <string>

#include "fieldscan/scan/expression/expression.hpp"

namespace fieldscan::analysis {

/// Why a formula of finite numbers gives none, in words: "division by zero: error_train - floor is 0", "log of a
/// negative number: error_test - nngp.error_test is -0.031". `values`: one per atom. The first such part, from the
/// left; of another cause "the number is not finite".
std::string why_no_number(const scan::Expression& formula, std::span<const double> values);

}  // namespace fieldscan::analysis
