#pragma once
#include <optional>

#include "../quantity/quantity.hpp"
#include "wish.hpp"

namespace fieldscan::analysis {

/// The numbers of a formula along the abscissa of a figure, ascending, and where it has none.
struct Along {
  struct Number {
    double x = 0;
    Quantity y;  ///< without a value where there is none
    /// Along time, of networks none of which has a number: where the last of them was seen; none where none ever was.
    std::optional<double> seen = {};
    bool placed = true;  ///< else `x` is no abscissa of it: it has no number at any time
  };
  std::vector<Number> numbers;
  bool ended = false;  ///< further ones are left out: the training of all networks had ended before
};

/// Times after which no network of a point trained any more are left out, of theories too: networks stand still where
/// they were told to stop, and theories do not. Of several numbers at one abscissa a theory has the first, a
/// measurement all.
Along numbers_along(const Context& context, const scan::Mentions& formula, const Wish& wish,
                    const std::vector<Site>& sites, const std::string& theory, Draws draws);

/// Whether a theory says of a number that it is beyond its stated range.
enum class Stated { inside, outside };
/// The curve of what holds, looking like `like`, and that of what is beyond a theory's stated range; those that have
/// points.
std::vector<DrawnCurve> curves_of(const Along& along, const DrawnCurve& like);
/// One curve of the numbers of a part; where others, or none, lie between two of them it is interrupted.
DrawnCurve curve_of(const Along& along, Stated part);
/// "nngp beyond its stated range", from the numbers that are; nothing where none is.
std::optional<std::string> name_outside(const Along& along);
/// "nngp is missing at 2 of 6 points: not applicable, …"; empty where it is not.
std::string words_of_gaps(const Along& along, const std::string& what);

/// "few.solver_residual is not drawn: no results yet for …", where it has no number at all.
std::string words_of_nothing(const Along& along, const std::string& what);
/// That curves end where training did; empty where they do not.
std::string words_of_ends(const Along& along);
/// Which shares of the members of its numbers are not what they were asked to become, the largest of each kind.
Unsettled unsettled_of(const Along& along);
/// That some numbers have no interval, since nothing tells their error; empty where all have one, or none needs one.
std::string words_without_errors(const Along& along);

/// Appends a number at x, with its interval, its members, and how many of these have not settled.
void add_point(DrawnCurve& curve, double x, const Quantity& y);

}  // namespace fieldscan::analysis
