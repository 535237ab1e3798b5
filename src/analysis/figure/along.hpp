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
  };
  std::vector<Number> numbers;
};

/// Of several numbers at one abscissa a theory has the first, a measurement all.
Along numbers_along(const Context& context, const scan::Mentions& formula, const Wish& wish,
                    const std::vector<Site>& sites, const std::string& theory, Draws draws);

/// Whether a theory says of a number that it is beyond its stated range.
enum class Stated { inside, outside };
/// One curve of the numbers of a part; where others, or none, lie between two of them it is interrupted.
DrawnCurve curve_of(const Along& along, Stated part);
/// "nngp beyond its stated range", from the numbers that are; nothing where none is.
std::optional<std::string> name_outside(const Along& along);
/// "nngp is missing at 2 of 6 points: not applicable, …"; empty where it is not.
std::string words_of_gaps(const Along& along, const std::string& what);

void add_point(DrawnCurve& curve, double x, const Quantity& y);

}  // namespace fieldscan::analysis
