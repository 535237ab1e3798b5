#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/figure/scale.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

/// Where each of several theories holds over two axes, measured, and beside it where its own validity says that it
/// should.
struct Regions {
  std::vector<Formula> versus = {};
  std::vector<Reference> with = {};  ///< nothing: all theories of the scan
  std::optional<Margin> within = {};

  static constexpr std::string_view kind = "regions";
  static constexpr int revision = 1;
  static constexpr std::string_view summary =
      "for each theory in `with` the cells of two axes where the measured `plot` agrees with it: it holds where the 95 % "
      "interval of their distance lies `within` the margin, fails where it lies outside, and is open otherwise; beside "
      "it where the theory's own `validity` says that it should hold.";
  static constexpr std::string_view phrase = "a figure of regions";
  static constexpr std::size_t abscissas = 2;
  static constexpr std::array<Remedies, 2> remedies{
      {{"scale", "leave it out: there is a row and a column per value"}, {"mark", "leave it out"}}};
  static auto fields() {
    return std::tuple{
        field("versus", &Regions::versus, "the horizontal and the vertical axis").required(),
        field("with", &Regions::with, "the theories; all of the scan where nothing is said"),
        field("within", &Regions::within,
              "the margin: 10%, of what the theory predicts (of predictors: of the root mean square of the measured "
              "one), or a number")
            .required(),
    };
  }
};

}  // namespace fieldscan::scan
