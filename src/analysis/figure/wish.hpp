#pragma once
#include <set>

#include "../formula/sites.hpp"
#include "figure.hpp"

/// The pieces of which figures are made.
namespace fieldscan::analysis {

/// A figure with its formulas resolved, and the tests that may be drawn into it.
struct Wish {
  const scan::Figure& figure;
  const std::vector<scan::Test>& tests;
  scan::Mentions plot;
  scan::Mentions versus;
  std::set<std::string> free;  ///< names along which the curves go
};

/// Groups that differ in one number ("width = 128") ascend in it; others stay.
std::vector<Group> sorted_groups(std::vector<Group> groups);
/// Whether there are so many groups of ascending number that the order is worth more than the contrast.
bool ascend(const std::vector<Group>& groups);

/// One panel: a curve per group with its theories, residuals, and what tests say of it.
Panel make_panel(const Context& context, const Wish& wish, const std::string& title, const std::vector<Site>& sites);

/// What tests of the same formula over the same abscissa look at: fits with their window, bounds.
void add_tests(const Context& context, const Wish& wish, const std::vector<Group>& groups, Panel& panel);

/// The distribution over members of the observable that is plotted, one histogram per group.
Panel make_histogram(const Context& context, const Wish& wish, const std::string& title,
                     const std::vector<Site>& sites);
/// A histogram of density one with `low` … `high` in equal bins; x the centres of the bins.
DrawnCurve histogram_of(const std::vector<double>& values, double low, double high, std::size_t bins);
/// All residuals of the figures beside the normal distribution; nothing where there are fewer than 20.
std::optional<DrawnFigure> residual_distribution(const std::vector<DrawnFigure>& figures,
                                                 std::vector<std::string>& taken);

/// The numbers of a formula over two abscissas.
Map make_map(const Context& context, const Wish& wish, const std::string& title, const std::vector<Site>& sites);
/// Where a theory holds: for each agreement with a margin, every comparison that the scan has, whether the test asks for it or not, over
/// the two axes with the most values. Nothing where fewer than two axes vary.
std::vector<DrawnFigure> validity_maps(const Context& context, const std::vector<scan::Test>& tests,
                                       std::vector<std::string>& taken);

}  // namespace fieldscan::analysis
