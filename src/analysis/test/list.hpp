#pragma once
#include "../formula/definition.hpp"
#include "../formula/groups.hpp"
#include "../formula/sites.hpp"
#include "../text/number.hpp"
#include "../verdict/judge.hpp"
#include "fieldscan/scan/statement/statement.hpp"

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
/// How well a law describes the values that it was fitted to.
struct Misfit {
  bool rejected = false;  ///< χ² would be as large in fewer than 1 % of fits of the true law
  std::string words;      ///< its size, where it is rejected
};
Misfit misfit_of(std::string_view law, std::span<const Quantity> y, std::span<const double> fitted, double chi_squared,
                 int degrees);

/// The exponent between two neighbouring points, or a distance of two curves.
struct LocalNumber {
  Quantity off;  ///< from what is expected there
  Allowed allowed;
  std::string words;  ///< "local exponent −0.52 ± 0.01 from 16 to 32"
};
/// Adds to a finding what its law leaves unsaid. A rejected law of which a local number leaves the allowed range contradicts the form: the
/// finding is not inside, and its p is the least of the local ones times their number, if that is less. A law that is rejected while no
/// local number leaves the range stays as it was found, with the size of the misfit and the rival that does better.
void judge_form(Finding& finding, const Misfit& misfit, std::span<const LocalNumber> locals, const std::string& rival);
/// Appends a sentence after a semicolon.
void add_sentence(std::string& text, const std::string& sentence);

/// The finding that stands for many of one statement: inside where all are, the least p times their number, the text of the worst.
Finding worst_of(const std::vector<Finding>& findings);

}  // namespace fieldscan::analysis
