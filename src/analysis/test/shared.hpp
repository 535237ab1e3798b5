#pragma once
#include <span>

#include "../formula/curve.hpp"
#include "../formula/groups.hpp"
#include "../formula/sites.hpp"
#include "../text/number.hpp"
#include "../verdict/judge.hpp"
#include "fieldscan/scan/statement/test.hpp"

/// What the kinds of tests share.
namespace fieldscan::analysis {

/// The selection of a test for one of its formulas; `names` are further axes that it goes along.
Selection selection_of(const Context& context, const scan::Test& test, const scan::Formula& of,
                       const std::vector<std::string>& names = {});
/// Sites of a group whose abscissa lies in the test's window, or that have none.
std::vector<Site> in_window(const Context& context, const scan::Test& test, const scan::Mentions& versus,
                            const std::vector<Site>& sites);
/// "value ± standard error" of a quantity, or its problem.
std::string text_of(const Quantity& quantity);
/// "eta = 0.1 ± 0.02", "eta is above 0.08"; a number that is its own name once.
std::string stated(const std::string& name, const Quantity& quantity);
std::string text_of(const scan::Margin& margin);
/// ±margin around zero; a relative margin is a part of |reference|.
Allowed around_zero(const scan::Margin& margin, double reference);
/// Why deviation() or rms() alone is below zero, for a number of such a formula; else empty.
std::string why_negative(const scan::Mentions& formula, const Quantity& quantity);
/// "a, b" of several formulas.
std::string list_of(const std::vector<scan::Formula>& formulas);
/// " within 3 %"; empty where no margin is given.
std::string within_text(const std::optional<scan::Margin>& within);
/// Appends a sentence after a semicolon.
void add_sentence(std::string& text, const std::string& sentence);

/// Appends what is left out, and marks the finding as that is; the finding lacks numbers where that does.
void leave_out(Finding& finding, const Missing& left_out);

/// Tells of the numbers of which a finding made none what every finding tells of its own: members that are not what
/// they were asked to become, and marks.
void tell_soundness(Finding& finding, std::span<const Quantity> numbers);

/// The finding that stands for many of one statement: inside where all are, the least p times their number, the text of
/// the worst, on the fewest members of all.
Finding worst_of(const std::vector<Finding>& findings);

}  // namespace fieldscan::analysis
