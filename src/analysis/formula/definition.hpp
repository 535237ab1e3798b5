#pragma once
#include "fieldscan/scan/statement/statement.hpp"
#include "groups.hpp"
#include "sites.hpp"

/// The numbers of `define`: what curves have to say in one number each.
namespace fieldscan::analysis {

/// A curve: abscissas, ascending, with their quantities.
struct Curve {
  std::vector<double> x;
  std::vector<Quantity> y;
  std::vector<Site> sites;
  double order = 1;  ///< 2: y are signed squares, whose roots are meant
  /// A censored number: it lies above, or below, a value, and is no point of the curve.
  struct Bound {
    double x = 0, value = 0;
    Censored side = Censored::above;
  };
  std::vector<Bound> bounds;
  std::string left_out;  ///< how many sites are no points of the curve, and why; empty where all are

  Lack lack = Lack::nothing;  ///< of what is left out

  /// Why there is nothing to say: the reason that all sites share, else `problem` and what is left out.
  Missing why_none(const std::string& problem) const;
};

/// The number that a definition makes of a curve. With errors from multiplier bootstrap where the number is not smooth
/// in the curve.
///
/// crossing: where the interpolated curve meets `level` first; censored where it does not. Interpolation and parabolas
/// are in log x where the definition says so or, where it says nothing, where the abscissas are spaced in log x; else
/// in x; from an abscissa that is not positive, in x. argmin, argmax: of the parabola through the extreme point and its
/// neighbours; censored at an end of the curve. minimum, maximum: the value there. value: the last one. slope: the
/// exponent d log y/d log x of a power-law fit.
Quantity number_of_curve(const scan::Define& definition, const Curve& curve, std::uint64_t seed);

/// Evaluates all definitions of a scan, in order, into context.definitions.
void evaluate_definitions(Context& context, const std::vector<scan::Define>& definitions);

/// The curve of a formula over the sites of a group; sites without a number, and those whose number is censored, are
/// left out.
Curve make_curve(const Context& context, const scan::Mentions& of, const scan::Mentions& versus,
                 const std::vector<Site>& sites, const std::string& theory = "", Power power = Power::plain);

/// The curve of the measurement and that of a theory, every point on the data draws that both have.
struct CurvePair {
  Curve measured, predicted;
  std::string draws;  ///< "on the 6 of 24 data draws that both have", of the first point where that is so
};
CurvePair make_curves(const Context& context, const scan::Mentions& of, const scan::Mentions& versus,
                      const std::vector<Site>& sites, const std::string& theory, Power power = Power::plain);

}  // namespace fieldscan::analysis
