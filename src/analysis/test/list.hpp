#pragma once
#include "../definition.hpp"
#include "../finding.hpp"
#include "../sites.hpp"
#include "fieldscan/scan/statement.hpp"

/// The kinds of tests: each turns a declared test into findings, one per statement.
namespace fieldscan::analysis {

std::vector<Finding> test_agreement(const Context& context, const scan::Test& test);
std::vector<Finding> test_chi2(const Context& context, const scan::Test& test);
std::vector<Finding> test_power_law(const Context& context, const scan::Test& test);
std::vector<Finding> test_scaling_law(const Context& context, const scan::Test& test);
std::vector<Finding> test_collapse(const Context& context, const scan::Test& test);
std::vector<Finding> test_bound(const Context& context, const scan::Test& test);
std::vector<Finding> test_monotone(const Context& context, const scan::Test& test);
std::vector<Finding> test_linear(const Context& context, const scan::Test& test);
std::vector<Finding> test_conservation(const Context& context, const scan::Test& test);

std::vector<Finding> test_findings(const Context& context, const scan::Test& test);
/// The declared test in words: "error_test agrees with nngp within 3%".
std::string sentence_of(const scan::Test& test);

// What the kinds share.

/// The selection of a test for one of its formulas; `names` are further axes that it goes along.
Selection selection_of(const Context& context, const scan::Test& test, const scan::Formula& of,
                       const std::vector<std::string>& names = {});
/// Sites of a group whose abscissa lies in the test's window.
std::vector<Site> in_window(const Context& context, const scan::Test& test, const scan::Mentions& versus,
                            const std::vector<Site>& sites);
/// "value ± standard error" of a quantity, or its problem.
std::string text_of(const Quantity& quantity);
std::string text_of(const scan::Margin& margin);
/// ±margin around zero; a relative margin is a part of |reference|.
Allowed around_zero(const scan::Margin& margin, double reference);
/// The finding that stands for many of one statement: inside where all are, the least p times their number, the text of the worst.
Finding worst_of(const std::vector<Finding>& findings);

}  // namespace fieldscan::analysis
