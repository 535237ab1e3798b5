#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/figure/scale.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

/// Curves over one abscissa, with theories beside them.
struct Curves {
  enum class Style { points, lines };
  enum class Ranges { shared, own };  ///< of the panels that `each` makes
  std::vector<Formula> versus = {};
  std::vector<Reference> with = {};  ///< drawn as lines
  std::optional<Scale> scale = {};   ///< nothing: as far as the numbers spread
  std::optional<Style> style = {};   ///< nothing: measurements are points, predictions lines
  std::vector<Formula> mark = {};
  bool draws = false;  ///< whether what every data draw has by itself is drawn behind a measured curve
  Ranges ranges = Ranges::shared;

  static constexpr std::string_view kind = "curves";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "curves of `plot` along `versus`, one per value of `by`.";
  static constexpr std::string_view phrase = "a figure";
  static constexpr std::size_t abscissas = 1;
  static constexpr std::array<Remedies, 0> remedies = {};
  static auto fields() {
    return std::tuple{
        field("versus", &Curves::versus, "the horizontal axis").required(),
        field("with", &Curves::with, "what is drawn as a line beside: theories, observables or expressions"),
        field("scale", &Curves::scale,
              "which axes are logarithmic; where nothing is said, those along which numbers spread far"),
        field("style", &Curves::style, "points or lines"),
        field("mark", &Curves::mark, "definitions that are drawn as vertical lines"),
        field("draws", &Curves::draws, "whether every data draw is a faint point behind what is measured"),
        field("ranges", &Curves::ranges, "whether the panels of `each` share their axes, or each has its own"),
    };
  }
};
constexpr auto words(Curves::Style) { return std::array<std::string_view, 2>{"points", "lines"}; }
constexpr auto words(Curves::Ranges) { return std::array<std::string_view, 2>{"shared", "own"}; }

}  // namespace fieldscan::scan
