#pragma once
#include <optional>
#include <string>

#include "../formula/formula.hpp"
#include "fieldscan/scan/statement/statement.hpp"
#include "figure.hpp"

/// The figures of tests that no declared figure shows: abscissa, panels and scales that nobody chose.
namespace fieldscan::analysis {

/// A figure to draw, and who says whether its axes are logarithmic: the figure, or, of one that nobody declared, how
/// far its positive numbers spread.
struct Wanted {
  enum class Scale { as_declared, by_spread };
  scan::Figure figure;
  Scale scale = Scale::as_declared;
};

/// The figure that shows a formula of a test; nothing where it has no abscissa.
std::optional<Wanted> figure_of(const Context& context, const scan::Test& test, const scan::Formula& of);
/// How many points of measurements it has.
std::size_t points_of(const DrawnFigure& figure);
/// Logarithmic axes where positive numbers spread far; along `versus` that is a time, without its start.
void choose_scale(DrawnFigure& figure, const std::string& versus);

}  // namespace fieldscan::analysis
