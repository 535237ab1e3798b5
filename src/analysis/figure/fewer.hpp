#pragma once
#include <string>

#include "figure.hpp"

/// Points of curves that stand on fewer members than were asked for: the others diverged, or are not there yet.
namespace fieldscan::analysis {

/// What the mark means, as legends say it.
inline constexpr const char* fewer_words = "fewer replicas than asked";

bool is_fewer(const DrawnCurve& curve, std::size_t k);
/// Whether a curve, or one of a panel, has such a point.
bool has_fewer(const DrawnCurve& curve);
bool has_fewer(const Panel& panel);
/// A dot above and right of a point, as cells of maps have it in their corner.
void draw_fewer(std::string& svg, double x, double y);
/// "A dot beside a point: fewer replicas than asked, 2 of 12 at the least (width = 4, at 2); the others diverged.";
/// empty where there is none.
std::string words_of_fewer(const DrawnFigure& figure);

}  // namespace fieldscan::analysis
