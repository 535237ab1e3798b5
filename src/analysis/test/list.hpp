#pragma once
#include "agreement.hpp"
#include "bound.hpp"
#include "chi2.hpp"
#include "collapse.hpp"
#include "conservation.hpp"
#include "linear.hpp"
#include "monotone.hpp"
#include "power_law.hpp"
#include "scaling_law.hpp"

/// The kinds of tests: each turns a declared test into findings, one per statement, and says its claim in words. A new
/// kind adds its header above, and its place in scan::TestKind.
namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test);
/// The declared test in words, with what it selects.
std::string sentence_of(const scan::Test& test);

}  // namespace fieldscan::analysis
