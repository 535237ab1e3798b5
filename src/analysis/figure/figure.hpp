#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../quantity/basis.hpp"
#include "fieldscan/analysis/verdict/test_result.hpp"

/// Figures: numbers first, drawing after.
namespace fieldscan::analysis {

/// How many groups one panel shows at most.
inline constexpr std::size_t most_curves = 12;
/// How many bands of theories a panel shows: more of them cover each other.
inline constexpr std::size_t most_bands = 4;
/// How many histograms: they begin and end together, and more of them hide each other.
inline constexpr std::size_t most_outlines = 6;
/// The colour of what belongs to no group.
inline constexpr std::size_t neutral_colour = most_curves;
/// Line styles: solid, those of theories (1 …), then that of fits; from outside_dash on, in the same order, those of
/// the same beyond a stated range.
inline constexpr std::size_t fit_dash = 5, outside_dash = 6;
constexpr bool is_outside(std::size_t dash) { return dash >= outside_dash; }

/// How the name of a fit begins of whose exponent or slope no verdict is given.
inline constexpr std::string_view unjudged_fit = "fit (not judged)";

/// One curve of a panel.
struct DrawnCurve {
  /// Measurements with error bars; theories as lines; histograms; what every data draw has by itself; abscissas at
  /// which every member has ended without a number.
  enum class Style { points, line, steps, draws, ended };
  std::string label;          ///< the group: "width = 128"; empty where there is one
  std::string quantity = {};  ///< what is plotted, where the figure shows several; else empty
  std::string with;           ///< theory, reference or fit; empty for what is plotted
  Style style = Style::points;
  std::size_t colour = 0;               ///< position in the palette: curves of one group share it
  std::size_t dash = 0;                 ///< which theory: position in the list of line styles
  std::vector<double> x, y, low, high;  ///< low and high: the 95 % interval
  std::vector<bool> censored;
  std::vector<std::int64_t> members = {};  ///< of each point; none where it is not known
  /// Of each point the share of its chains that did not equilibrate, or of its networks that did not converge,
  /// whichever is larger; none where it is not known.
  std::vector<double> unsettled = {};
  std::vector<Basis> basis = {};       ///< likewise: how many replicas, of how many, and marks
  std::vector<bool> no_interval = {};  ///< likewise: nothing tells its error, and low and high are y
  std::vector<double> gaps = {};       ///< abscissas between its points at which it has no number: no line crosses them
  /// Whether a line may go from the point before k to k.
  bool joined(std::size_t k) const;
  /// Whether a verdict on point k would be marked: not all of its members are what they were asked to become.
  bool is_unsettled(std::size_t k) const { return k < unsettled.size() && unsettled[k] > 0; }
  /// Whether it has such a point.
  bool has_crosses() const;
  /// Whether it is measured, and of members that have not all settled.
  bool rests_on_unsettled() const;
  /// Whether it is a line with an interval around it.
  bool has_band() const { return style == Style::line && low != high; }
  /// "bias2, width = 128": quantity and group, as tables name the curve.
  std::string name() const;
};

/// A vertical line: a defined number, of the group with that colour.
struct Mark {
  std::string name;
  double value = 0;
  std::size_t colour = neutral_colour;
};

/// Curves over one pair of axes, and below them, over the same abscissa, their residuals.
struct Panel {
  std::string title;
  std::vector<DrawnCurve> curves;
  std::vector<DrawnCurve> ended = {};  ///< of every group that has any: `ended_points`
  std::vector<Mark> marks;
  std::vector<std::pair<std::string, double>> levels;  ///< horizontal lines: bounds of tests
  std::optional<std::pair<double, double>> window;     ///< of a fit, shaded
  std::vector<DrawnCurve> residuals;                   ///< (measured − theory)/standard error of the difference
  std::string residual_label;                          ///< "difference from nngp"
  bool ordered = false;                                ///< groups ascend in a number: colours from dark to light
  std::size_t groups = 0;                              ///< of all panels together, where they share their colours
  std::size_t left_out = 0;                            ///< groups beyond most_curves, most_outlines
  Unsettled unsettled = {};                            ///< of all its points
  std::vector<std::string> remarks;                    ///< what curves lack, a sentence each
  /// How many of its lines have a band; whether these are drawn.
  std::size_t bands() const;
  bool shows_bands() const { return bands() <= most_bands; }
  /// Once; nothing where it is empty.
  void add_remark(std::string remark);
};

/// One cell of a map.
struct MapCell {
  std::string x, y;  ///< labels along the two abscissas
  double value = 0, low = 0, high = 0;
  std::string word;          ///< holds, fails, open; inside, outside, open; empty where the map shows numbers
  Basis basis = {};          ///< of how many replicas; where of none, its value is not a number
  bool no_interval = false;  ///< nothing tells its error, and low and high are the value
  Unsettled unsettled = {};  ///< of its members: a verdict on it would be marked, or not given
};

/// A map over two abscissas, whose values stand side by side in equal cells.
struct Map {
  std::string title;
  std::vector<std::string> xs, ys;  ///< labels, ascending
  std::vector<MapCell> cells;
  enum class Kind { measured, claims };
  Kind kind = Kind::measured;  ///< what words are about
  enum class Values { plain, change_in_percent, size_in_percent };
  Values values = Values::plain;  ///< shown as they are; ratios less one, in per cent and signed; or without a sign
  std::string numbers = {};       ///< what the numbers in the cells are, for the key: "difference in %"
};

struct DrawnFigure {
  std::string name;
  std::string slug;        ///< the name as a file name
  std::string caption;     ///< one sentence below the name
  std::string title = {};  ///< above the drawing
  std::string x_label, y_label;
  std::string common = {};  ///< the observable of which all that is plotted is a theory's, or the measured, number: its
                            ///< words stand at the axis, and legends name theories alone
  bool log_x = false, log_y = false;
  enum class Ranges { own, shared };
  Ranges ranges = Ranges::own;  ///< whether panels have the same axes
  std::vector<Panel> panels;
  std::vector<Map> maps;  ///< instead of panels
  bool empty() const;
};

/// What logarithmic axes do not show as it is: how many numbers are zero or below, or have an abscissa that is, and
/// stand as arrows at the edge; and where an axis was asked to be logarithmic, and is not since nothing is above zero.
std::string unshown_words(const DrawnFigure& figure);
/// So many of all: "3 of 9 cells", "all 9 cells", "the only cell".
std::string part_words(std::size_t count, std::size_t all, std::string_view what);

/// What points or cells are marked for not having settled, and how many of how many.
struct UnsettledMarks {
  Unsettled most = {};    ///< of them all
  double least = 1;       ///< the smallest share of members that a marked one has
  std::size_t count = 0;  ///< that are marked
  std::size_t all = 0;
  void add(const Unsettled& one);
  void join(const UnsettledMarks& other);
  /// "some chains did not equilibrate", "no chain equilibrated", "some or all chains did not equilibrate".
  std::string_view words() const;
  /// "(1 of 4 cells): as many as 25 % of the chains did not equilibrate", "(none of 4 cells settled): no chain
  /// equilibrated".
  std::string sentence(std::string_view what) const;
};
/// Of a panel's marked curves: points, or histograms as a whole.
UnsettledMarks unsettled_marks(const Panel& panel);
/// The quantity of a curve as legends name it: its words, or, where all are one observable, the theory whose it is;
/// empty where the figure shows one alone.
std::string quantity_words(const DrawnFigure& figure, const DrawnCurve& curve);

}  // namespace fieldscan::analysis
